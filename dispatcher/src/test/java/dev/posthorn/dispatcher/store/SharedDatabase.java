package dev.posthorn.dispatcher.store;

import dev.posthorn.core.config.KeyDenial;
import dev.posthorn.core.config.ResourceName;
import java.nio.ByteBuffer;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BiPredicate;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A database in memory that several processes share by the real {@link Rounds}. Transactions are
 * refused, in doubt, or committed late: a process may have taken its numbers long before.
 */
public final class SharedDatabase {
  /** How long a process may be silent. */
  public static final long LEASE_MILLIS = 15_000;

  private static final long MARGIN_MILLIS = 2_000;

  /** A defect that the protocol could have. */
  public enum Defect {
    /** None. */
    NONE,
    /** One cursor per lane, for all writers. */
    ONE_CURSOR,
    /** A statement of the feed reads one writer's events only. */
    ONE_WRITER_A_READ,
    /** The feed is read before the pages. */
    FEED_FIRST,
    /** Pages count although the feed was not read to its end. */
    UNFED_PAGES,
    /** Who is gone is not heard any more, though nobody may have heard of him. */
    FORGOTTEN_WRITERS,
    /** An idempotency key is forgotten once its event is stored. */
    FORGOTTEN_KEYS,
    /** Writes are not fenced. */
    NO_FENCE
  }

  /** What becomes of a transaction. */
  public enum Fault {
    /** Written. */
    NONE,
    /** Not written, and it says so. */
    REFUSED,
    /** Not written; nobody can tell. */
    LOST,
    /** Written; nobody can tell. */
    DONE
  }

  private record Row(int n, @Nullable Long due, long accepted) {
    OpenDelivery key(long seq) {
      return new OpenDelivery(due == null ? 0 : due, seq, n, accepted);
    }
  }

  private static final EndpointRow.Health HEALTHY =
      new EndpointRow.Health(EndpointState.HEALTHY, Instant.EPOCH, null, 0, null, null, null);

  private final NavigableMap<Long, NewEvent> events = new TreeMap<>();
  private final Map<Integer, Map<Long, NavigableMap<Long, NewEvent>>> written = new TreeMap<>();
  private final Map<Integer, NavigableMap<Long, Row>> open = new TreeMap<>();
  private final Set<DeliveryKey> dead = new HashSet<>();
  private final Map<DeliveryKey, Integer> terminals = new HashMap<>();
  private final Map<ByteBuffer, Long> keys = new HashMap<>();
  private final NavigableMap<Long, Long> nodes = new TreeMap<>();
  private final Set<Long> senders = new HashSet<>();
  private final Map<Long, Long> departed = new TreeMap<>();
  private final @Nullable Long[] lanes = new @Nullable Long[Lane.COUNT];
  private final Map<Integer, EndpointRow> endpoints = new TreeMap<>();
  private final LongSupplier clock;
  private final Supplier<Fault> faults;
  private final Runnable between;
  private final int pageRows;
  private final int feedRows;
  private final Defect defect;
  private long lastSeq;
  private long lastNode;

  /**
   * An empty one.
   *
   * @param faults of the next transaction
   * @param between runs between two reads of a round: others write then
   */
  public SharedDatabase(
      LongSupplier clock,
      Supplier<Fault> faults,
      Runnable between,
      int pageRows,
      int feedRows,
      Defect defect) {
    this.clock = clock;
    this.faults = faults;
    this.between = between;
    this.pageRows = pageRows;
    this.feedRows = feedRows;
    this.defect = defect;
  }

  /** Makes an endpoint. */
  public EndpointRow register(String tenant) {
    int number = endpoints.size() + 1;
    var name = new ResourceName(tenant, "endpoint-" + number);
    var row = new EndpointRow(number, name, tenant, HEALTHY, Holds.NONE);
    endpoints.put(number, row);
    open.put(number, new TreeMap<>());
    return row;
  }

  public List<EndpointRow> endpoints() {
    return List.copyOf(endpoints.values());
  }

  /** Deletes the rows of processes whose lease has ended. */
  public void reap() {
    List<Long> gone =
        nodes.entrySet().stream()
            .filter(each -> each.getValue() < clock.getAsLong())
            .map(Map.Entry::getKey)
            .toList();
    gone.forEach(this::remove);
    departed.values().removeIf(time -> time < clock.getAsLong() - 4 * LEASE_MILLIS);
  }

  private void remove(long node) {
    depart(node);
    for (int lane = 0; lane < lanes.length; lane++) {
      if (Objects.equals(lanes[lane], node)) {
        lanes[lane] = null;
      }
    }
  }

  private void depart(long node) {
    if (nodes.remove(node) != null) {
      departed.put(node, clock.getAsLong());
    }
  }

  private Set<Long> writers(long but) {
    var all = new HashSet<>(nodes.keySet());
    if (defect != Defect.FORGOTTEN_WRITERS) {
      all.addAll(departed.keySet());
    }
    all.remove(but);
    return all;
  }

  /** Whether no delivery is open. */
  public boolean isEmpty() {
    return open.values().stream().allMatch(Map::isEmpty);
  }

  /** Keys of open deliveries of an endpoint before {@code seq}. */
  public Set<Long> openBefore(int endpoint, long seq) {
    return rows(endpoint).headMap(seq, false).keySet();
  }

  /** The event with a number. */
  public NewEvent event(long seq) {
    return Objects.requireNonNull(events.get(seq));
  }

  /** What is wrong at the end, when everything is open no more; null for nothing. */
  public @Nullable String wrong(Set<DeliveryKey> received) {
    for (Map.Entry<Long, NewEvent> each : events.entrySet()) {
      for (int target : each.getValue().targets()) {
        var key = new DeliveryKey(target, each.getKey());
        if (!received.contains(key) && !dead.contains(key)) {
          return key + " was stored and never arrived";
        }
        if (terminals.getOrDefault(key, 0) != 1) {
          return key + " ended " + terminals.getOrDefault(key, 0) + " times";
        }
      }
    }
    return null;
  }

  /** What is open, to be read by people. */
  public String said() {
    String all = open.toString();
    return all.substring(0, Math.min(all.length(), 300));
  }

  private NavigableMap<Long, Row> rows(int endpoint) {
    return Objects.requireNonNull(open.get(endpoint));
  }

  private String tenantOf(int endpoint) {
    return Objects.requireNonNull(endpoints.get(endpoint)).tenant();
  }

  /** A process among those that use it. */
  public final class Node implements DeliveryStore {
    private final Deque<Long> reserved = new ArrayDeque<>();
    private final boolean sends;
    private long id;
    private boolean joined;
    private boolean cut = true;
    private long sendUntil;
    private Rounds rounds;

    /**
     * One that has not joined.
     *
     * @param sends whether it takes lanes
     */
    public Node(boolean sends) {
      this.sends = sends;
      rounds = rounds(() -> 0, 1);
    }

    private Rounds rounds(LongSupplier nanos, int mostReads) {
      return new Rounds(new Tables(), nanos, feedRows, mostReads, LEASE_MILLIS * 1_000_000, sends);
    }

    /** Renews the lease; false where the row is gone. */
    public boolean renew() {
      if (!joined || !nodes.containsKey(id)) {
        return !joined;
      }
      nodes.put(id, clock.getAsLong() + LEASE_MILLIS);
      sendUntil = clock.getAsLong() + LEASE_MILLIS - MARGIN_MILLIS;
      return true;
    }

    /** A transaction begins, and takes numbers; whatever else is committed before it. */
    public void reserve(int count) {
      for (int i = 0; joined && i < count; i++) {
        reserved.add(++lastSeq);
      }
    }

    /** Whether the lane of an endpoint is its own, as the database has it. */
    public boolean hasLaneOf(int endpoint) {
      return Objects.equals(lanes[Lane.of(tenantOf(endpoint))], id);
    }

    /** Whether it has heard of all that others have stored for its lanes. */
    public boolean hasHeardAll() {
      if (cut) {
        return false;
      }
      for (Map.Entry<Integer, Map<Long, NavigableMap<Long, NewEvent>>> lane : written.entrySet()) {
        for (Map.Entry<Long, NavigableMap<Long, NewEvent>> writer : lane.getValue().entrySet()) {
          long heard =
              rounds.cursors().of(lane.getKey(), defect == Defect.ONE_CURSOR ? 0 : writer.getKey());
          if (rounds.owns(lane.getKey())
              && writers(id).contains(writer.getKey())
              && writer.getValue().lastKey() > heard) {
            return false;
          }
        }
      }
      return true;
    }

    /** Open deliveries of an endpoint that are neither held nor left for later. */
    public List<Long> forgotten(int endpoint, BiPredicate<Side, OpenDelivery> accountsFor) {
      return rows(endpoint).entrySet().stream()
          .filter(each -> {
            Side side = each.getValue().due() == null ? Side.FRESH : Side.RETRY;
            return !accountsFor.test(side, each.getValue().key(each.getKey()));
          })
          .map(Map.Entry::getKey)
          .toList();
    }

    private void join() {
      long former = id;
      if (joined && !nodes.containsKey(former)) {
        throw new IllegalStateException("this process has ended");
      }
      id = ++lastNode;
      nodes.put(id, clock.getAsLong() + LEASE_MILLIS);
      for (int lane = 0; joined && lane < lanes.length; lane++) {
        if (Objects.equals(lanes[lane], former)) {
          lanes[lane] = id;
        }
      }
      depart(former);
      reserved.clear();
      rounds = rounds(() -> clock.getAsLong() * 1_000_000, 2);
      if (sends) {
        senders.add(id);
      }
      sendUntil = Math.max(sendUntil, clock.getAsLong() + LEASE_MILLIS - MARGIN_MILLIS);
      joined = true;
      cut = false;
    }

    private void connect() {
      if (cut) {
        join();
      }
    }

    @Override
    public List<Written> write(List<Write> writes) {
      connect();
      if (!nodes.containsKey(id) && defect != Defect.NO_FENCE) {
        throw new IllegalStateException("this process has ended");
      }
      Fault fault = faults.get();
      cut = fault != Fault.NONE;
      if (fault == Fault.REFUSED || fault == Fault.LOST) {
        throw new StoreUnavailableException("not written", fault == Fault.LOST, null);
      }
      List<Written> answers = writes.stream().map(this::apply).toList();
      reserved.clear();
      if (fault == Fault.DONE) {
        throw new StoreUnavailableException("in doubt", true, null);
      }
      return answers;
    }

    private Written apply(Write write) {
      return switch (write) {
        case Write.Accept accept ->
            new Written.Accepts(accept.events().stream().map(this::accept).toList());
        case Write.Record record -> record(record);
        case Write.Health(var number, var health, var _) -> {
          EndpointRow row = Objects.requireNonNull(endpoints.get(number));
          endpoints.put(
              number, new EndpointRow(number, row.name(), row.tenant(), health, row.holds()));
          yield new Written.Done();
        }
        case Write.Release(var lane) -> {
          if (Objects.equals(lanes[lane], id)) {
            lanes[lane] = null;
          }
          rounds.released(lane);
          yield new Written.Done();
        }
        case Write.Retain _ -> new Written.Retained(List.of(), false);
        default -> new Written.Done();
      };
    }

    private Accepted accept(NewEvent added) {
      Long number = reserved.poll();
      long seq = number == null ? ++lastSeq : number;
      if (added.idempotencyKey().length > 0 && defect != Defect.FORGOTTEN_KEYS) {
        Long first = keys.putIfAbsent(ByteBuffer.wrap(added.idempotencyKey()), seq);
        if (first != null) {
          return new Accepted.Duplicate(event(first).event().id());
        }
      }
      events.put(seq, added);
      written
          .computeIfAbsent(Lane.of(added.event().published().tenant()), _ -> new TreeMap<>())
          .computeIfAbsent(id, _ -> new TreeMap<>())
          .put(seq, added);
      for (int target : added.targets()) {
        rows(target).put(seq, new Row(0, null, added.event().accepted().toEpochMilli()));
      }
      return new Accepted.Stored(added.event().id(), seq);
    }

    private Written record(Write.Record write) {
      DeliveryKey key = write.attempt().delivery();
      Row row = rows(key.endpoint()).get(key.seq());
      if (row == null || row.n() != write.attempt().n() - 1) {
        return new Written.Recorded(false, 0);
      }
      if (write.next() instanceof Next.Retry(var due, var _)) {
        rows(key.endpoint())
            .put(key.seq(), new Row(row.n() + 1, due.toEpochMilli(), row.accepted()));
      } else {
        rows(key.endpoint()).remove(key.seq());
        terminals.merge(key, 1, Integer::sum);
        if (write.next() instanceof Next.Dead) {
          dead.add(key);
        }
      }
      return new Written.Recorded(true, row.accepted());
    }

    @Override
    public Round round(List<PageRequest> requests) {
      connect();
      try {
        if (defect == Defect.FEED_FIRST) {
          Round fed = rounds.read(List.of());
          between.run();
          return new Round(pages(requests), fed.shared(), true);
        }
        if (defect == Defect.UNFED_PAGES) {
          List<Page> pages = pages(requests);
          between.run();
          Round fed = rounds.read(List.of());
          return new Round(pages, fed.shared(), true);
        }
        return rounds.read(requests);
      } catch (SQLException e) {
        cut = true;
        throw new StoreUnavailableException("joins anew", false, e);
      }
    }

    @Override
    public List<Page> pages(List<PageRequest> requests) {
      return requests.stream().map(this::page).toList();
    }

    private Page page(PageRequest request) {
      var after = new OpenDelivery(request.afterDue(), request.afterSeq(), 0, 0);
      List<OpenDelivery> found =
          rows(request.endpoint()).entrySet().stream()
              .filter(each -> (each.getValue().due() == null) == (request.side() == Side.FRESH))
              .map(each -> each.getValue().key(each.getKey()))
              .filter(row -> row.compareTo(after) > 0)
              .sorted()
              .limit(pageRows)
              .toList();
      return new Page(request, found, found.size() == pageRows);
    }

    @Override
    public boolean isShared() {
      return true;
    }

    @Override
    public boolean keeps() {
      return rounds.owns(0);
    }

    @Override
    public List<EndpointRow> endpoints() {
      return SharedDatabase.this.endpoints();
    }

    @Override
    public List<KeyDenial> denials() {
      return List.of();
    }

    @Override
    public List<String> erasing() {
      return List.of();
    }

    @Override
    public @Nullable Erasure erasure(String tenant) {
      return null;
    }

    @Override
    public void maintain(boolean idle) {}

    @Override
    public DeliveryLog log() {
      throw new UnsupportedOperationException("nothing here reads the log");
    }

    @Override
    public void close() {}

    /** What the protocol reads, others' writes in between. */
    private final class Tables implements LaneTables {
      @Override
      public Lanes lanes() {
        var mine = new TreeSet<Integer>();
        var free = new ArrayList<Integer>();
        for (int lane = 0; lane < lanes.length; lane++) {
          if (lanes[lane] == null) {
            free.add(lane);
          } else if (lanes[lane] == id) {
            mine.add(lane);
          }
        }
        if (!nodes.containsKey(id)) {
          throw new IllegalStateException("this process has ended");
        }
        int workers = (int) nodes.keySet().stream().filter(senders::contains).count();
        return new Lanes(mine, free, workers);
      }

      @Override
      public Set<Integer> take(Collection<Integer> wanted) {
        between.run();
        if (!nodes.containsKey(id)) {
          throw new IllegalStateException("this process has ended");
        }
        var taken = new TreeSet<Integer>();
        for (int lane : wanted) {
          if (lanes[lane] == null) {
            lanes[lane] = id;
            taken.add(lane);
          }
        }
        between.run();
        return taken;
      }

      @Override
      public Map<Integer, Map<Long, Long>> newest(Collection<Integer> of, Set<Long> known) {
        var newest = new HashMap<Integer, Map<Long, Long>>();
        written.forEach((lane, byWriter) -> {
          if (of.contains(lane)) {
            byWriter.forEach((writer, own) -> {
              if (writers(id).contains(writer) || known.contains(writer)) {
                newest
                    .computeIfAbsent(lane, _ -> new HashMap<>())
                    .merge(cursor(writer), own.lastKey(), Math::max);
              }
            });
          }
        });
        newest.values().forEach(each -> each.remove(id));
        between.run();
        return newest;
      }

      private long cursor(long writer) {
        return defect == Defect.ONE_CURSOR && writer != id ? 0 : writer;
      }

      @Override
      public List<EndpointRow> endpoints(Collection<Integer> of) {
        return endpoints.values().stream()
            .filter(row -> of.contains(Lane.of(row.tenant())))
            .toList();
      }

      @Override
      public List<EndpointRow> endpointsBeside(Collection<Integer> of) {
        return List.of();
      }

      @Override
      public Feed feed(Collection<Integer> of, Cursors cursors, int most) {
        between.run();
        Set<Long> writers = writers(id);
        var heard = new HashSet<>(writers);
        heard.addAll(cursors.writers());
        var rows = new ArrayList<FedRow>();
        written.forEach((lane, byWriter) -> {
          if (of.contains(lane)) {
            byWriter.forEach((writer, own) -> {
              if (heard.contains(writer) && writer != id) {
                own.tailMap(cursors.of(lane, cursor(writer)), false)
                    .forEach((seq, event) -> rows.add(fed(lane, writer, seq, event)));
              }
            });
          }
        });
        if (defect == Defect.ONE_WRITER_A_READ && !rows.isEmpty()) {
          long only = rows.getLast().writer();
          rows.removeIf(row -> row.writer() != only);
        }
        rows.sort(Comparator.comparingLong(row -> row.event().seq()));
        List<FedRow> first = List.copyOf(rows.subList(0, Math.min(most, rows.size())));
        if (defect == Defect.ONE_CURSOR) {
          writers.add(0L);
        }
        return new Feed(writers, first, List.of(), 0);
      }

      private FedRow fed(int lane, long writer, long seq, NewEvent event) {
        return new FedRow(
            lane,
            cursor(writer),
            new Shared.FedEvent(
                seq, event.event().accepted().toEpochMilli(), List.copyOf(event.targets())));
      }

      @Override
      public List<Page> pages(List<PageRequest> requests) {
        List<Page> pages = Node.this.pages(requests);
        between.run();
        return pages;
      }

      @Override
      public List<String> erasing() {
        return List.of();
      }

      @Override
      public List<KeyDenial> denials() {
        return List.of();
      }

      @Override
      public long sendMillis() {
        return sendUntil - clock.getAsLong();
      }
    }
  }
}
