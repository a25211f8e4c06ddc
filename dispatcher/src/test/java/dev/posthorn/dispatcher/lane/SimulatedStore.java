package dev.posthorn.dispatcher.lane;

import dev.posthorn.core.config.KeyDenial;
import dev.posthorn.core.config.OutcomeClass;
import dev.posthorn.core.event.EventId;
import dev.posthorn.dispatcher.store.Accepted;
import dev.posthorn.dispatcher.store.Committed;
import dev.posthorn.dispatcher.store.DeliveryKey;
import dev.posthorn.dispatcher.store.DeliveryLog;
import dev.posthorn.dispatcher.store.DeliveryStore;
import dev.posthorn.dispatcher.store.EndingNotices;
import dev.posthorn.dispatcher.store.EndpointRow;
import dev.posthorn.dispatcher.store.EndpointState;
import dev.posthorn.dispatcher.store.Erasure;
import dev.posthorn.dispatcher.store.Holds;
import dev.posthorn.dispatcher.store.NewEvent;
import dev.posthorn.dispatcher.store.Next;
import dev.posthorn.dispatcher.store.OpenDelivery;
import dev.posthorn.dispatcher.store.Page;
import dev.posthorn.dispatcher.store.PageRequest;
import dev.posthorn.dispatcher.store.ReplayAnswer;
import dev.posthorn.dispatcher.store.ReplayAnswer.Opening;
import dev.posthorn.dispatcher.store.ReplayWrite;
import dev.posthorn.dispatcher.store.Side;
import dev.posthorn.dispatcher.store.StoreUnavailableException;
import dev.posthorn.dispatcher.store.Write;
import dev.posthorn.dispatcher.store.Written;
import java.io.Serial;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.SequencedSet;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.IntSupplier;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * A store in memory with the contract of the real ones, and with their faults: a transaction is
 * written, refused, in doubt, or ends the process. That it does what SQLite does is shown by {@code
 * SimulatedStoreTest}.
 */
final class SimulatedStore implements DeliveryStore {
  /** What becomes of a transaction. */
  enum Fault {
    /** Written. */
    NONE,
    /** Not written, and it says so. */
    REFUSED,
    /** Not written; nobody can tell. */
    LOST,
    /** Written; nobody can tell. */
    DONE,
    /** The process ends before it is written. */
    CRASH_BEFORE,
    /** The process ends after it is written, before anybody hears of it. */
    CRASH_AFTER
  }

  /** The process ends here. */
  static final class Crash extends RuntimeException {
    @Serial private static final long serialVersionUID = 1;
  }

  /** An open delivery; due is null until an attempt failed. */
  record Row(int n, @Nullable Long due, long accepted) {
    OpenDelivery key(long seq) {
      return new OpenDelivery(due == null ? 0 : due, seq, n, accepted);
    }
  }

  final NavigableMap<Long, NewEvent> events = new TreeMap<>();
  final Map<Integer, NavigableMap<Long, Row>> open = new HashMap<>();
  final Set<DeliveryKey> dead = new HashSet<>();
  final Set<EventId> expired = new HashSet<>();
  final Set<Long> erased = new HashSet<>();
  private final SequencedSet<String> erasing = new LinkedHashSet<>();
  final Map<DeliveryKey, Integer> terminals = new HashMap<>();

  /** How many times a delivery was opened again. */
  final Map<DeliveryKey, Integer> lives = new HashMap<>();

  private final Map<ByteBuffer, Long> keys = new HashMap<>();
  private final Set<String> noticeNames = new HashSet<>();
  private final List<Committed.AcceptedEvent> told = new ArrayList<>();
  private final Map<Integer, EndpointRow> endpoints = new TreeMap<>();
  private final int pageRows;
  private final Supplier<Fault> faults;
  private final IntSupplier expiring;
  private final SimulatedNotices notices;
  private long seq;

  /**
   * An empty one.
   *
   * @param pageRows rows in a full page
   * @param faults of the next transaction
   * @param expiring how many of the oldest events retention takes now
   * @param notices hears what is recorded, and what is told
   */
  SimulatedStore(
      int pageRows, Supplier<Fault> faults, IntSupplier expiring, SimulatedNotices notices) {
    this.pageRows = pageRows;
    this.faults = faults;
    this.expiring = expiring;
    this.notices = notices;
  }

  @Override
  public List<Written> write(List<Write> writes) {
    Fault fault = faults.get();
    switch (fault) {
      case REFUSED, LOST ->
          throw new StoreUnavailableException("not written", fault == Fault.LOST, null);
      case CRASH_BEFORE -> throw new Crash();
      case NONE, DONE, CRASH_AFTER -> {}
    }
    List<Written> answers = inRuns(writes);
    if (fault == Fault.DONE) {
      throw new StoreUnavailableException("in doubt", true, null);
    }
    if (fault == Fault.CRASH_AFTER) {
      throw new Crash();
    }
    return answers;
  }

  /** Outcomes and publishes beside each other are written kind by kind, then what they cause. */
  private List<Written> inRuns(List<Write> writes) {
    var answers = new ArrayList<Written>(writes.size());
    int end = 0;
    while (end < writes.size()) {
      int begin = end;
      while (end < writes.size() && inRun(writes.get(end))) {
        end++;
      }
      end = Math.max(end, begin + 1);
      answers.addAll(run(writes.subList(begin, end)));
    }
    return answers;
  }

  private static boolean inRun(Write write) {
    return write instanceof Write.Record || write instanceof Write.Accept;
  }

  private List<Written> run(List<Write> writes) {
    var answers = new HashMap<Integer, Written>();
    for (boolean publishes : List.of(false, true)) {
      for (int i = 0; i < writes.size(); i++) {
        if (writes.get(i) instanceof Write.Accept == publishes) {
          answers.put(i, apply(writes.get(i)));
        }
      }
    }
    return IntStream.range(0, writes.size())
        .mapToObj(i -> noticed(writes.get(i), Objects.requireNonNull(answers.get(i))))
        .toList();
  }

  private Written apply(Write write) {
    return switch (write) {
      case Write.Accept accept -> accept(accept);
      case Write.Record record -> record(record);
      case Write.Register(var name, var tenant, var _) ->
          new Written.Registered(
              endpoints.values().stream()
                  .filter(row -> row.name().equals(name))
                  .findFirst()
                  .orElseGet(() ->
                      register(
                          new EndpointRow(
                              endpoints.size() + 1, name, tenant, HEALTHY, Holds.NONE))));
      case Write.Health(var number, var health, var _) -> {
        EndpointRow row = Objects.requireNonNull(endpoints.get(number));
        if (!erasing.contains(row.tenant())) {
          notices.changed(row, health);
        }
        register(new EndpointRow(number, row.name(), row.tenant(), health, row.holds()));
        yield new Written.Done();
      }
      case Write.Hold(var number, var holds) -> {
        EndpointRow row = Objects.requireNonNull(endpoints.get(number));
        register(new EndpointRow(number, row.name(), row.tenant(), row.health(), holds));
        yield new Written.Done();
      }
      case Write.Removal _ -> new Written.Done();
      case Write.Retain retain -> retain(retain);
      case Write.Erase erase -> {
        boolean begins = erasing.add(erase.entry().tenant());
        yield new Written.Begun(erasure(erase.entry().tenant(), null), begins);
      }
      case Write.EraseSlice _ -> eraseSlice();
      case Write.Replaying(ReplayWrite replaying) -> replay((ReplayWrite.Redeliver) replaying);
      case Write.Reject _, Write.Audit _, Write.Probe _, Write.Release _, Write.AskEnable _ ->
          new Written.Done();
    };
  }

  /** A delivery that has ended has another life; one that waits for its retry waits no longer. */
  private Written replay(ReplayWrite.Redeliver write) {
    if (erasing.contains(write.audit().tenant())) {
      return new Written.Refused(write.audit().tenant());
    }
    DeliveryKey key = write.delivery();
    long now = write.now().toEpochMilli();
    Row row = rows(key.endpoint()).get(key.seq());
    if (!events.containsKey(key.seq())) {
      return replayed(Opening.EXPIRED, List.of());
    }
    if (row == null) {
      dead.remove(key);
      lives.merge(key, 1, Integer::sum);
      return dueNow(Opening.OPENED, key, new Row(0, now, now), null);
    }
    return row.due() == null || row.due() <= now
        ? replayed(Opening.DUE_ALREADY, List.of())
        : dueNow(Opening.HASTENED, key, new Row(row.n(), now, row.accepted()), row.due());
  }

  private Written dueNow(Opening opening, DeliveryKey key, Row row, @Nullable Long before) {
    rows(key.endpoint()).put(key.seq(), row);
    return replayed(
        opening, List.of(new Committed.DueNow(key.endpoint(), row.key(key.seq()), before)));
  }

  private static Written replayed(Opening opening, List<Committed.DueNow> due) {
    return new Written.Replayed(new ReplayAnswer.Redelivered(opening), due);
  }

  private static final EndpointRow.Health HEALTHY =
      new EndpointRow.Health(EndpointState.HEALTHY, Instant.EPOCH, null, 0, null, null, null);

  private EndpointRow register(EndpointRow row) {
    endpoints.put(row.number(), row);
    return row;
  }

  private static Erasure erasure(String tenant, @Nullable Instant completed) {
    return new Erasure(1, tenant, Instant.EPOCH, "ops", completed, Map.of());
  }

  /** Two events at a time. */
  private Written eraseSlice() {
    if (erasing.isEmpty()) {
      return new Written.Sliced(null, 0, false, null);
    }
    String tenant = erasing.getFirst();
    List<Long> oldest =
        events.entrySet().stream()
            .filter(each -> tenantOf(each.getValue()).equals(tenant))
            .map(Map.Entry::getKey)
            .limit(2)
            .toList();
    long deliveries = oldest.stream().mapToLong(this::erase).sum();
    boolean rowsLeft = oldest.size() == 2;
    if (rowsLeft) {
      return new Written.Sliced(tenant, deliveries, true, null);
    }
    erasing.remove(tenant);
    return new Written.Sliced(tenant, deliveries, false, erasure(tenant, Instant.EPOCH));
  }

  private long erase(long event) {
    NewEvent gone = Objects.requireNonNull(events.remove(event));
    expired.add(gone.event().id());
    erased.add(event);
    return open.values().stream().filter(rows -> rows.remove(event) != null).count();
  }

  private static String tenantOf(NewEvent event) {
    return event.event().published().tenant();
  }

  private Written accept(Write.Accept accept) {
    for (NewEvent each : accept.events()) {
      if (erasing.contains(tenantOf(each))) {
        return new Written.Refused(tenantOf(each));
      }
    }
    boolean known = accept.once() != null && !noticeNames.add(accept.once());
    var answers = new ArrayList<Accepted>();
    for (NewEvent each : accept.events()) {
      answers.add(known ? new Accepted.Duplicate(each.event().id()) : accept(each));
    }
    return new Written.Accepts(answers);
  }

  private Accepted accept(NewEvent added) {
    seq++;
    if (added.idempotencyKey().length > 0) {
      Long first = keys.putIfAbsent(ByteBuffer.wrap(added.idempotencyKey()), seq);
      NewEvent former = first == null ? null : events.get(first);
      if (former != null) {
        return new Accepted.Duplicate(former.event().id());
      }
      keys.put(ByteBuffer.wrap(added.idempotencyKey()), seq);
    }
    events.put(seq, added);
    for (int target : added.targets()) {
      rows(target).put(seq, new Row(0, null, added.event().accepted().toEpochMilli()));
    }
    return new Accepted.Stored(added.event().id(), seq);
  }

  NavigableMap<Long, Row> rows(int endpoint) {
    return open.computeIfAbsent(endpoint, _ -> new TreeMap<>());
  }

  private Written record(Write.Record write) {
    DeliveryKey key = write.attempt().delivery();
    Row row = rows(key.endpoint()).get(key.seq());
    NewEvent event = events.get(key.seq());
    boolean ofErased = event != null && erasing.contains(tenantOf(event));
    if (row == null || row.n() != write.attempt().n() - 1 || ofErased) {
      return new Written.Recorded(false, 0);
    }
    if (write.next() instanceof Next.Retry(var due, var _)) {
      rows(key.endpoint()).put(key.seq(), new Row(row.n() + 1, due.toEpochMilli(), row.accepted()));
    } else {
      end(key, write.next() instanceof Next.Dead);
      if (write.next() instanceof Next.Dead && event != null) {
        notices.ended(key, write.attempt().n(), event);
      }
    }
    return new Written.Recorded(true, row.accepted());
  }

  /** A delivery that was neither delivered nor given up goes. */
  void drop(DeliveryKey key) {
    end(key, false);
  }

  private void end(DeliveryKey key, boolean isDead) {
    rows(key.endpoint()).remove(key.seq());
    terminals.merge(key, 1, Integer::sum);
    if (isDead) {
      dead.add(key);
    }
  }

  /** The oldest events go; what is open of them ends first. */
  private Written retain(Write.Retain retain) {
    var ended = new ArrayList<Written.Ended>();
    var groups = new TreeMap<Integer, Integer>();
    for (int i = expiring.getAsInt(); i > 0 && !events.isEmpty(); i--) {
      Map.Entry<Long, NewEvent> oldest = Objects.requireNonNull(events.pollFirstEntry());
      expired.add(oldest.getValue().event().id());
      for (int target : new TreeSet<>(open.keySet())) {
        Row row = rows(target).get(oldest.getKey());
        if (row != null) {
          var key = new DeliveryKey(target, oldest.getKey());
          end(key, true);
          ended.add(new Written.Ended(key, row.n() + 1, row.accepted(), OutcomeClass.EXPIRED));
          if (!SimulatedNotices.ofSystem(oldest.getValue())) {
            groups.merge(target, 1, Integer::sum);
          }
        }
      }
    }
    groups.forEach((endpoint, deliveries) -> ended(retain, endpoint, deliveries));
    return new Written.Retained(ended, false);
  }

  private void ended(Write.Retain retain, int endpoint, int deliveries) {
    var ending = new EndingNotices.Ending(endpoint, OutcomeClass.EXPIRED, deliveries, retain.now());
    Write.Accept notice = retain.notices().of(ending);
    if (notice != null && !erasing.contains(tenantOf(notice.events().getFirst()))) {
      notices.ended(ending);
      tell(List.of(notice));
    }
  }

  /** What is told with a cause is written with it, or not at all. */
  private Written noticed(Write write, Written answer) {
    if (write instanceof Write.Record record && ((Written.Recorded) answer).applied()) {
      tell(record.notices());
    } else if (write instanceof Write.Health health) {
      tell(health.notices());
    }
    if (told.isEmpty()) {
      return answer;
    }
    var noticed = new Written.Noticed(answer, List.copyOf(told));
    told.clear();
    return noticed;
  }

  private void tell(List<Write.Accept> all) {
    for (Write.Accept notice : all) {
      if (accept(notice) instanceof Written.Accepts(var answers)) {
        for (int i = 0; i < answers.size(); i++) {
          if (answers.get(i) instanceof Accepted.Stored stored) {
            NewEvent event = notice.events().get(i);
            notices.told(event);
            told.add(new Committed.AcceptedEvent(stored.seq(), event.event(), event.targets()));
          }
        }
      }
    }
  }

  @Override
  public List<Page> pages(List<PageRequest> requests) {
    return requests.stream().map(this::page).toList();
  }

  private Page page(PageRequest request) {
    var after = new OpenDelivery(request.afterDue(), request.afterSeq(), 0, 0);
    List<OpenDelivery> rows =
        rows(request.endpoint()).entrySet().stream()
            .filter(each -> (each.getValue().due() == null) == (request.side() == Side.FRESH))
            .map(each -> each.getValue().key(each.getKey()))
            .filter(row -> row.compareTo(after) > 0)
            .sorted()
            .limit(pageRows)
            .toList();
    return new Page(request, rows, rows.size() == pageRows);
  }

  /** The id of the event under a producer's key; null where there is none any more. */
  @Nullable EventId known(byte[] key) {
    Long first = keys.get(ByteBuffer.wrap(key));
    NewEvent event = first == null ? null : events.get(first);
    return event == null ? null : event.event().id();
  }

  @Override
  public List<EndpointRow> endpoints() {
    return List.copyOf(endpoints.values());
  }

  @Override
  public List<KeyDenial> denials() {
    return List.of();
  }

  @Override
  public List<String> erasing() {
    return List.copyOf(erasing);
  }

  @Override
  public @Nullable Erasure erasure(String tenant) {
    return erasure(tenant, erasing.contains(tenant) ? null : Instant.EPOCH);
  }

  @Override
  public void maintain(boolean idle) {}

  @Override
  public DeliveryLog log() {
    throw new UnsupportedOperationException("nothing here reads the log");
  }

  @Override
  public void close() {}
}
