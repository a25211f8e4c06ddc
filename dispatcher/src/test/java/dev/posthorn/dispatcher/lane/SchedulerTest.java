package dev.posthorn.dispatcher.lane;

import static org.assertj.core.api.Assertions.assertThat;

import dev.posthorn.core.config.OutcomeClass;
import dev.posthorn.dispatcher.lane.ModelEngine.Answer;
import dev.posthorn.dispatcher.store.Attempt;
import dev.posthorn.dispatcher.store.AttemptDetail;
import dev.posthorn.dispatcher.store.Committed;
import dev.posthorn.dispatcher.store.DeliveryKey;
import dev.posthorn.dispatcher.store.EndpointState;
import dev.posthorn.dispatcher.store.Next;
import dev.posthorn.dispatcher.store.OpenDelivery;
import dev.posthorn.dispatcher.store.Page;
import dev.posthorn.dispatcher.store.Side;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class SchedulerTest {
  private final ModelEngine engine = new ModelEngine(1);

  @Test
  void deliversWhatIsAcceptedAtOnce() {
    receiver(1, Answer.ok(20));
    engine.configure(ModelEngine.plan(1, "acme"));
    engine.accept(1);
    engine.run(20);
    assertThat(engine.attempts).singleElement().matches(Attempt::terminal);
    assertThat(engine.open).isEmpty();
  }

  @Test
  void readsWhatAnEarlierProcessLeftBehind() {
    receiver(1, Answer.ok(5));
    for (int i = 0; i < 500; i++) {
      engine.seed(1, 0, null);
      engine.seed(1, 2, engine.now + i);
    }
    engine.configure(ModelEngine.plan(1, "acme"));
    engine.run(60_000);
    assertThat(engine.open).isEmpty();
    assertThat(engine.attempts).hasSize(1_000);
  }

  @Test
  void retriesOnTheScheduleAndThenGivesUp() {
    receiver(1, Answer.status(500, 10));
    engine.configure(ModelEngine.plan(1, "acme"));
    engine.accept(1);
    engine.run(100_000);
    assertThat(engine.attempts).extracting(Attempt::n).containsExactly(1, 2, 3);
    assertThat(engine.dead).hasSize(1);
    assertThat(engine.open).isEmpty();
  }

  @ParameterizedTest
  @EnumSource(
      value = EndpointPlan.Hold.class,
      names = {"SUSPENDED", "PAUSED"})
  void theAgeOfADeliveryStandsStillWhileItsEndpointIsHeld(EndpointPlan.Hold hold) {
    receiver(1, Answer.status(500, 10));
    EndpointPlan plan = ModelEngine.plan(1, "acme");
    engine.configure(held(plan, hold));
    engine.accept(1);
    engine.run(2 * plan.maxAgeMillis());
    engine.configure(plan);
    engine.run(1_000);
    assertThat(engine.attempts).extracting(Attempt::n).containsExactly(1);
    assertThat(engine.open).hasSize(1);
    engine.run(100_000);
    assertThat(engine.attempts).extracting(Attempt::n).containsExactly(1, 2, 3);
  }

  private static EndpointPlan held(EndpointPlan plan, EndpointPlan.Hold hold) {
    return new EndpointPlan(
        plan.row(),
        hold,
        plan.maxConcurrency(),
        plan.delayMillis(),
        plan.maxAgeMillis(),
        plan.disableAfterMillis(),
        null,
        plan.ordered(),
        0,
        plan.rate());
  }

  @Test
  void neverExceedsTheEndpointsConcurrency() {
    receiver(1, Answer.ok(100));
    engine.configure(ModelEngine.plan(1, "acme"));
    for (int i = 0; i < 300; i++) {
      engine.accept(1);
    }
    engine.run(10_000);
    assertThat(engine.mostAtOnce).containsEntry(1, 10);
    assertThat(engine.open).isEmpty();
  }

  @Test
  void neverExceedsTheTenantsConcurrency() {
    var endpoints = IntStream.rangeClosed(1, 5).mapToObj(n -> ModelEngine.plan(n, "acme"));
    IntStream.rangeClosed(1, 5).forEach(n -> receiver(n, Answer.ok(100)));
    engine.configure(new TenantPlan(1, 3), Map.of(), 512, endpoints.toArray(EndpointPlan[]::new));
    for (int i = 0; i < 50; i++) {
      engine.accept(1, 2, 3, 4, 5);
    }
    long before = engine.now;
    engine.run(3_600_000);
    assertThat(engine.open).isEmpty();
    Attempt last = engine.attempts.getLast();
    assertThat(last.time().toEpochMilli() - before)
        .as("250 requests of 100 ms, three at a time")
        .isGreaterThanOrEqualTo(250 / 3 * 100);
  }

  /** Backlogs longer than a window, turns longer than one too; after both speeds are known. */
  @ParameterizedTest
  @ValueSource(ints = {1, 5, 20, 50, 500})
  void weightsDivideASaturatedProcessHoweverQuickReceiversAre(int millis) {
    receiver(1, Answer.ok(millis));
    receiver(2, Answer.ok(millis));
    for (int i = 0; i < 14_000; i++) {
      engine.seed(1, 0, null);
      engine.seed(2, 0, null);
    }
    engine.configure(
        new TenantPlan(1, 50),
        Map.of("heavy", new TenantPlan(4, 50)),
        8,
        ModelEngine.plan(1, "heavy"),
        ModelEngine.plan(2, "light"));
    runTo(8_000, millis);
    long heavy = attemptsOf(1);
    long light = attemptsOf(2);
    runTo(16_000, millis);
    assertThat((double) (attemptsOf(1) - heavy) / (attemptsOf(2) - light)).isBetween(3.8, 4.2);
  }

  private void runTo(int attempts, int step) {
    while (engine.attempts.size() < attempts) {
      engine.run(step);
    }
  }

  private long attemptsOf(int endpoint) {
    return engine.attempts.stream().filter(each -> each.delivery().endpoint() == endpoint).count();
  }

  @Test
  void whatIsNotRecordedYetCountsAgainstTheProcess() {
    var scheduler = new Scheduler(new Random(1));
    var commands = new ArrayList<Command>();
    EndpointPlan endpoint = ModelEngine.plan(1, "acme");
    var plan = new Plan(List.of(endpoint), Map.of(), new TenantPlan(1, 50), 2, false);
    scheduler.handle(new Message.Configured(plan), 0, commands::add);
    scheduler.pump(0, commands::add);
    var rows = IntStream.rangeClosed(1, 5).mapToObj(seq -> new OpenDelivery(0, seq, 0, 0)).toList();
    var pages =
        commands.stream()
            .filter(Command.ReadPage.class::isInstance)
            .map(command -> ((Command.ReadPage) command).request())
            .map(request ->
                new Page(request, request.side() == Side.FRESH ? rows : List.of(), false))
            .toList();
    scheduler.handle(stored(List.of(), pages), 0, commands::add);
    scheduler.pump(0, commands::add);
    assertThat(sends(commands)).isEqualTo(2);

    var delivered = new DeliveryKey(1, 1);
    var ok =
        new Message.Result(0, 5, OutcomeClass.DELIVERED, 204, null, 0, null, AttemptDetail.NONE);
    scheduler.handle(new Message.Finished(delivered, ok), 5, commands::add);
    scheduler.pump(5, commands::add);
    assertThat(sends(commands)).as("its outcome could still be lost").isEqualTo(2);

    var recorded = new Committed.Recorded(delivered, 1, new Next.Delivered(), 0, true);
    scheduler.handle(stored(List.of(recorded), List.of()), 6, commands::add);
    scheduler.pump(6, commands::add);
    assertThat(sends(commands)).isEqualTo(3);
  }

  private static Message stored(List<Committed.Recorded> recorded, List<Page> pages) {
    return new Message.Stored(new Committed(List.of(), recorded, pages, false));
  }

  private static long sends(List<Command> commands) {
    return commands.stream().filter(Command.Send.class::isInstance).count();
  }

  @Test
  void aHangingTenantDoesNotHoldUpTheOthers() {
    receiver(1, Answer.status(504, 15_000));
    receiver(2, Answer.ok(10));
    engine.configure(
        new TenantPlan(1, 50), Map.of(), 8, ModelEngine.plan(1, "hangs"), ModelEngine.plan(2, "b"));
    for (int i = 0; i < 5_000; i++) {
      engine.accept(1);
    }
    engine.run(60_000);
    long accepted = engine.now;
    engine.accept(2);
    engine.run(16_000);
    Attempt quick =
        engine.attempts.stream()
            .filter(a -> a.delivery().endpoint() == 2)
            .findFirst()
            .orElseThrow();
    assertThat(quick.time().toEpochMilli() - accepted).isZero();
  }

  @Test
  void goneDisablesTheEndpointAndItsDeliveriesWait() {
    receiver(1, Answer.status(410, 10));
    engine.configure(ModelEngine.plan(1, "acme"));
    engine.accept(1);
    engine.run(1_000);
    engine.accept(1);
    engine.run(1_000_000);
    assertThat(engine.attempts).hasSize(1);
    assertThat(engine.open).hasSize(2);
    assertThat(engine.healths).singleElement().matches(h -> disabled(h));
  }

  @Test
  void reEnabledItGoesOnWithWhatWaited() {
    receiver(1, Answer.status(410, 10));
    engine.configure(ModelEngine.plan(1, "acme"));
    engine.accept(1);
    engine.run(1_000);
    engine.accept(1);
    receiver(1, Answer.ok(10));
    engine.tell(new Message.Enable(1));
    engine.run(1_000);
    assertThat(engine.open).isEmpty();
    assertThat(engine.healths.getLast().health().state()).isEqualTo(EndpointState.HEALTHY);
  }

  @Test
  void aWishInTheFutureEnablesWhenItsTimeHasCome() {
    receiver(1, Answer.status(410, 10));
    EndpointPlan plan = ModelEngine.plan(1, "acme");
    engine.configure(plan);
    engine.accept(1);
    engine.run(1_000);
    receiver(1, Answer.ok(10));
    engine.configure(wish(plan, engine.now + 60_000));
    engine.run(59_000);
    assertThat(engine.open).hasSize(1);
    engine.run(2_000);
    assertThat(engine.open).isEmpty();
  }

  @Test
  void aFailingEndpointIsProbedOneAtATimeAndRecovers() {
    engine.configure(ModelEngine.plan(1, "acme"));
    receiver(1, Answer.status(500, 10));
    for (int i = 0; i < 100; i++) {
      engine.accept(1);
    }
    engine.run(20_000);
    int attempted = engine.attempts.size();
    assertThat(attempted).as("attempts while failing").isLessThan(30);
    receiver(1, Answer.ok(10));
    engine.run(400_000);
    assertThat(engine.open).isEmpty();
    assertThat(engine.healths)
        .extracting(save -> save.health().state())
        .containsExactly(EndpointState.FAILING, EndpointState.HEALTHY);
  }

  @Test
  void aFailingEndpointIsProbedWithWhatFailedBefore() {
    engine.configure(ModelEngine.plan(1, "acme"));
    engine.receivers.put(1, (_, n, _) -> n == 1 ? Answer.status(500, 10) : Answer.ok(10));
    for (int i = 0; i < 40; i++) {
      engine.accept(1);
    }
    engine.run(600_000);
    assertThat(engine.open).as("recovered by a second attempt").isEmpty();
    assertThat(engine.dead).isEmpty();
  }

  @Test
  void anEndpointThatIsGoneParksAndContinuesWhenItReturns() {
    receiver(1, Answer.ok(10));
    EndpointPlan plan = ModelEngine.plan(1, "acme");
    engine.configure(plan);
    engine.configure();
    engine.accept(1);
    engine.run(10_000);
    assertThat(engine.open).hasSize(1);
    engine.configure(plan);
    engine.run(1_000);
    assertThat(engine.open).isEmpty();
  }

  @Test
  void anEventForAnEndpointThatIsNotConfiguredYetWaits() {
    engine.accept(7);
    receiver(7, Answer.ok(10));
    engine.configure(ModelEngine.plan(7, "acme"));
    engine.run(1_000);
    assertThat(engine.open).isEmpty();
  }

  @Test
  void steadyTrafficDoesNotStarveRetries() {
    engine.receivers.put(1, (_, n, _) -> n == 1 ? Answer.status(500, 10) : Answer.ok(10));
    engine.configure(ModelEngine.plan(1, "acme"));
    engine.accept(1);
    engine.run(10);
    receiver(1, Answer.ok(1_000));
    for (int i = 0; i < 2_000; i++) {
      engine.accept(1);
    }
    engine.run(30_000);
    assertThat(engine.attempts).anyMatch(attempt -> attempt.n() == 2);
  }

  @Test
  void drainingStartsNothingAndSaysWhenAllIsOver() {
    receiver(1, Answer.ok(100));
    engine.configure(ModelEngine.plan(1, "acme"));
    engine.accept(1);
    engine.tell(new Message.Drain());
    engine.accept(1);
    assertThat(engine.drained).isFalse();
    engine.run(1_000);
    assertThat(engine.drained).isTrue();
    assertThat(engine.open).hasSize(1);
  }

  @Test
  void aTryCutByShutdownLeavesTheDeliveryOpen() {
    engine.receivers.put(1, (_, _, _) -> new Answer(OutcomeClass.SHUTDOWN, 0, 10, 0));
    engine.configure(ModelEngine.plan(1, "acme"));
    engine.accept(1);
    engine.run(1_000);
    assertThat(engine.attempts).isEmpty();
    assertThat(engine.open).hasSize(1);
  }

  @Test
  void afterAnUnknownCommitItReadsTheStoreAgain() {
    receiver(1, Answer.ok(10));
    engine.configure(ModelEngine.plan(1, "acme"));
    engine.seed(1, 0, null);
    engine.run(1_000);
    assertThat(engine.open).as("nobody told the scheduler").hasSize(1);
    engine.tell(new Message.Stored(new Committed(List.of(), List.of(), List.of(), true)));
    engine.run(1_000);
    assertThat(engine.open).isEmpty();
  }

  @Test
  void aDeadDeliveryThatIsReplayedHasItsWholeScheduleAgain() {
    receiver(1, Answer.status(500, 10));
    EndpointPlan plan = ModelEngine.plan(1, "acme");
    long maxAge = 150_000;
    engine.configure(
        new EndpointPlan(
            plan.row(),
            plan.hold(),
            plan.maxConcurrency(),
            plan.delayMillis(),
            maxAge,
            plan.disableAfterMillis(),
            null,
            plan.ordered(),
            0,
            plan.rate()));
    engine.accept(1);
    engine.run(2 * maxAge);
    engine.redeliver(engine.dead.getFirst());
    engine.run(100_000);
    assertThat(engine.attempts).extracting(Attempt::n).containsExactly(1, 2, 3, 1, 2, 3);
    assertThat(engine.dead).as("dead again, by its schedule and not its age").hasSize(1);
    assertThat(engine.open).isEmpty();
  }

  @Test
  void aRetryThatIsAskedForNowIsSentOnce() {
    engine.receivers.put(1, (_, n, _) -> n == 1 ? Answer.status(500, 10) : Answer.ok(10));
    EndpointPlan plan = ModelEngine.plan(1, "acme");
    engine.configure(plan);
    long seq = engine.accept(1);
    engine.run(20);
    engine.redeliver(new DeliveryKey(1, seq));
    engine.run(10);
    assertThat(engine.attempts).extracting(Attempt::n).containsExactly(1, 2);
    engine.run(100_000);
    assertThat(engine.attempts).hasSize(2);
    assertThat(engine.open).isEmpty();
  }

  /** The caller's clock may be a moment behind the scheduler's, which has begun it meanwhile. */
  @Test
  void aRetryInFlightIsNotHeldBesideItself() {
    var first = new DeliveryKey(1, 1);
    var cut = new ArrayList<>(List.of(true));
    engine.receivers.put(
        1,
        (key, n, _) -> {
          if (!key.equals(first)) {
            return Answer.ok(3_000);
          }
          return n == 1 ? Answer.status(500, 10) : cut.remove(true) ? cutOff() : Answer.ok(10);
        });
    engine.configure(oneAtATime(ModelEngine.plan(1, "acme")));
    engine.accept(1);
    engine.run(6_500);
    assertThat(engine.inFlight).containsExactly(first);
    engine.hasten(first);
    engine.accept(1);
    engine.run(3_000);
    assertThat(engine.inFlight).as("a first attempt goes first").doesNotContain(first);
    engine.hasten(first);
    engine.run(100_000);
    assertThat(engine.attempts)
        .filteredOn(attempt -> attempt.delivery().equals(first))
        .extracting(Attempt::n)
        .containsExactly(1, 2);
    assertThat(engine.open).isEmpty();
  }

  private static EndpointPlan oneAtATime(EndpointPlan plan) {
    return new EndpointPlan(
        plan.row(),
        plan.hold(),
        1,
        plan.delayMillis(),
        plan.maxAgeMillis(),
        plan.disableAfterMillis(),
        null,
        plan.ordered(),
        0,
        plan.rate());
  }

  private static Answer cutOff() {
    return new Answer(OutcomeClass.SHUTDOWN, 0, 3_000, 0);
  }

  @Test
  void whatIsReplayedToADisabledEndpointWaitsUntilItIsEnabled() {
    receiver(1, Answer.status(410, 10));
    engine.configure(ModelEngine.plan(1, "acme"));
    engine.accept(1);
    engine.run(1_000);
    engine.redeliver(new DeliveryKey(1, 77));
    engine.run(1_000_000);
    assertThat(engine.attempts).hasSize(1);
    receiver(1, Answer.ok(10));
    engine.tell(new Message.Enable(1));
    engine.run(1_000);
    assertThat(engine.open).isEmpty();
  }

  @Test
  void aReplayDoesNotHoldUpFirstAttempts() {
    receiver(1, Answer.ok(100));
    engine.configure(ModelEngine.plan(1, "acme"));
    for (int i = 0; i < 5_000; i++) {
      engine.redeliver(new DeliveryKey(1, 1_000_000 + i));
    }
    engine.run(1_000);
    long accepted = engine.now;
    long seq = engine.accept(1);
    engine.run(1_000);
    Attempt first =
        engine.attempts.stream()
            .filter(attempt -> attempt.delivery().seq() == seq)
            .findFirst()
            .orElseThrow();
    assertThat(first.time().toEpochMilli() - accepted).as("a turn").isLessThanOrEqualTo(100);
    engine.run(100_000);
    assertThat(engine.open).isEmpty();
  }

  /** Random arrivals, failures and reconfigurations: in the end every delivery has ended. */
  @Test
  void everyAcceptedDeliveryEnds() {
    for (int seed = 0; seed < 200; seed++) {
      everyDeliveryEnds(seed);
    }
  }

  private static void everyDeliveryEnds(int seed) {
    var random = new Random(seed);
    var engine = new ModelEngine(seed);
    EndpointPlan[] plans = {
      ModelEngine.plan(1, "a"), ModelEngine.plan(2, "a"), ModelEngine.plan(3, "b")
    };
    for (EndpointPlan plan : plans) {
      engine.receivers.put(
          plan.row().number(),
          (_, _, _) ->
              random.nextInt(10) < 7
                  ? Answer.ok(random.nextInt(2_000))
                  : Answer.status(500, random.nextInt(15_000)));
    }
    for (int step = 0; step < 100; step++) {
      switch (random.nextInt(10)) {
        case 0 -> engine.configure(plans[random.nextInt(3)]);
        case 1, 2 -> engine.configure(plans);
        case 3, 4, 5 -> redeliverAny(engine, random);
        default -> engine.accept(1 + random.nextInt(3));
      }
      engine.run(random.nextInt(3_000));
    }
    engine.configure(plans);
    engine.run(10_000_000);
    assertThat(engine.open).as("seed %s", seed).isEmpty();
    assertThat(engine.sentTwiceAtOnce).as("seed %s", seed).isZero();
    assertThat(engine.mostAtOnce.values()).allMatch(most -> most <= 10);
  }

  @Test
  void inOrderAFailingDeliveryHoldsTheNext() {
    EndpointPlan plan = ordered(ModelEngine.plan(1, "acme"));
    var seqs = new ArrayList<Long>();
    engine.receivers.put(
        1,
        (delivery, n, _) -> {
          seqs.add(delivery.seq());
          return delivery.seq() == 3 && n < 3 ? Answer.status(500, 10) : Answer.ok(10);
        });
    engine.seed(1, 0, null);
    engine.seed(1, 0, null);
    engine.configure(plan);
    IntStream.range(0, 200).forEach(_ -> engine.accept(1));
    engine.run(100_000);
    assertThat(seqs.subList(0, 6)).containsExactly(1L, 2L, 3L, 3L, 3L, 4L);
    assertThat(seqs.subList(5, seqs.size())).isSorted();
    assertThat(engine.open).isEmpty();
    assertThat(engine.mostAtOnce).containsEntry(1, 1);
  }

  @Test
  void inOrderWhatFailedBeforeTheStartComesFirstAndIsWaitedFor() {
    receiver(1, Answer.ok(10));
    engine.seed(1, 1, engine.now + 5_000);
    engine.configure(ordered(ModelEngine.plan(1, "acme")));
    engine.accept(1);
    engine.run(4_000);
    assertThat(engine.attempts).isEmpty();
    engine.run(4_000);
    assertThat(engine.attempts).extracting(each -> each.delivery().seq()).containsExactly(1L, 2L);
  }

  /** More than a window holds come again: the one that holds the next may be beyond them. */
  @Test
  void inOrderAFailingDeliveryHoldsTheNextDuringAReplayToo() {
    var order = new ArrayList<Long>();
    engine.receivers.put(
        1,
        (delivery, n, _) -> {
          order.add(delivery.seq());
          return delivery.seq() == 1 && n < 3 ? Answer.status(500, 10) : Answer.ok(10);
        });
    engine.configure(ordered(ModelEngine.plan(1, "acme")));
    engine.accept(1);
    engine.run(100);
    for (int i = 0; i < 200; i++) {
      engine.redeliver(new DeliveryKey(1, 1_000_000 + i));
    }
    engine.accept(1);
    engine.run(100_000);
    assertThat(order).hasSize(204);
    assertThat(order.indexOf(2L)).isGreaterThan(order.lastIndexOf(1L));
    assertThat(engine.open).isEmpty();
  }

  private static EndpointPlan ordered(EndpointPlan plan) {
    return paced(plan, true, null);
  }

  private static EndpointPlan paced(
      EndpointPlan plan, boolean ordered, EndpointPlan.@Nullable Rate rate) {
    return new EndpointPlan(
        plan.row(),
        plan.hold(),
        plan.maxConcurrency(),
        plan.delayMillis(),
        plan.maxAgeMillis(),
        plan.disableAfterMillis(),
        null,
        ordered,
        0,
        rate);
  }

  @Test
  void noPeriodSeesMoreRequestsThanItsRate() {
    var begun = new ArrayList<Long>();
    engine.receivers.put(
        1,
        (_, _, now) -> {
          begun.add(now);
          return Answer.ok(1);
        });
    engine.configure(paced(ModelEngine.plan(1, "acme"), false, new EndpointPlan.Rate(10, 1_000)));
    IntStream.range(0, 95).forEach(_ -> engine.accept(1));
    engine.run(500);
    assertThat(begun).as("a burst is possible").hasSize(10);
    engine.run(20_000);
    assertThat(begun).hasSize(95);
    for (int i = 10; i < begun.size(); i++) {
      assertThat(begun.get(i) - begun.get(i - 10)).isGreaterThanOrEqualTo(1_000);
    }
    assertThat(begun.getLast() - begun.getFirst()).as("and no time is wasted").isLessThan(9_100);
  }

  @Test
  void aRatedEndpointDoesNotHoldUpItsTenant() {
    receiver(1, Answer.ok(1));
    receiver(2, Answer.ok(1));
    EndpointPlan slow = paced(ModelEngine.plan(1, "acme"), false, new EndpointPlan.Rate(1, 60_000));
    engine.configure(slow, ModelEngine.plan(2, "acme"));
    IntStream.range(0, 100).forEach(_ -> engine.accept(1, 2));
    engine.run(1_000);
    assertThat(engine.attempts.stream().filter(each -> each.delivery().endpoint() == 2))
        .hasSize(100);
    assertThat(engine.attempts.stream().filter(each -> each.delivery().endpoint() == 1)).hasSize(1);
  }

  @Test
  void aDeliveryThatRetentionEndsDuringATryEndsOnce() {
    receiver(1, Answer.ok(100));
    engine.configure(ModelEngine.plan(1, "acme"));
    long seq = engine.accept(1);
    var ended =
        new Committed.Recorded(new DeliveryKey(1, seq), 1, new Next.Dead(), engine.now, true);
    engine.tell(new Message.Stored(new Committed(List.of(), List.of(ended), List.of(), false)));
    engine.run(200);
    assertThat(engine.attempts).hasSize(1);
    engine.accept(1);
    engine.run(200);
    assertThat(engine.attempts).hasSize(2);
  }

  /** Something open, dead or delivered, whatever it does just now. */
  private static void redeliverAny(ModelEngine engine, Random random) {
    for (int i = 0; i < 3 && engine.lastSeq() > 0; i++) {
      long seq = 1 + random.nextLong(engine.lastSeq());
      engine.redeliver(new DeliveryKey(1 + random.nextInt(3), seq));
    }
  }

  private void receiver(int endpoint, Answer always) {
    engine.receivers.put(endpoint, (_, _, _) -> always);
  }

  private static boolean disabled(Command.SaveHealth save) {
    return save.health().state() == EndpointState.DISABLED
        && save.before() == EndpointState.HEALTHY;
  }

  private static EndpointPlan wish(EndpointPlan plan, long millis) {
    return new EndpointPlan(
        plan.row(),
        plan.hold(),
        plan.maxConcurrency(),
        plan.delayMillis(),
        plan.maxAgeMillis(),
        plan.disableAfterMillis(),
        millis,
        plan.ordered(),
        0,
        plan.rate());
  }
}
