package dev.posthorn.dispatcher.lane;

import static org.assertj.core.api.Assertions.assertThat;

import dev.posthorn.core.config.OutcomeClass;
import dev.posthorn.dispatcher.lane.HealthNotice.Kind;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** When people are told about an endpoint's health. */
class ToldHealthTest {
  private static final long HOUR = Duration.ofHours(1).toMillis();

  private final ModelEngine engine = new ModelEngine(1);
  private int status = 503;

  private static EndpointPlan impatient(EndpointPlan.Hold hold) {
    EndpointPlan plan = ModelEngine.plan(1, "acme");
    return new EndpointPlan(
        plan.row(), hold, 10, List.of(5_000L, 30_000L), 10 * HOUR, HOUR, null, false, 0, null);
  }

  private void start() {
    engine.receivers.put(
        1,
        (_, _, _) ->
            status == 204 ? ModelEngine.Answer.ok(5) : ModelEngine.Answer.status(status, 5));
    engine.configure(impatient(EndpointPlan.Hold.NONE));
    for (int i = 0; i < 200; i++) {
      engine.accept(1);
    }
  }

  private Stream<HealthNotice> told() {
    return engine.healths.stream().map(Command.SaveHealth::notice).filter(Objects::nonNull);
  }

  private List<Kind> kinds() {
    return told().map(HealthNotice::kind).toList();
  }

  private long since() {
    return told().findFirst().orElseThrow().since().toEpochMilli();
  }

  @Test
  void failingThenTheWarningThenTheEnd() {
    start();
    engine.run(HOUR / 2);
    assertThat(kinds()).containsExactly(Kind.FAILING);
    engine.run(since() + HOUR - HOUR / 4 - engine.now - 1);
    assertThat(kinds()).containsExactly(Kind.FAILING);
    engine.run(1);
    assertThat(kinds()).containsExactly(Kind.FAILING, Kind.DISABLING_SOON);
    engine.run(HOUR);
    assertThat(kinds()).containsExactly(Kind.FAILING, Kind.DISABLING_SOON, Kind.DISABLED);
    assertThat(told().map(HealthNotice::since).distinct()).hasSize(1);
    engine.tell(new Message.Enable(1));
    assertThat(kinds()).last().isEqualTo(Kind.ENABLED);
  }

  @Test
  void theWarningIsWrittenWithTheHealthAsItWas() {
    start();
    engine.run(HOUR - HOUR / 8);
    Command.SaveHealth failing = engine.healths.getFirst();
    Command.SaveHealth warning = engine.healths.getLast();
    assertThat(warning.health()).isEqualTo(failing.health());
    assertThat(warning.before()).isEqualTo(warning.health().state());
  }

  @Test
  void anEndpointThatIsHeldIsNotWarnedUntilItGoesOn() {
    start();
    engine.run(HOUR / 2);
    engine.configure(impatient(EndpointPlan.Hold.SUSPENDED));
    engine.run(HOUR / 3);
    assertThat(kinds()).containsExactly(Kind.FAILING);
    engine.configure(impatient(EndpointPlan.Hold.NONE));
    assertThat(kinds()).containsExactly(Kind.FAILING, Kind.DISABLING_SOON);
  }

  @Test
  void afterTheDeadlineAWarningIsNoUse() {
    start();
    engine.run(HOUR / 2);
    engine.configure(impatient(EndpointPlan.Hold.SUSPENDED));
    engine.run(HOUR);
    engine.configure(impatient(EndpointPlan.Hold.NONE));
    engine.run(1_000);
    assertThat(kinds()).containsExactly(Kind.FAILING, Kind.DISABLED);
  }

  @Test
  void recoveredIsToldWithTheTimeTheFailuresBegan() {
    start();
    engine.run(HOUR / 2);
    status = 204;
    engine.run(HOUR / 4);
    assertThat(kinds()).containsExactly(Kind.FAILING, Kind.RECOVERED);
    assertThat(told().map(HealthNotice::since).distinct()).hasSize(1);
  }

  @Test
  void goneIsToldAtOnce() {
    status = 410;
    start();
    assertThat(OutcomeClass.ofStatus(status)).isEqualTo(OutcomeClass.HTTP_410);
    engine.run(1_000);
    assertThat(kinds()).containsExactly(Kind.DISABLED);
  }
}
