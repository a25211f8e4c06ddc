package dev.posthorn.dispatcher.lane;

import dev.posthorn.core.config.OutcomeClass;
import dev.posthorn.dispatcher.store.Attempt;
import dev.posthorn.dispatcher.store.AttemptDetail;
import dev.posthorn.dispatcher.store.AuditEntry;
import dev.posthorn.dispatcher.store.Committed;
import dev.posthorn.dispatcher.store.DeliveryKey;
import dev.posthorn.dispatcher.store.DeliveryStore;
import dev.posthorn.dispatcher.store.Next;
import dev.posthorn.dispatcher.store.OpenDelivery;
import dev.posthorn.dispatcher.store.Retention;
import dev.posthorn.dispatcher.store.Side;
import dev.posthorn.dispatcher.store.StoreThread;
import dev.posthorn.dispatcher.store.Write;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One life of a dispatcher's process: the real scheduler and the real loop of the store thread,
 * each as far as somebody makes it go on, with a queue between them as in production. All it has in
 * memory is lost with it.
 */
final class SimulatedProcess {
  private static final StoreThread.Limits LIMITS =
      new StoreThread.Limits(200, 1 << 20, 6, 1 << 20, Duration.ZERO);

  /** A request under way. */
  static final class Sending {
    final DeliveryKey delivery;
    final int n;
    final long start;
    OutcomeClass outcome = OutcomeClass.SHUTDOWN;
    boolean arrived;

    Sending(DeliveryKey delivery, int n, long start) {
      this.delivery = delivery;
      this.n = n;
      this.start = start;
    }
  }

  final StoreThread store;
  final Scheduler scheduler;
  final Deque<Message> inbox = new ArrayDeque<>();
  final List<Sending> sends = new ArrayList<>();

  /** Begun, and the outcome is not stored yet: what a crash may repeat. */
  final Set<DeliveryKey> unrecorded = new LinkedHashSet<>();

  /** When the last requests to the endpoint with a rate began. */
  final Deque<Long> rated = new ArrayDeque<>();

  /** Of those, the ones whose outcome is on its way to the store. */
  private final Set<DeliveryKey> recording = new HashSet<>();

  /** Of those, the ones whose tenant was stopped during the try. */
  private final Set<DeliveryKey> forgotten = new HashSet<>();

  private final List<String> asked = new ArrayList<>();

  /** Tried, and never recorded, since their tenant is to be erased. */
  private final Set<DeliveryKey> dropped = new HashSet<>();

  Plan plan = Plan.NOTHING;
  boolean draining;
  boolean drained;

  private final Simulation world;
  private final LongSupplier clock;
  private final RandomGenerator random;

  SimulatedProcess(
      Simulation world,
      DeliveryStore durable,
      int windowRows,
      LongSupplier clock,
      RandomGenerator random) {
    this.world = world;
    this.clock = clock;
    this.random = random;
    this.scheduler = new Scheduler(random, windowRows);
    this.store =
        new StoreThread(
            durable,
            LIMITS,
            () -> Retention.DEFAULT,
            world.notices()::ending,
            () -> Instant.ofEpochMilli(clock.getAsLong()),
            this::committed,
            failure -> {
              throw new AssertionError(failure);
            });
  }

  private void committed(Committed committed) {
    for (Committed.Recorded each : committed.recorded()) {
      unrecorded.remove(each.delivery());
      recording.remove(each.delivery());
    }
    world.mutant().stored(committed, inbox, random);
  }

  /** The scheduler takes a few messages in and does what is to be done then. */
  void schedule(int messages) {
    for (int i = 0; i < messages && !inbox.isEmpty(); i++) {
      Message message = inbox.removeFirst();
      if (message instanceof Message.Configured(var newPlan)) {
        plan = newPlan;
      }
      scheduler.handle(message, clock.getAsLong(), this::execute);
      if (message instanceof Message.Finished(var delivery, var _) && forgotten.remove(delivery)) {
        unrecorded.remove(delivery);
        dropped.add(delivery);
      }
    }
    scheduler.pump(clock.getAsLong(), this::execute);
  }

  private void execute(Command command) {
    world.trace(() -> "  " + said(command));
    switch (command) {
      case Command.Send(var delivery, var n) -> send(delivery, n);
      case Command.RecordAttempt(var attempt, var next, var event) -> {
        recording.add(attempt.delivery());
        record(new Write.Record(attempt, next, told(attempt, next, event)));
        world.mutant().recording(attempt, next, inbox);
      }
      case Command.ReadPage(var request) -> store.page(request);
      case Command.SaveHealth save ->
          store.health(
              new Write.Health(
                  save.endpoint(), save.health(), world.notices().health(save, clock.getAsLong())));
      case Command.SaveHolds(var endpoint, var holds) -> store.holds(endpoint, holds);
      case Command.TenantStopped(var tenant) -> erase(tenant);
      case Command.ReleaseLane(var lane) -> store.release(lane);
      case Command.Drained() -> drained = true;
    }
  }

  private List<Write.Accept> told(Attempt attempt, Next next, @Nullable Tried event) {
    return world.notices().outcome(attempt, next, event, clock.getAsLong());
  }

  private void record(Write.Record write) {
    if (world.mutant() == Mutant.TOLD_APART) {
      store.record(write.attempt(), write.next());
      for (Write.Accept each : write.notices()) {
        var _ = store.accept(each.events());
      }
    } else {
      store.record(write);
    }
  }

  /** A caller waits until the tenant is stopped, and hands its erasure to the store then. */
  void ask(String tenant) {
    asked.add(tenant);
  }

  private void erase(String tenant) {
    unrecorded.stream()
        .filter(each -> Simulation.tenantOf(each.endpoint()).equals(tenant))
        .filter(each -> !recording.contains(each))
        .forEach(forgotten::add);
    var entry =
        new AuditEntry(tenant, Instant.EPOCH, "ops", "r-1", "tenant.erase", "Tenant/t", null);
    if (asked.remove(tenant)) {
      var _ = store.erase(new Write.Erase(entry, List.of(), List.of()));
    }
  }

  private static String said(Command command) {
    return switch (command) {
      case Command.Send(var delivery, var n) -> "send " + said(delivery) + ", attempt " + n;
      case Command.RecordAttempt(var attempt, var next, var _) ->
          "record " + said(attempt.delivery()) + ", attempt " + attempt.n() + ": " + next;
      case Command.ReadPage(var request) ->
          "page of endpoint %d, %s, after (%d, %d)"
              .formatted(
                  request.endpoint(), request.side(), request.afterDue(), request.afterSeq());
      default -> command.toString();
    };
  }

  private static String said(DeliveryKey delivery) {
    return "seq " + delivery.seq() + " to endpoint " + delivery.endpoint();
  }

  private void send(DeliveryKey delivery, int n) {
    world.mayBeSent(this, delivery);
    sends.add(new Sending(delivery, n, clock.getAsLong()));
    unrecorded.add(delivery);
  }

  /** The answer to a request is here. */
  void finish(Sending sending) {
    sends.remove(sending);
    int status = sending.outcome == OutcomeClass.HTTP_5XX ? 500 : 0;
    if (sending.outcome == OutcomeClass.SHUTDOWN) {
      unrecorded.remove(sending.delivery);
    }
    inbox.addLast(
        new Message.Finished(
            sending.delivery,
            new Message.Result(
                sending.start,
                clock.getAsLong(),
                sending.outcome,
                status,
                null,
                0,
                null,
                AttemptDetail.NONE,
                world.tried(sending.delivery))));
  }

  /** What another life may send again, since no outcome of it is stored. */
  List<DeliveryKey> mayBeRepeated() {
    return Stream.concat(unrecorded.stream(), dropped.stream()).toList();
  }

  /** Whether it takes care of a row that is in the store. */
  boolean accountsFor(int number, Side side, OpenDelivery row) {
    Endpoint endpoint = scheduler.endpoint(number);
    return endpoint == null || endpoint.accountsFor(side, row);
  }

  /** Keys in memory for an endpoint. */
  int held(int number) {
    Endpoint endpoint = scheduler.endpoint(number);
    return endpoint == null ? 0 : endpoint.held();
  }
}
