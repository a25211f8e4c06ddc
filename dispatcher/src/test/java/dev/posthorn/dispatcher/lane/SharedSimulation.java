package dev.posthorn.dispatcher.lane;

import dev.posthorn.core.config.OutcomeClass;
import dev.posthorn.core.event.Event;
import dev.posthorn.core.event.EventData;
import dev.posthorn.core.event.EventId;
import dev.posthorn.core.event.PublishedEvent;
import dev.posthorn.dispatcher.store.Accepted;
import dev.posthorn.dispatcher.store.AttemptDetail;
import dev.posthorn.dispatcher.store.Committed;
import dev.posthorn.dispatcher.store.DeliveryKey;
import dev.posthorn.dispatcher.store.EndingNotices;
import dev.posthorn.dispatcher.store.EndpointRow;
import dev.posthorn.dispatcher.store.EndpointState;
import dev.posthorn.dispatcher.store.Lane;
import dev.posthorn.dispatcher.store.NewEvent;
import dev.posthorn.dispatcher.store.OpenDelivery;
import dev.posthorn.dispatcher.store.Retention;
import dev.posthorn.dispatcher.store.Shared;
import dev.posthorn.dispatcher.store.SharedDatabase;
import dev.posthorn.dispatcher.store.SharedDatabase.Defect;
import dev.posthorn.dispatcher.store.SharedDatabase.Fault;
import dev.posthorn.dispatcher.store.StoreThread;
import dev.posthorn.dispatcher.store.Write;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Several processes on one database: they come, die, are paused past their lease, lose connections
 * in the middle of a commit and hear of configurations at different times. One of them may only
 * accept. The real schedulers, the real store threads and the real rounds. Then the world heals,
 * and everything accepted must have arrived; what arrived twice must be explained by a process that
 * was lost.
 */
final class SharedSimulation {
  private static final int STEPS = 700;
  private static final int HEALING_STEPS = 60_000;
  private static final int TRACED = 300;
  private static final long TIMEOUT_MILLIS = 20_000;
  private static final int ORDERED = 2;
  private static final StoreThread.Limits LIMITS =
      new StoreThread.Limits(200, 1 << 20, 6, 1 << 20, Duration.ZERO);

  private static final List<Fault> FAULTS = List.of(Fault.REFUSED, Fault.LOST, Fault.DONE);

  /** What happened, in figures. */
  record Figures(int deliveries, int lost, int duplicates) {}

  /** A request under way. */
  private static final class Sending {
    final DeliveryKey delivery;
    final long start;
    OutcomeClass outcome = OutcomeClass.DELIVERED;
    boolean arrived;

    Sending(DeliveryKey delivery, long start) {
      this.delivery = delivery;
      this.start = start;
    }
  }

  /** One life of a process. */
  private final class Life {
    final int number = ++lives;
    final boolean isWorker;
    final SharedDatabase.Node node;
    final Scheduler scheduler = new Scheduler(random.split(), windowRows);
    final Deque<Message> inbox = new ArrayDeque<>();
    final List<Sending> sends = new ArrayList<>();
    final Set<DeliveryKey> unrecorded = new HashSet<>();
    final StoreThread store;
    long pausedUntil;

    /**
     * It has not joined yet.
     *
     * @param isWorker whether it takes lanes; else it only accepts
     */
    Life(boolean isWorker) {
      this.isWorker = isWorker;
      node = database.new Node(isWorker);
      store =
          new StoreThread(
              node,
              LIMITS,
              () -> Retention.DEFAULT,
              EndingNotices.NONE,
              () -> Instant.ofEpochMilli(now),
              this::committed,
              failure -> {
                throw new AssertionError(failure);
              });
    }

    void committed(Committed committed) {
      trace(() -> number + " hears " + said(committed));
      committed.recorded().forEach(each -> unrecorded.remove(each.delivery()));
      inbox.addLast(new Message.Stored(committed));
    }

    void schedule(int messages) {
      for (int i = 0; i < messages && !inbox.isEmpty(); i++) {
        scheduler.handle(inbox.removeFirst(), now, this::execute);
      }
      scheduler.pump(now, this::execute);
      if (inbox.isEmpty() && node.hasHeardAll()) {
        checkWindows(this);
      }
    }

    void execute(Command command) {
      switch (command) {
        case Command.Send(var delivery, var n) -> send(this, delivery, n);
        case Command.RecordAttempt(var attempt, var next, var _) -> store.record(attempt, next);
        case Command.ReadPage(var request) -> store.page(request);
        case Command.SaveHealth save ->
            store.health(new Write.Health(save.endpoint(), save.health()));
        case Command.ReleaseLane(var lane) -> {
          trace(() -> number + " gives up lane " + lane);
          store.release(lane);
        }
        case Command.SaveHolds _, Command.TenantStopped _, Command.Drained _ -> {}
      }
    }

    void finish(Sending sending) {
      sends.remove(sending);
      inbox.addLast(
          new Message.Finished(
              sending.delivery,
              new Message.Result(
                  sending.start,
                  now,
                  sending.outcome,
                  sending.outcome == OutcomeClass.HTTP_5XX ? 500 : 0,
                  null,
                  0,
                  null,
                  AttemptDetail.NONE,
                  null)));
    }

    boolean runs() {
      return pausedUntil <= now;
    }
  }

  private final long seed;
  private final SplittableRandom random;
  private final Defect defect;
  private final boolean waits;
  private final @Nullable Deque<String> trace;
  private final int windowRows;
  private final SharedDatabase database;
  private final List<Life> processes = new ArrayList<>();
  private final Map<Integer, Boolean> failing = new HashMap<>();
  private final Map<DeliveryKey, Integer> received = new HashMap<>();
  private final Map<DeliveryKey, Integer> excused = new HashMap<>();
  private final Map<EventId, Long> acknowledged = new HashMap<>();
  private final Map<Integer, EventId> answeredKeys = new HashMap<>();
  private long now = 1_000_000;
  private int keys;
  private int lives;
  private int lost;
  private boolean healing;
  private boolean within;
  private @Nullable AssertionError wrong;

  /** Whose store thread is at work. */
  private SharedDatabase.@Nullable Node reading;

  private SharedSimulation(long seed, Defect defect, boolean waits, @Nullable Deque<String> trace) {
    this.seed = seed;
    this.defect = defect;
    this.waits = waits;
    this.trace = trace;
    random = new SplittableRandom(seed);
    windowRows = 1 + random.nextInt(3);
    database =
        new SharedDatabase(
            () -> now, this::fault, this::between, windowRows, 1 + random.nextInt(3), this.defect);
    for (int i = 0; i < 4; i++) {
      database.register(tenantOf(i + 1));
    }
    for (int i = 2 + random.nextInt(2); i > 0; i--) {
      begin(true);
    }
    if (chance(0.3)) {
      begin(false);
    }
  }

  /**
   * Lives through a history; throws an error that tells its end where a property is broken.
   *
   * @param waits whether who takes over an endpoint with an order waits for requests of others
   */
  static Figures run(long seed, Defect defect, boolean waits) {
    try {
      return new SharedSimulation(seed, defect, waits, null).run();
    } catch (AssertionError | RuntimeException first) {
      var trace = new ArrayDeque<String>();
      try {
        new SharedSimulation(seed, defect, waits, trace).run();
      } catch (AssertionError | RuntimeException again) {
        throw new AssertionError(
            "seed %d: %s%n%s".formatted(seed, again.getMessage(), String.join("\n", trace)), again);
      }
      throw new AssertionError("seed " + seed + " does not happen again as it was", first);
    }
  }

  private void trace(Supplier<String> line) {
    if (trace != null) {
      if (trace.size() == TRACED) {
        trace.removeFirst();
      }
      trace.addLast(now + " " + line.get());
    }
  }

  private static String said(Committed committed) {
    var accepted = committed.accepted().stream().map(Committed.AcceptedEvent::seq).toList();
    var recorded = committed.recorded().stream().map(each -> each.delivery().seq()).toList();
    return "accepted %s, recorded %s, %s, pages %s, fed %s%s"
        .formatted(
            accepted,
            recorded,
            committed.shared().ownership() == null
                ? "same lanes"
                : committed.shared().ownership().lanes().size()
                    + " lanes, to give up "
                    + committed.shared().ownership().release()
                    + (committed.shared().ownership().anew() ? ", anew" : ""),
            committed.pages().stream()
                .map(page ->
                    page.request().endpoint()
                        + " "
                        + page.request().side()
                        + " "
                        + page.rows().stream().map(OpenDelivery::seq).toList())
                .toList(),
            committed.shared().fed().stream().map(Shared.FedEvent::seq).toList(),
            committed.reopened() ? ", in doubt" : "");
  }

  private AssertionError broken(String what) {
    return new AssertionError(what + " (seed " + seed + ", at " + now + ")");
  }

  private boolean chance(double share) {
    return random.nextDouble() < share;
  }

  private static String tenantOf(int endpoint) {
    return "tenant-" + endpoint % 3;
  }

  private Fault fault() {
    if (healing || chance(0.93)) {
      return Fault.NONE;
    }
    Fault fault = FAULTS.get(random.nextInt(FAULTS.size()));
    trace(() -> "transaction: " + fault);
    return fault;
  }

  private void begin(boolean isWorker) {
    var born = new Life(isWorker);
    trace(() -> "process " + born.number + (isWorker ? "" : ", which only accepts"));
    born.inbox.add(new Message.Configured(plan()));
    processes.add(born);
  }

  private Plan plan() {
    List<EndpointPlan> plans =
        database.endpoints().stream()
            .map(row ->
                new EndpointPlan(
                    row,
                    EndpointPlan.Hold.NONE,
                    2,
                    List.of(50L, 300L, 2_000L),
                    100_000_000,
                    0,
                    null,
                    row.number() == ORDERED,
                    waits ? TIMEOUT_MILLIS : 0,
                    null))
            .toList();
    return new Plan(plans, Map.of(), new TenantPlan(1, 3), 4, false);
  }

  private Figures run() {
    for (int i = 0; i < STEPS; i++) {
      step();
      surface();
    }
    healing = true;
    trace(() -> "the world heals");
    failing.clear();
    processes.forEach(each -> each.pausedUntil = 0);
    int steps = 0;
    while (!atRest()) {
      if (++steps > HEALING_STEPS) {
        throw broken("stuck: open are " + database.said());
      }
      goOn();
      surface();
    }
    checkEnd();
    int duplicates = received.values().stream().mapToInt(times -> times - 1).sum();
    return new Figures(received.size(), lost, duplicates);
  }

  /** A future keeps to itself what is thrown where it is completed. */
  private void surface() {
    if (wrong != null) {
      throw wrong;
    }
  }

  private boolean atRest() {
    return database.isEmpty()
        && processes.stream().allMatch(each -> each.inbox.isEmpty() && each.sends.isEmpty());
  }

  private void step() {
    now += chance(0.03) ? random.nextInt(3_000) : random.nextInt(40);
    Life process = processes.get(random.nextInt(processes.size()));
    int dice = random.nextInt(1_000);
    if (dice < 120) {
      network();
    } else if (!process.runs()) {
      return;
    } else if (dice < 400) {
      turn(process);
    } else if (dice < 650) {
      process.schedule(random.nextInt(4));
    } else if (dice < 740) {
      publish(process);
    } else if (dice < 820) {
      renew(process);
      database.reap();
    } else if (dice < 870) {
      hurry(process);
    } else if (dice < 930) {
      process.node.reserve(1 + random.nextInt(2));
      publish(process);
    } else if (dice < 950) {
      failing.put(1 + random.nextInt(4), chance(0.5));
    } else if (dice < 960) {
      process.inbox.add(new Message.Configured(plan()));
    } else if (dice < 975) {
      process.pausedUntil = now + random.nextInt(40_000);
      trace(() -> process.number + " is paused until " + process.pausedUntil);
    } else if (dice < 985) {
      die(process, "killed");
    } else {
      now = Math.max(now, Math.min(process.scheduler.wakeAt(), now + 5_000));
    }
  }

  /** Requests are answered at once, and their outcomes are on their way to the store. */
  private void hurry(Life process) {
    process.schedule(10);
    for (Sending sending : List.copyOf(process.sends)) {
      if (!sending.arrived) {
        arrive(sending);
      }
      process.finish(sending);
    }
    process.schedule(10);
  }

  private void renew(Life process) {
    if (!process.node.renew()) {
      die(process, "its row is gone");
    }
  }

  private void turn(Life process) {
    trace(() -> process.number + " turns");
    reading = process.node;
    try {
      process.store.turn();
    } catch (IllegalStateException ended) {
      die(process, String.valueOf(ended.getMessage()));
    }
  }

  /** Memory is gone. Requests whose bytes have left may arrive all the same. */
  private void die(Life process, String how) {
    trace(() -> process.number + " dies: " + how);
    lost++;
    process.unrecorded.forEach(each -> excused.merge(each, 1, Integer::sum));
    for (Sending sending : process.sends) {
      if (!sending.arrived && now - sending.start < TIMEOUT_MILLIS && chance(0.5)) {
        arrive(sending);
      }
    }
    processes.remove(process);
    begin(process.isWorker);
  }

  /** What happens while a process reads: others commit. */
  private void between() {
    if (within || healing || !chance(0.3)) {
      return;
    }
    within = true;
    Life other = processes.get(random.nextInt(processes.size()));
    if (other.runs() && other.node != reading) {
      for (int i = random.nextInt(4); i >= 0; i--) {
        publish(other);
      }
      turnAside(other);
    }
    within = false;
  }

  private void turnAside(Life other) {
    try {
      other.store.turn();
    } catch (IllegalStateException ended) {
      trace(() -> other.number + " will find that it has ended");
    }
  }

  private void send(Life sender, DeliveryKey delivery, int n) {
    trace(() -> sender.number + " sends " + delivery + ", attempt " + n);
    if (!sender.node.hasLaneOf(delivery.endpoint())) {
      throw broken(
          "%s is sent by process %d, which does not have its lane %d"
              .formatted(delivery, sender.number, Lane.of(tenantOf(delivery.endpoint()))));
    }
    if (!sender.unrecorded.add(delivery)) {
      throw broken(delivery + " is sent twice at once");
    }
    if (delivery.endpoint() == ORDERED) {
      checkOrder(sender, delivery);
    }
    sender.sends.add(new Sending(delivery, now));
  }

  /** No row of its own is forgotten. */
  private void checkWindows(Life process) {
    for (EndpointRow row : database.endpoints()) {
      Endpoint endpoint = process.scheduler.endpoint(row.number());
      if (endpoint != null && endpoint.isOwned() && process.node.hasLaneOf(row.number())) {
        List<Long> forgotten = process.node.forgotten(row.number(), endpoint::accountsFor);
        if (!forgotten.isEmpty()) {
          throw broken(
              "process %d forgot %s of endpoint %d"
                  .formatted(process.number, forgotten, row.number()));
        }
      }
    }
  }

  private void checkOrder(Life sender, DeliveryKey delivery) {
    for (Life other : processes) {
      for (Sending each : other.sends) {
        if (other != sender
            && each.delivery.endpoint() == ORDERED
            && !each.arrived
            && now - each.start < TIMEOUT_MILLIS) {
          throw broken(delivery + " is sent while another process sends " + each.delivery);
        }
      }
    }
    for (long former : database.openBefore(ORDERED, delivery.seq())) {
      Long answered = acknowledged.get(database.event(former).event().id());
      long published = database.event(delivery.seq()).event().accepted().toEpochMilli();
      if (answered != null && answered < published) {
        throw broken(delivery + " is sent before seq " + former);
      }
    }
  }

  /** Also of a process that is paused: what has left is on its way. */
  private void network() {
    Life process = processes.get(random.nextInt(processes.size()));
    if (process.sends.isEmpty()) {
      return;
    }
    Sending sending = process.sends.get(random.nextInt(process.sends.size()));
    if (!sending.arrived) {
      if (now - sending.start < TIMEOUT_MILLIS) {
        arrive(sending);
      } else {
        sending.arrived = true;
        sending.outcome = OutcomeClass.REQUEST_TIMEOUT;
      }
    } else if (process.runs()) {
      process.finish(sending);
    }
  }

  private void arrive(Sending sending) {
    sending.arrived = true;
    if (failing.getOrDefault(sending.delivery.endpoint(), false)) {
      sending.outcome = OutcomeClass.HTTP_5XX;
    } else {
      received.merge(sending.delivery, 1, Integer::sum);
    }
    trace(() -> "arrived " + sending.delivery + " " + sending.outcome);
  }

  private void publish(Life process) {
    var events = new ArrayList<NewEvent>();
    var eventKeys = new ArrayList<Integer>();
    for (int i = random.nextInt(3); i >= 0; i--) {
      int key = chance(0.2) && keys > 0 ? 1 + random.nextInt(keys) : ++keys;
      boolean keyed = key % 4 != 0;
      eventKeys.add(keyed ? key : 0);
      events.add(event(keyed ? ByteBuffer.allocate(16).putInt(key).array() : new byte[0]));
    }
    var _ =
        process
            .store
            .accept(events)
            .whenComplete((answers, failure) -> {
              if (failure == null) {
                answered(eventKeys, answers);
              }
            });
  }

  private NewEvent event(byte[] key) {
    Instant accepted = Instant.ofEpochMilli(now);
    String tenant = tenantOf(random.nextInt(3));
    var event =
        new Event(
            EventId.next(accepted, random),
            accepted,
            PublishedEvent.of(tenant, "type", EventData.none()));
    List<Integer> targets =
        database.endpoints().stream()
            .filter(row -> row.tenant().equals(tenant))
            .map(EndpointRow::number)
            .filter(_ -> chance(0.9))
            .toList();
    return new NewEvent(event, key, targets);
  }

  private void answered(List<Integer> eventKeys, List<Accepted> answers) {
    for (int i = 0; i < answers.size(); i++) {
      EventId id = answers.get(i).id();
      acknowledged.putIfAbsent(id, now);
      int key = eventKeys.get(i);
      EventId former = key == 0 ? null : answeredKeys.put(key, id);
      if (former != null && !former.equals(id)) {
        wrong = broken("key " + key + " is answered with " + id + " after " + former);
      }
    }
  }

  private void goOn() {
    for (Life process : List.copyOf(processes)) {
      renew(process);
      if (processes.contains(process)) {
        turn(process);
      }
      if (processes.contains(process)) {
        process.schedule(10);
      }
    }
    database.reap();
    network();
    long wake = processes.stream().mapToLong(each -> each.scheduler.wakeAt()).min().orElse(now);
    boolean idle = processes.stream().allMatch(each -> each.sends.isEmpty());
    now += idle ? Math.clamp(wake - now, 1, 500) : 1;
    for (Life process : processes) {
      database.endpoints().stream()
          .filter(row -> row.health().state() == EndpointState.DISABLED)
          .forEach(row -> process.inbox.add(new Message.Enable(row.number())));
    }
  }

  private void checkEnd() {
    String end = database.wrong(received.keySet());
    if (end != null) {
      throw broken(end);
    }
    received.forEach((key, times) -> {
      if (times > 1 + excused.getOrDefault(key, 0)) {
        throw broken(key + " arrived " + times + " times, and nothing explains it");
      }
    });
  }
}
