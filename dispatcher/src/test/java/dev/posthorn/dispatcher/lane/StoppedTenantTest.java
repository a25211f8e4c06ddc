package dev.posthorn.dispatcher.lane;

import static org.assertj.core.api.Assertions.assertThat;

import dev.posthorn.core.config.OutcomeClass;
import dev.posthorn.dispatcher.lane.ModelEngine.Answer;
import dev.posthorn.dispatcher.store.Attempt;
import dev.posthorn.dispatcher.store.Committed;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** A tenant that is being erased, as the scheduler sees it. */
class StoppedTenantTest {
  private final ModelEngine engine = new ModelEngine(1);

  private void receiver(int endpoint, Answer always) {
    engine.receivers.put(endpoint, (_, _, _) -> always);
  }

  private void configure() {
    engine.configure(ModelEngine.plan(1, "acme"), ModelEngine.plan(2, "globex"));
  }

  @Test
  void nothingIsSentForItAndTheOthersGoOn() {
    receiver(1, Answer.ok(10));
    receiver(2, Answer.ok(10));
    configure();
    engine.tell(new Message.StopTenant("acme", Set.of(), false));
    assertThat(engine.stopped).containsExactly("acme");
    engine.accept(1);
    engine.accept(2);
    engine.run(60_000);
    assertThat(engine.attempts)
        .extracting(attempt -> attempt.delivery().endpoint())
        .containsExactly(2);
    engine.erased("acme");
    engine.run(1_000);
    assertThat(engine.open).isEmpty();
  }

  @Test
  void whatIsInFlightLeavesNothingWheneverItEnds() {
    for (Answer answer :
        new Answer[] {
          Answer.ok(500),
          Answer.status(500, 500),
          Answer.status(410, 500),
          new Answer(OutcomeClass.SHUTDOWN, 0, 500, 0)
        }) {
      var before = new ModelEngine(1);
      before.receivers.put(1, (_, _, _) -> answer);
      before.configure(ModelEngine.plan(1, "acme"));
      before.accept(1);
      before.erase("acme", 1);
      before.run(1_000);
      assertThat(before.attempts).as("while it runs").isEmpty();
      assertThat(before.healths).isEmpty();

      var after = new ModelEngine(1);
      after.receivers.put(1, (_, _, _) -> answer);
      after.configure(ModelEngine.plan(1, "acme"));
      after.accept(1);
      after.erase("acme", 1);
      after.erased("acme");
      after.run(1_000);
      assertThat(after.attempts).as("after its end").isEmpty();
      assertThat(after.healths).isEmpty();
      assertThat(after.open).isEmpty();
    }
  }

  @Test
  void whatEndedBeforeIsRecordedAndCountedOnce() {
    receiver(1, Answer.ok(10));
    engine.configure(new TenantPlan(1, 50), Map.of(), 1, ModelEngine.plan(1, "acme"));
    engine.accept(1);
    engine.run(10);
    engine.erase("acme", 1);
    engine.erased("acme");
    engine.accept(1);
    engine.run(1_000);
    engine.accept(1);
    engine.run(1_000);
    assertThat(engine.attempts).as("one at a time, so none is left over").hasSize(3);
  }

  @Test
  void aTryThatHangsGivesItsPlaceBackWhenItEnds() {
    receiver(1, Answer.ok(5_000));
    engine.configure(new TenantPlan(1, 50), Map.of(), 1, ModelEngine.plan(1, "acme"));
    engine.accept(1);
    engine.erase("acme", 1);
    engine.erased("acme");
    engine.accept(1);
    engine.run(4_000);
    assertThat(engine.attempts).isEmpty();
    engine.run(10_000);
    assertThat(engine.attempts).extracting(Attempt::n).containsExactly(1);
    assertThat(engine.open).isEmpty();
  }

  @Test
  void itStaysStoppedForEndpointsThatAreConfiguredMeanwhile() {
    receiver(1, Answer.ok(10));
    engine.tell(new Message.StopTenant("acme", Set.of(), false));
    engine.seed(1, 0, null);
    configure();
    engine.run(60_000);
    assertThat(engine.attempts).isEmpty();
    engine.tell(new Message.Enable(1));
    engine.run(60_000);
    assertThat(engine.attempts).isEmpty();
    engine.erased("acme");
    engine.run(1_000);
    assertThat(engine.attempts).hasSize(1);
  }

  /** Asked for again while the end of the first is on its way. */
  @Test
  void anEndThatIsToldBeforeTheNextErasureBeginsIsNotTheEnd() {
    receiver(1, Answer.ok(10));
    configure();
    engine.erase("acme", 1);
    engine.tell(new Message.StopTenant("acme", Set.of(1), true));
    engine.erased("acme");
    engine.accept(1);
    engine.run(1_000);
    assertThat(engine.attempts).isEmpty();
    engine.tell(ModelEngine.stored(new Committed.Erased("acme", true, 0, null)));
    engine.run(1_000);
    assertThat(engine.attempts).isEmpty();
    engine.erased("acme");
    engine.run(1_000);
    assertThat(engine.attempts).hasSize(1);
  }

  /** An endpoint that moved is the former tenant's to the scheduler, and the new one's in store. */
  @Test
  void anEndpointThatTheStoreNamesIsStoppedWhoeverHadItBefore() {
    receiver(1, Answer.ok(500));
    configure();
    engine.accept(1);
    engine.erase("globex", 1, 2);
    engine.run(1_000);
    assertThat(engine.attempts).isEmpty();
    engine.erased("globex");
    engine.accept(1);
    engine.run(1_000);
    assertThat(engine.attempts).hasSize(1);
  }

  /** Erasures at random moments: others' deliveries all end, and the erased one's do not return. */
  @Test
  void othersEndWhateverIsErasedWhen() {
    for (int seed = 0; seed < 100; seed++) {
      var random = new Random(seed);
      var model = new ModelEngine(seed);
      for (int endpoint = 1; endpoint <= 3; endpoint++) {
        model.receivers.put(
            endpoint,
            (_, _, _) ->
                random.nextInt(10) < 7
                    ? Answer.ok(random.nextInt(2_000))
                    : Answer.status(500, random.nextInt(9_000)));
      }
      model.configure(ModelEngine.plan(1, "a"), ModelEngine.plan(2, "a"), ModelEngine.plan(3, "b"));
      for (int step = 0; step < 60; step++) {
        if (random.nextInt(12) == 0) {
          model.erase("a", 1, 2);
          model.run(random.nextInt(3_000));
          model.erased("a");
        }
        model.accept(1 + random.nextInt(3));
        model.run(random.nextInt(2_000));
      }
      model.run(10_000_000);
      assertThat(model.open).as("seed %s", seed).isEmpty();
    }
  }
}
