package dev.posthorn.operator.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.posthorn.crds.Condition;
import dev.posthorn.crds.ConditionType;
import dev.posthorn.crds.Reason;
import dev.posthorn.operator.reconcile.Stated.Truth;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class ConditionsTest {
  private static final Instant NOW = Instant.parse("2026-11-27T12:00:00.400Z");
  private static final Stated ACCEPTED =
      Stated.of(ConditionType.Accepted, Truth.True, Reason.Accepted, "valid");
  private static final Stated RESOLVED =
      Stated.of(ConditionType.ResolvedRefs, Truth.True, Reason.ResolvedRefs, "all there");
  private static final Stated PROGRAMMED =
      Stated.of(ConditionType.Programmed, Truth.True, Reason.Programmed, "everywhere");
  private static final Stated FAILING =
      Stated.of(ConditionType.Delivering, Truth.False, Reason.Failing, "the receiver is down");
  private static final Stated MISSING =
      Stated.of(ConditionType.ResolvedRefs, Truth.False, Reason.SecretNotFound, "create it");
  private static final Stated DENIED =
      Stated.of(ConditionType.Accepted, Truth.False, Reason.EgressDenied, "another URL");

  @Test
  void allGoodIsReadyForTheLastReason() {
    var conditions = conditions(List.of(), ACCEPTED, RESOLVED, PROGRAMMED);

    assertThat(find(conditions, "Ready"))
        .isEqualTo(
            new Condition("Ready", "True", 3L, "2026-11-27T12:00:00Z", "Programmed", "everywhere"));
    assertThat(conditions.list()).extracting(Condition::type).doesNotContain("Stalled");
  }

  @Test
  void aDeadReceiverIsNeitherUnreadyNorStalled() {
    var conditions = conditions(List.of(), ACCEPTED, RESOLVED, PROGRAMMED, FAILING);

    assertThat(find(conditions, "Ready").status()).isEqualTo("True");
    assertThat(find(conditions, "Delivering").status()).isEqualTo("False");
    assertThat(conditions.list()).extracting(Condition::type).doesNotContain("Stalled");
  }

  @Test
  void readyHasReasonAndCureOfTheFirstThatDoesNotHold() {
    var conditions = conditions(List.of(), ACCEPTED, MISSING, PROGRAMMED);

    assertThat(find(conditions, "Ready").status()).isEqualTo("False");
    assertThat(find(conditions, "Ready").reason()).isEqualTo("SecretNotFound");
    assertThat(find(conditions, "Ready").message()).isEqualTo("create it");
  }

  @Test
  void whatOnlyTheSpecCuresStallsAtOnce() {
    var conditions = conditions(List.of(), DENIED, RESOLVED);

    assertThat(find(conditions, "Stalled").reason()).isEqualTo("EgressDenied");
    assertThat(conditions.again()).isNull();
  }

  @Test
  void aMissingReferenceStallsAfterFiveMinutes() {
    var first = conditions(List.of(), ACCEPTED, MISSING);
    assertThat(first.list()).extracting(Condition::type).doesNotContain("Stalled");
    assertThat(first.again()).isEqualTo("2026-11-27T12:05:00Z");

    var later =
        Conditions.of(
            first.list(), List.of(ACCEPTED, MISSING), 3L, Instant.parse("2026-11-27T12:05:00Z"));
    assertThat(find(later, "Stalled").status()).isEqualTo("True");
    assertThat(find(later, "ResolvedRefs").lastTransitionTime()).isEqualTo("2026-11-27T12:00:00Z");
  }

  @Test
  void timesMoveOnlyWithTheStatus() {
    var former = conditions(List.of(), ACCEPTED, MISSING).list();
    var other =
        Stated.of(ConditionType.ResolvedRefs, Truth.False, Reason.SecretKeyMissing, "add it");

    var same = Conditions.of(former, List.of(ACCEPTED, other), 4L, NOW.plusSeconds(60));
    assertThat(find(same, "ResolvedRefs").lastTransitionTime()).isEqualTo("2026-11-27T12:00:00Z");
    assertThat(find(same, "ResolvedRefs").reason()).isEqualTo("SecretKeyMissing");
    assertThat(find(same, "ResolvedRefs").observedGeneration()).isEqualTo(4);

    var cured = Conditions.of(former, List.of(ACCEPTED, RESOLVED), 4L, NOW.plusSeconds(60));
    assertThat(find(cured, "ResolvedRefs").lastTransitionTime()).isEqualTo("2026-11-27T12:01:00Z");
    assertThat(cured.list()).extracting(Condition::type).doesNotContain("Stalled");
  }

  @Test
  void computedAgainTheyAreTheSame() {
    var first = conditions(List.of(), ACCEPTED, MISSING, FAILING);

    assertThat(
            Conditions.of(first.list(), List.of(FAILING, MISSING, ACCEPTED), 3L, NOW.plusSeconds(9))
                .list())
        .isEqualTo(first.list());
  }

  @Test
  void aConditionOfAnEarlierGenerationDoesNotCount() {
    var list = conditions(List.of(), ACCEPTED, PROGRAMMED).list();

    assertThat(Conditions.holds(ConditionType.Programmed, list, 3L)).isTrue();
    assertThat(Conditions.holds(ConditionType.Programmed, list, 4L)).isFalse();
  }

  private static Conditions conditions(List<Condition> former, Stated... stated) {
    return Conditions.of(former, List.of(stated), 3L, NOW);
  }

  private static Condition find(Conditions conditions, String type) {
    return conditions.list().stream()
        .filter(each -> each.type().equals(type))
        .findFirst()
        .orElseThrow();
  }
}
