package dev.posthorn.dispatcher.lane;

import dev.posthorn.core.config.OutcomeClass;
import dev.posthorn.core.config.ResourceName;
import dev.posthorn.core.event.Event;
import dev.posthorn.core.event.EventData;
import dev.posthorn.core.event.EventId;
import dev.posthorn.core.event.PublishedEvent;
import dev.posthorn.dispatcher.lane.SimulatedProcess.Sending;
import dev.posthorn.dispatcher.lane.SimulatedStore.Fault;
import dev.posthorn.dispatcher.store.Accepted;
import dev.posthorn.dispatcher.store.AuditEntry;
import dev.posthorn.dispatcher.store.Committed;
import dev.posthorn.dispatcher.store.DeliveryKey;
import dev.posthorn.dispatcher.store.EndpointRow;
import dev.posthorn.dispatcher.store.EndpointState;
import dev.posthorn.dispatcher.store.NewEvent;
import dev.posthorn.dispatcher.store.OpenDelivery;
import dev.posthorn.dispatcher.store.ReplayWrite;
import dev.posthorn.dispatcher.store.Side;
import dev.posthorn.dispatcher.store.Write;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A dispatcher in a world that does what it can to hurt it: transactions are refused or in doubt,
 * processes die at any moment, receivers hang, fail and lose answers, endpoints come and go,
 * retention takes what is old, tenants are erased. Then the world heals, and everything accepted
 * must have arrived.
 *
 * <p>One thread, one source of randomness: a seed is a history, and happens again as it was.
 */
final class Simulation {
  private static final int STEPS = 400;
  private static final int HEALING_STEPS = 30_000;
  private static final int TRACED = 150;
  private static final int RATED = 4;
  private static final EndpointPlan.Rate RATE = new EndpointPlan.Rate(2, 30);
  private static final byte[] NO_KEY = {};
  private static final List<Fault> FAULTS =
      Stream.of(Fault.values()).filter(fault -> fault != Fault.NONE).toList();

  /** How a receiver behaves. */
  private enum Mode {
    WELL,
    FAILING,
    GONE,
    LOSING_ANSWERS
  }

  /** An endpoint, as its owner wants it. */
  private static final class Site {
    boolean configured = true;
    EndpointPlan.Hold hold = EndpointPlan.Hold.NONE;
    Mode mode = Mode.WELL;
    int maxConcurrency = 2;
  }

  /** What happened, in figures. */
  record Figures(int events, int deliveries, int lives, int duplicates) {}

  private final long seed;
  private final SplittableRandom random;
  private final Mutant mutant;
  private final @Nullable Deque<String> trace;
  private final int windowRows;
  private final SimulatedStore store;
  private final SimulatedNotices notices;
  private final Map<Integer, Site> sites = new HashMap<>();
  private final Map<DeliveryKey, Integer> received = new HashMap<>();
  private final Map<DeliveryKey, Integer> excused = new HashMap<>();
  private final Map<EventId, Long> acknowledged = new HashMap<>();
  private final Map<Integer, EventId> answeredKeys = new HashMap<>();
  private SimulatedProcess process;
  private long now = 1_000_000;
  private int keys;
  private int lives;
  private int published;
  private boolean healing;
  private @Nullable AssertionError wrong;
  private boolean inDoubt;

  private Simulation(long seed, Mutant mutant, @Nullable Deque<String> trace) {
    this.seed = seed;
    this.mutant = mutant;
    this.trace = trace;
    random = new SplittableRandom(seed);
    windowRows = 1 + random.nextInt(4);
    notices = new SimulatedNotices(random.split());
    store = new SimulatedStore(windowRows, this::fault, this::expiring, notices);
    int endpoints = 2 + random.nextInt(3);
    for (int number = 1; number <= endpoints; number++) {
      sites.put(number, new Site());
    }
    process = begin();
  }

  /** Lives through a history; throws an error that tells its end where a property is broken. */
  static Figures run(long seed, Mutant mutant) {
    try {
      return new Simulation(seed, mutant, null).run();
    } catch (AssertionError | RuntimeException first) {
      var trace = new ArrayDeque<String>();
      try {
        new Simulation(seed, mutant, trace).run();
      } catch (AssertionError | RuntimeException again) {
        throw new AssertionError(
            "seed %d: %s%n%s".formatted(seed, again.getMessage(), String.join("\n", trace)), again);
      }
      throw new AssertionError("seed " + seed + " does not happen again as it was", first);
    }
  }

  Mutant mutant() {
    return mutant;
  }

  SimulatedNotices notices() {
    return notices;
  }

  /** The event of a delivery; null where retention or an erasure took it. */
  @Nullable Tried tried(DeliveryKey delivery) {
    NewEvent event = store.events.get(delivery.seq());
    return event == null ? null : Tried.of(event.event());
  }

  void trace(Supplier<String> line) {
    if (trace != null) {
      if (trace.size() == TRACED) {
        trace.removeFirst();
      }
      trace.addLast(now + " " + line.get());
    }
  }

  private AssertionError broken(String what) {
    return new AssertionError(what + " (seed " + seed + ", at " + now + ")");
  }

  private <T> T any(List<T> values) {
    return values.get(random.nextInt(values.size()));
  }

  private boolean chance(double share) {
    return random.nextDouble() < share;
  }

  private Fault fault() {
    if (healing || chance(0.94)) {
      return Fault.NONE;
    }
    Fault fault = any(FAULTS);
    inDoubt |= fault == Fault.DONE;
    trace(() -> "transaction: " + fault);
    return fault;
  }

  private int expiring() {
    return !healing && chance(0.01) ? 1 + random.nextInt(3) : 0;
  }

  private SimulatedProcess begin() {
    lives++;
    trace(() -> "life " + lives);
    var born = new SimulatedProcess(this, store, windowRows, () -> now, random.split());
    inDoubt = false;
    for (int number : sites.keySet()) {
      String tenant = tenantOf(number);
      var name = new ResourceName(tenant, "endpoint-" + number);
      var registered = born.store.register(new Write.Register(name, tenant, 0));
      boolean wasHealing = healing;
      healing = true; // a start waits until it can write
      born.store.turn();
      healing = wasHealing;
      if (!registered.isDone()) {
        throw broken("an endpoint has no number");
      }
    }
    store.erasing().forEach(tenant -> born.inbox.add(stop(tenant, false)));
    born.inbox.add(new Message.Configured(plan()));
    return born;
  }

  static String tenantOf(int endpoint) {
    return endpoint % 2 == 0 ? "even" : "odd";
  }

  private Message stop(String tenant, boolean asked) {
    return new Message.StopTenant(
        tenant,
        sites.keySet().stream()
            .filter(number -> tenantOf(number).equals(tenant))
            .collect(Collectors.toSet()),
        asked);
  }

  private void erase() {
    String tenant = tenantOf(random.nextInt(2));
    trace(() -> "erase " + tenant);
    process.ask(tenant);
    process.inbox.add(stop(tenant, true));
  }

  /** Somebody asks for a delivery again, whatever it does just now; his clock may be behind. */
  private void redeliver() {
    if (store.events.isEmpty()) {
      return;
    }
    long last = store.events.lastKey();
    var key = new DeliveryKey(1 + random.nextInt(sites.size()), last - random.nextLong(last));
    String tenant = tenantOf(key.endpoint());
    NewEvent event = store.events.get(key.seq());
    if (event != null && !SimulatedNotices.mayGet(key.endpoint(), event)) {
      return;
    }
    Instant time = Instant.ofEpochMilli(now - random.nextInt(3));
    var audit = new AuditEntry(tenant, time, "ops", "r-1", "events.redeliver", "Event/e", null);
    trace(() -> "redeliver " + key);
    var _ =
        process
            .store
            .replay(new ReplayWrite.Redeliver(audit, key, time))
            .whenComplete((answer, failure) -> {
              if (mutant == Mutant.OFFERED_THOUGH_OPEN && failure == null) {
                offer(key, time);
              }
            });
  }

  private Plan plan() {
    var endpoints = new ArrayList<EndpointPlan>();
    for (EndpointRow row : store.endpoints()) {
      Site site = site(row.number());
      if (site.configured) {
        endpoints.add(
            new EndpointPlan(
                row,
                site.hold,
                site.maxConcurrency,
                List.of(20L, 60L, 200L),
                10_000_000,
                row.number() % 3 == 0 ? 3_000 : 0,
                null,
                ordered(row.number()) && mutant != Mutant.ORDER_IGNORED,
                0,
                row.number() == RATED ? RATE : null));
      }
    }
    return new Plan(endpoints, Map.of(), new TenantPlan(1, 3), 4, false);
  }

  private static boolean ordered(int number) {
    return number == 2;
  }

  private Site site(int number) {
    Site site = sites.get(number);
    if (site == null) {
      throw new IllegalArgumentException("no endpoint " + number);
    }
    return site;
  }

  private Figures run() {
    for (int i = 0; i < STEPS; i++) {
      step();
      surface();
    }
    heal();
    int steps = 0;
    while (!atRest()) {
      if (++steps > HEALING_STEPS) {
        throw broken("stuck: open are " + open());
      }
      goOn();
      surface();
    }
    checkEnd();
    int duplicates = received.values().stream().mapToInt(times -> times - 1).sum();
    return new Figures(published, received.size(), lives, duplicates);
  }

  /** A future keeps to itself what is thrown where it is completed. */
  private void surface() {
    if (wrong != null) {
      throw wrong;
    }
  }

  private String open() {
    String all = store.open.toString();
    return all.substring(0, Math.min(300, all.length()));
  }

  private boolean atRest() {
    return process.inbox.isEmpty()
        && process.sends.isEmpty()
        && store.erasing().isEmpty()
        && store.open.values().stream().allMatch(Map::isEmpty);
  }

  private void step() {
    now += chance(0.05) ? random.nextInt(200) : random.nextInt(4);
    int dice = random.nextInt(1_000);
    if (dice < 200) {
      turn();
    } else if (dice < 480) {
      schedule();
    } else if (dice < 740) {
      network();
    } else if (dice < 900) {
      publish();
    } else if (dice < 930) {
      reconfigure();
    } else if (dice < 960) {
      Site site = site(1 + random.nextInt(sites.size()));
      site.mode = chance(0.5) ? Mode.WELL : any(List.of(Mode.values()));
      trace(() -> "receivers: " + sites.values().stream().map(each -> each.mode).toList());
    } else if (dice < 962) {
      erase();
    } else if (dice < 968) {
      redeliver();
    } else if (dice < 974) {
      process.inbox.add(new Message.Enable(1 + random.nextInt(sites.size())));
    } else if (dice < 985) {
      now = Math.max(now, Math.min(process.scheduler.wakeAt(), now + 10_000));
    } else if (dice < 992) {
      crash("killed");
    } else {
      drain();
    }
  }

  private void turn() {
    trace(() -> "turn");
    try {
      process.store.turn();
    } catch (SimulatedStore.Crash crash) {
      crash("died while writing");
    }
  }

  private void schedule() {
    boolean reopened =
        process.inbox.stream()
            .anyMatch(each -> each instanceof Message.Stored(var turn) && turn.reopened());
    int messages = random.nextInt(4);
    boolean all = messages >= process.inbox.size();
    process.schedule(messages);
    if (mutant == Mutant.UNKNOWN_ENDPOINT_ENDS) {
      endUnknown();
    }
    if (reopened && all) {
      inDoubt = false;
    }
    if (process.drained) {
      stop();
    } else if (process.inbox.isEmpty() && !inDoubt) {
      checkWindows();
    }
  }

  private void endUnknown() {
    for (int number : sites.keySet()) {
      boolean known =
          process.plan.endpoints().stream().anyMatch(each -> each.row().number() == number);
      if (!known && !store.rows(number).isEmpty()) {
        store.drop(new DeliveryKey(number, store.rows(number).firstKey()));
      }
    }
  }

  /** No row is forgotten, and no more is held than the windows allow. */
  private void checkWindows() {
    for (int number : sites.keySet()) {
      store
          .rows(number)
          .forEach((seq, row) -> {
            Side side = row.due() == null ? Side.FRESH : Side.RETRY;
            if (!process.accountsFor(number, side, row.key(seq))) {
              throw broken("endpoint %d forgot seq %d, %s".formatted(number, seq, row));
            }
          });
      if (process.held(number) > 2 * windowRows) {
        throw broken("endpoint %d holds %d keys".formatted(number, process.held(number)));
      }
    }
  }

  /** Checked at the moment in which the scheduler begins a request. */
  void mayBeSent(SimulatedProcess sender, DeliveryKey delivery) {
    EndpointPlan plan =
        sender.plan.endpoints().stream()
            .filter(each -> each.row().number() == delivery.endpoint())
            .findFirst()
            .orElseThrow(() -> broken(delivery + " is sent, but its endpoint is not configured"));
    if (store.erased.contains(delivery.seq())) {
      throw broken(delivery + " is sent, but its tenant was erased");
    }
    if (plan.hold() != EndpointPlan.Hold.NONE) {
      throw broken(delivery + " is sent, but its endpoint is held");
    }
    if (sender.unrecorded.contains(delivery)) {
      throw broken(delivery + " is sent twice at once");
    }
    long toEndpoint =
        sender.sends.stream()
            .filter(each -> each.delivery.endpoint() == delivery.endpoint())
            .count();
    long ofTenant =
        sender.sends.stream()
            .filter(each -> each.delivery.endpoint() % 2 == delivery.endpoint() % 2)
            .count();
    if (toEndpoint >= plan.maxConcurrency() || ofTenant >= 3 || sender.unrecorded.size() >= 4) {
      throw broken(delivery + " is one too many at once");
    }
    if (ordered(delivery.endpoint()) && !store.lives.containsKey(delivery)) {
      checkOrder(delivery);
    }
    if (delivery.endpoint() == RATED) {
      checkRate(sender);
    }
  }

  private void checkRate(SimulatedProcess sender) {
    sender.rated.addLast(now);
    if (sender.rated.size() > RATE.requests()
        && now - sender.rated.removeFirst() < RATE.periodMillis()) {
      throw broken("endpoint " + RATED + " gets more than its rate");
    }
  }

  /** What was acknowledged before this was published must have ended. */
  private void checkOrder(DeliveryKey delivery) {
    for (long former : store.rows(delivery.endpoint()).headMap(delivery.seq(), false).keySet()) {
      NewEvent before = store.events.get(former);
      NewEvent event = store.events.get(delivery.seq());
      boolean again = store.lives.containsKey(new DeliveryKey(delivery.endpoint(), former));
      Long answered = before == null || again ? null : acknowledged.get(before.event().id());
      if (event != null && answered != null && answered < event.event().accepted().toEpochMilli()) {
        throw broken(delivery + " is sent before seq " + former);
      }
    }
  }

  private void network() {
    if (process.sends.isEmpty()) {
      return;
    }
    Sending sending = process.sends.get(random.nextInt(process.sends.size()));
    if (!sending.arrived && !process.draining) {
      arrive(sending);
    } else {
      trace(() -> "finished " + sending.delivery + " " + sending.outcome);
      process.finish(sending);
    }
  }

  private void arrive(Sending sending) {
    sending.arrived = true;
    Mode mode = site(sending.delivery.endpoint()).mode;
    sending.outcome =
        switch (mode) {
          case WELL -> OutcomeClass.DELIVERED;
          case FAILING -> OutcomeClass.HTTP_5XX;
          case GONE -> OutcomeClass.HTTP_410;
          case LOSING_ANSWERS -> OutcomeClass.REQUEST_TIMEOUT;
        };
    if (mode == Mode.WELL || mode == Mode.LOSING_ANSWERS) {
      received.merge(sending.delivery, 1, Integer::sum);
    }
    if (mode == Mode.LOSING_ANSWERS) {
      excused.merge(sending.delivery, 1, Integer::sum);
    }
    trace(() -> "arrived " + sending.delivery + " " + sending.outcome);
  }

  private void publish() {
    var events = new ArrayList<NewEvent>();
    var eventKeys = new ArrayList<Integer>();
    for (int i = random.nextInt(3); i >= 0; i--) {
      int key = chance(0.2) && keys > 0 ? 1 + random.nextInt(keys) : ++keys;
      boolean keyed = key % 4 != 0;
      eventKeys.add(keyed ? key : 0);
      events.add(
          event(
              keyed && mutant != Mutant.KEYS_IGNORED
                  ? ByteBuffer.allocate(16).putInt(key).array()
                  : NO_KEY));
    }
    trace(() -> "publish keys " + eventKeys);
    if (mutant == Mutant.ACKNOWLEDGED_BEFORE_COMMIT) {
      events.forEach(each -> acknowledged.put(each.event().id(), now));
    }
    published += events.size();
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
    String tenant = tenantOf(random.nextInt(2));
    var event =
        new Event(
            EventId.next(accepted, random),
            accepted,
            PublishedEvent.of(tenant, "type", EventData.none()));
    var targets =
        sites.keySet().stream()
            .filter(number -> tenantOf(number).equals(tenant))
            .filter(_ -> chance(0.8))
            .toList();
    return new NewEvent(event, key, targets);
  }

  private void answered(List<Integer> eventKeys, List<Accepted> answers) {
    for (int i = 0; i < answers.size(); i++) {
      EventId id = answers.get(i).id();
      acknowledged.putIfAbsent(id, now);
      int key = eventKeys.get(i);
      EventId former = key == 0 ? null : answeredKeys.put(key, id);
      if (former != null && !former.equals(id) && !store.expired.contains(former)) {
        wrong = broken("key " + key + " is answered with " + id + " after " + former);
      }
    }
  }

  private void offer(DeliveryKey key, Instant time) {
    SimulatedStore.Row row = store.rows(key.endpoint()).get(key.seq());
    if (row != null) {
      var again = new OpenDelivery(time.toEpochMilli(), key.seq(), row.n(), row.accepted());
      var due = new Committed.DueNow(key.endpoint(), again, null);
      process.inbox.addLast(
          new Message.Stored(
              new Committed(List.of(), List.of(), 0, List.of(due), List.of(), false, List.of())));
    }
  }

  private void reconfigure() {
    Site site = site(1 + random.nextInt(sites.size()));
    switch (random.nextInt(4)) {
      case 0 -> site.configured = !site.configured;
      case 1 -> site.hold = any(List.of(EndpointPlan.Hold.values()));
      case 2 -> site.maxConcurrency = 1 + random.nextInt(3);
      default -> site.hold = EndpointPlan.Hold.NONE;
    }
    tellPlan();
  }

  private void tellPlan() {
    Plan plan = plan();
    trace(() -> "configured " + plan.endpoints().stream().map(each -> each.hold()).toList());
    process.inbox.add(new Message.Configured(plan));
  }

  /** Memory is gone. Requests whose bytes have left may arrive all the same. */
  private void crash(String how) {
    trace(() -> how);
    process.mayBeRepeated().forEach(each -> excused.merge(each, 1, Integer::sum));
    for (Sending sending : process.sends) {
      if (!sending.arrived && chance(0.3)) {
        arrive(sending);
      }
    }
    process = begin();
  }

  private void drain() {
    if (!process.draining) {
      trace(() -> "drain");
      process.draining = true;
      process.inbox.add(new Message.Drain());
    }
  }

  /** Nothing is in flight any more: what waits is written, and another process follows. */
  private void stop() {
    process.store.close();
    try {
      boolean more = true;
      while (more) {
        more = process.store.turn();
      }
    } catch (SimulatedStore.Crash crash) {
      trace(() -> "died while it stopped");
    }
    process.mayBeRepeated().forEach(each -> excused.merge(each, 1, Integer::sum));
    process = begin();
  }

  private void heal() {
    healing = true;
    trace(() -> "the world heals");
    sites.forEach((number, site) -> {
      site.configured = true;
      site.hold = EndpointPlan.Hold.NONE;
      site.mode = Mode.WELL;
    });
    tellPlan();
  }

  private void enableAll() {
    store.endpoints().stream()
        .filter(row -> row.health().state() == EndpointState.DISABLED)
        .forEach(row -> process.inbox.add(new Message.Enable(row.number())));
  }

  private void goOn() {
    turn();
    schedule();
    network();
    if (process.inbox.isEmpty() && process.sends.isEmpty() && !process.draining) {
      enableAll();
      now = Math.max(now + 1, Math.min(process.scheduler.wakeAt(), now + 1_000_000));
    }
  }

  private void checkEnd() {
    for (Map.Entry<Long, NewEvent> each : store.events.entrySet()) {
      for (int target : each.getValue().targets()) {
        var key = new DeliveryKey(target, each.getKey());
        if (!received.containsKey(key) && !store.dead.contains(key)) {
          throw broken(key + " was stored and never arrived");
        }
        if (store.terminals.getOrDefault(key, 0) != 1 + store.lives.getOrDefault(key, 0)) {
          throw broken(key + " ended " + store.terminals.getOrDefault(key, 0) + " times");
        }
      }
    }
    notices
        .wrong()
        .ifPresent(what -> {
          throw broken(what);
        });
    var kept = store.events.values().stream().map(each -> each.event().id()).toList();
    for (EventId id : acknowledged.keySet()) {
      if (!kept.contains(id) && !store.expired.contains(id)) {
        throw broken(id + " was acknowledged and is not there");
      }
    }
    received.forEach((key, times) -> {
      if (times > 1 + excused.getOrDefault(key, 0) + store.lives.getOrDefault(key, 0)) {
        throw broken(key + " arrived " + times + " times, and nothing explains it");
      }
    });
  }
}
