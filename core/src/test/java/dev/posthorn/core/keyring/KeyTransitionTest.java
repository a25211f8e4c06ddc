package dev.posthorn.core.keyring;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Every cell of the table, and what its action does to a version in that state. */
class KeyTransitionTest {
  private static final Instant NOW = Instant.parse("2026-11-22T12:00:00Z");
  private static final Instant EARLIER = NOW.minusSeconds(3600);
  private static final Instant LATER = NOW.plusSeconds(3600);
  private static final Instant END = NOW.plusSeconds(86_400);

  private static final Map<KeyState, KeyTimes> TIMES =
      Map.of(
          KeyState.Staged, new KeyTimes(null, null, null),
          KeyState.Active, new KeyTimes(EARLIER, null, null),
          KeyState.Overlapping, new KeyTimes(EARLIER, LATER, null),
          KeyState.Expired, new KeyTimes(EARLIER.minusSeconds(1), EARLIER, null),
          KeyState.Revoked, new KeyTimes(EARLIER, LATER, EARLIER));

  @ParameterizedTest
  @CsvSource(
      useHeadersInDisplayName = true,
      textBlock =
          """
          STATE,       Superseded, SuccessorAcknowledged, Acknowledged, Revoked, Returned, Held,   RetentionOver
          Staged,      GiveEnd,    Keep,                  Begin,        Revoke,  Keep,     EndNow, Keep
          Active,      GiveEnd,    Keep,                  Keep,         Revoke,  Reopen,   EndNow, Keep
          Overlapping, GiveEnd,    EndNow,                Keep,         Revoke,  Reopen,   EndNow, Keep
          Expired,     Keep,       Keep,                  Keep,         Revoke,  Reopen,   Keep,   RemoveMaterial
          Revoked,     Keep,       Keep,                  Keep,         Keep,    Refuse,   Keep,   Keep
          """)
  void everyTransition(
      KeyState state,
      KeyTransition superseded,
      KeyTransition successorAcknowledged,
      KeyTransition acknowledged,
      KeyTransition revoked,
      KeyTransition returned,
      KeyTransition held,
      KeyTransition retentionOver) {
    take(state, KeyMessage.Superseded, superseded);
    take(state, KeyMessage.SuccessorAcknowledged, successorAcknowledged);
    take(state, KeyMessage.Acknowledged, acknowledged);
    take(state, KeyMessage.Revoked, revoked);
    take(state, KeyMessage.Returned, returned);
    take(state, KeyMessage.Held, held);
    take(state, KeyMessage.RetentionOver, retentionOver);
  }

  /** A state or a message that is new must be given its cells above. */
  @Test
  void theTableAboveIsWhole() {
    assertThat(KeyState.values()).hasSize(5);
    assertThat(KeyMessage.values())
        .extracting(Enum::name)
        .containsExactly(
            "Superseded",
            "SuccessorAcknowledged",
            "Acknowledged",
            "Revoked",
            "Returned",
            "Held",
            "RetentionOver");
  }

  private static void take(KeyState state, KeyMessage message, KeyTransition expected) {
    assertThat(KeyTransition.of(state, message)).as("%s %s", state, message).isEqualTo(expected);
    KeyTimes before = TIMES.getOrDefault(state, new KeyTimes(null, null, null));
    var version = new KeyVersion(1, "k_000001", Story.material("secret"), EARLIER, before);
    KeyVersion after = expected.apply(version, NOW, END);
    assertThat(after.times()).as("%s %s", state, message).isEqualTo(times(expected, before));
    assertThat(after.material() == null)
        .isEqualTo(expected == KeyTransition.Revoke || expected == KeyTransition.RemoveMaterial);
  }

  private static KeyTimes times(KeyTransition action, KeyTimes before) {
    return switch (action) {
      case Keep, Refuse, RemoveMaterial -> before;
      case GiveEnd ->
          before.expiresTime() == null ? new KeyTimes(before.notBefore(), END, null) : before;
      case EndNow -> new KeyTimes(before.notBefore(), NOW, null);
      case Begin -> new KeyTimes(NOW, before.expiresTime(), null);
      case Reopen -> new KeyTimes(NOW, null, null);
      case Revoke -> new KeyTimes(before.notBefore(), before.expiresTime(), NOW);
    };
  }
}
