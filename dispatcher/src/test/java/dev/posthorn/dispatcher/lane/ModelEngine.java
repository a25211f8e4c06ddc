package dev.posthorn.dispatcher.lane;

import dev.posthorn.core.config.OutcomeClass;
import dev.posthorn.core.config.ResourceName;
import dev.posthorn.core.event.Event;
import dev.posthorn.core.event.EventData;
import dev.posthorn.core.event.EventId;
import dev.posthorn.core.event.PublishedEvent;
import dev.posthorn.dispatcher.store.Attempt;
import dev.posthorn.dispatcher.store.AttemptDetail;
import dev.posthorn.dispatcher.store.Committed;
import dev.posthorn.dispatcher.store.DeliveryKey;
import dev.posthorn.dispatcher.store.EndpointRow;
import dev.posthorn.dispatcher.store.EndpointState;
import dev.posthorn.dispatcher.store.Erasure;
import dev.posthorn.dispatcher.store.Holds;
import dev.posthorn.dispatcher.store.Next;
import dev.posthorn.dispatcher.store.OpenDelivery;
import dev.posthorn.dispatcher.store.Page;
import dev.posthorn.dispatcher.store.PageRequest;
import dev.posthorn.dispatcher.store.Side;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The real scheduler around a store, a transport and a clock that are models: everything happens in
 * one thread and simulated time, and the same seed gives the same history.
 */
final class ModelEngine {
  final List<Attempt> attempts = new ArrayList<>();
  final List<Command.SaveHealth> healths = new ArrayList<>();
  final Map<Integer, Receiver> receivers = new HashMap<>();
  final Map<Integer, Integer> mostAtOnce = new HashMap<>();
  final Map<DeliveryKey, Row> open = new HashMap<>();
  final List<DeliveryKey> dead = new ArrayList<>();
  final List<String> stopped = new ArrayList<>();
  final Set<DeliveryKey> inFlight = new HashSet<>();
  int sentTwiceAtOnce;
  boolean drained;
  long now = 1_000_000;

  private final Scheduler scheduler;
  private final PriorityQueue<Arrival> arrivals = new PriorityQueue<>();
  private final Map<Integer, Integer> sending = new HashMap<>();
  private final List<Committed.Recorded> recorded = new ArrayList<>();
  private final List<PageRequest> asked = new ArrayList<>();
  private long seq;

  /** What a receiver answers to attempt {@code n} of a delivery, and after how long. */
  interface Receiver {
    Answer answer(DeliveryKey delivery, int n, long now);
  }

  record Answer(OutcomeClass outcome, int status, long millis, long retryAfterMillis) {
    static Answer ok(long millis) {
      return new Answer(OutcomeClass.DELIVERED, 204, millis, 0);
    }

    static Answer status(int status, long millis) {
      OutcomeClass outcome =
          switch (status) {
            case 410 -> OutcomeClass.HTTP_410;
            case 429 -> OutcomeClass.HTTP_429;
            default -> OutcomeClass.HTTP_5XX;
          };
      return new Answer(outcome, status, millis, 0);
    }
  }

  record Row(int n, @Nullable Long due, long accepted) {}

  private record Arrival(long at, long order, Message message) implements Comparable<Arrival> {
    @Override
    public int compareTo(Arrival other) {
      int byTime = Long.compare(at, other.at);
      return byTime != 0 ? byTime : Long.compare(order, other.order);
    }
  }

  ModelEngine(long seed) {
    scheduler = new Scheduler(new Random(seed));
  }

  static EndpointPlan plan(int number, String tenant) {
    var name = new ResourceName(tenant, "endpoint-" + number);
    var health =
        new EndpointRow.Health(EndpointState.HEALTHY, Instant.EPOCH, null, 0, null, null, null);
    return new EndpointPlan(
        new EndpointRow(number, name, tenant, health, Holds.NONE),
        EndpointPlan.Hold.NONE,
        10,
        List.of(5_000L, 30_000L),
        432_000_000,
        432_000_000,
        null,
        false,
        0,
        null);
  }

  void configure(EndpointPlan... endpoints) {
    configure(new TenantPlan(1, 50), Map.of(), 512, endpoints);
  }

  void configure(
      TenantPlan share, Map<String, TenantPlan> shares, int max, EndpointPlan... endpoints) {
    tell(new Message.Configured(new Plan(List.of(endpoints), shares, share, max, false)));
  }

  /** Stores an event with one open delivery per target. */
  long accept(Integer... targets) {
    seq++;
    for (int target : targets) {
      open.put(new DeliveryKey(target, seq), new Row(0, null, now));
    }
    var event = new Committed.AcceptedEvent(seq, event(), List.of(targets));
    tell(new Message.Stored(new Committed(List.of(event), List.of(), List.of(), false)));
    return seq;
  }

  private Event event() {
    Instant accepted = Instant.ofEpochMilli(now);
    var published = PublishedEvent.of("tenant", "type", EventData.none());
    return new Event(EventId.next(accepted, new Random(seq)), accepted, published);
  }

  long lastSeq() {
    return seq;
  }

  /** Stores a delivery behind the scheduler's back, as an earlier process would have. */
  void seed(int endpoint, int attempts, @Nullable Long due) {
    seq++;
    open.put(new DeliveryKey(endpoint, seq), new Row(attempts, due, now));
  }

  /** Opens a delivery again, or makes its retry due now, as the store would. */
  void redeliver(DeliveryKey key) {
    Row row = open.get(key);
    if (row == null) {
      dead.remove(key);
      dueNow(key, new Row(0, now, now), null);
    } else if (row.due() != null && row.due() > now) {
      dueNow(key, new Row(row.n(), now, row.accepted()), row.due());
    }
  }

  /** Makes a retry due now, whether it is already or not. */
  void hasten(DeliveryKey key) {
    Row row = known(open.get(key));
    dueNow(key, new Row(row.n(), now, row.accepted()), row.due());
  }

  private void dueNow(DeliveryKey key, Row row, @Nullable Long before) {
    open.put(key, row);
    var due =
        new Committed.DueNow(
            key.endpoint(), new OpenDelivery(now, key.seq(), row.n(), row.accepted()), before);
    tell(
        new Message.Stored(
            new Committed(List.of(), List.of(), 0, List.of(due), List.of(), false, List.of())));
  }

  void tell(Message message) {
    scheduler.handle(message, now, this::execute);
    settle();
  }

  /** The first transaction of an erasure and all its slices, but not its end. */
  void erase(String tenant, Integer... endpoints) {
    tell(new Message.StopTenant(tenant, Set.of(endpoints), true));
    tell(stored(new Committed.Erased(tenant, true, 0, null)));
    open.keySet().removeIf(key -> List.of(endpoints).contains(key.endpoint()));
  }

  void erased(String tenant) {
    var erasure = new Erasure(1, tenant, Instant.EPOCH, "ops", Instant.EPOCH, Map.of());
    tell(stored(new Committed.Erased(tenant, false, 0, erasure)));
  }

  static Message stored(Committed.Erased erased) {
    return new Message.Stored(
        new Committed(List.of(), List.of(), 0, List.of(), List.of(), false, List.of(erased)));
  }

  /** Lets time pass until nothing happens any more or {@code millis} are over. */
  void run(long millis) {
    long end = now + millis;
    while (true) {
      Arrival first = arrivals.peek();
      long next = Math.min(first == null ? Long.MAX_VALUE : first.at(), scheduler.wakeAt());
      if (next > end) {
        now = end;
        return;
      }
      now = Math.max(now, next);
      if (first != null && first.at() <= now) {
        arrivals.remove();
        if (first.message() instanceof Message.Finished(var delivery, var _)) {
          sending.merge(delivery.endpoint(), -1, Integer::sum);
          inFlight.remove(delivery);
        }
        scheduler.handle(first.message(), now, this::execute);
      }
      settle();
    }
  }

  /** The store thread's turns, until there is nothing to write or read. */
  private void settle() {
    scheduler.pump(now, this::execute);
    while (!recorded.isEmpty() || !asked.isEmpty()) {
      var pages = asked.stream().map(this::read).toList();
      var turn = new Committed(List.of(), List.copyOf(recorded), pages, false);
      recorded.clear();
      asked.clear();
      scheduler.handle(new Message.Stored(turn), now, this::execute);
      scheduler.pump(now, this::execute);
    }
  }

  private void execute(Command command) {
    switch (command) {
      case Command.Send(var delivery, var n) -> send(delivery, n);
      case Command.RecordAttempt(var attempt, var next, var _) -> record(attempt, next);
      case Command.ReadPage(var request) -> asked.add(request);
      case Command.SaveHealth save -> healths.add(save);
      case Command.SaveHolds _, Command.ReleaseLane _ -> {}
      case Command.TenantStopped(var tenant) -> stopped.add(tenant);
      case Command.Drained() -> drained = true;
    }
  }

  private static <T> T known(@Nullable T value) {
    return Objects.requireNonNull(value);
  }

  private void send(DeliveryKey delivery, int n) {
    sentTwiceAtOnce += inFlight.add(delivery) ? 0 : 1;
    int under = sending.merge(delivery.endpoint(), 1, Integer::sum);
    mostAtOnce.merge(delivery.endpoint(), under, Math::max);
    Answer answer = known(receivers.get(delivery.endpoint())).answer(delivery, n, now);
    var result =
        new Message.Result(
            now,
            now + answer.millis(),
            answer.outcome(),
            answer.status(),
            null,
            answer.retryAfterMillis(),
            null,
            AttemptDetail.NONE);
    arrivals.add(
        new Arrival(
            now + answer.millis(), arrivals.size(), new Message.Finished(delivery, result)));
  }

  private void record(Attempt attempt, Next next) {
    attempts.add(attempt);
    DeliveryKey key = attempt.delivery();
    Row row = known(open.get(key));
    switch (next) {
      case Next.Delivered() -> open.remove(key);
      case Next.Retry(var due, var _) ->
          open.put(key, new Row(attempt.n(), due.toEpochMilli(), row.accepted()));
      case Next.Dead() -> {
        open.remove(key);
        dead.add(key);
      }
    }
    recorded.add(new Committed.Recorded(key, attempt.n(), next, row.accepted(), true));
  }

  private Page read(PageRequest request) {
    var rows = new TreeMap<OpenDelivery, OpenDelivery>();
    open.forEach((key, row) -> {
      Long stored = row.due();
      boolean fresh = stored == null;
      if (key.endpoint() == request.endpoint() && fresh == (request.side() == Side.FRESH)) {
        var each =
            new OpenDelivery(stored == null ? 0 : stored, key.seq(), row.n(), row.accepted());
        rows.put(each, each);
      }
    });
    var after = new OpenDelivery(request.afterDue(), request.afterSeq(), 0, 0);
    var page = rows.tailMap(after, false).values().stream().limit(PageRequest.ROWS).toList();
    return new Page(request, page, page.size() == PageRequest.ROWS);
  }
}
