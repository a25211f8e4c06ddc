package dev.posthorn.dispatcher.store;

import dev.posthorn.core.event.EventId;
import dev.posthorn.dispatcher.store.NewestFirst.Entry;
import dev.posthorn.dispatcher.store.Readers.Query;
import dev.posthorn.dispatcher.store.Readers.Reader;
import dev.posthorn.dispatcher.store.Sealer.Purpose;
import dev.posthorn.dispatcher.store.Tenants.Tenant;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The delivery log, read beside the store thread. */
final class SqlDeliveryLog implements DeliveryLog, AutoCloseable {
  private static final String DEAD_LETTER =
      "SELECT d.endpoint, d.seq, e.id, e.type, d.time, d.outcome FROM dead_letter d"
          + " JOIN event e ON e.seq = d.seq WHERE d.endpoint = ? AND d.seq = ? AND e.tenant = ?";

  private static final String OPEN_AT =
      "SELECT d.endpoint FROM endpoint o JOIN delivery d ON d.endpoint = o.number AND d.seq = ?"
          + " WHERE o.tenant = ?";

  private final Database database;
  private final Tally tally;
  private final StoredBytes stored;
  private final Readers readers;
  private final SqlReplayLog replays;

  SqlDeliveryLog(Database database, Tally tally, StoredBytes stored) {
    this.database = database;
    this.tally = tally;
    this.stored = stored;
    readers = new Readers(database);
    replays = new SqlReplayLog(readers);
  }

  @Override
  public Slice<StoredEvent> events(String tenant, Range range, @Nullable String type) {
    return list(tenant, range, (reader, of) -> new EventRowReader(reader).list(of, range, type));
  }

  @Override
  public Optional<StoredEvent> event(String tenant, EventId id) {
    return one(tenant, (reader, of) -> new EventRowReader(reader).byId(of, id));
  }

  @Override
  public Optional<StoredEvent> load(long seq) {
    return readers.read(reader -> Optional.ofNullable(new EventRowReader(reader).bySeq(seq)));
  }

  @Override
  public Optional<byte[]> frozenBody(DeliveryKey delivery) {
    return readers.read(reader ->
        Optional.ofNullable(
            reader
                .sql(
                    "SELECT d.body, e.tenant FROM delivery d JOIN event e ON e.seq = d.seq"
                        + " WHERE d.endpoint = ? AND d.seq = ?")
                .first(row -> body(reader, row, delivery), delivery.endpoint(), delivery.seq())));
  }

  private static byte @Nullable [] body(Reader reader, ResultSet row, DeliveryKey delivery)
      throws SQLException {
    byte[] body = row.getBytes(1);
    Tenant tenant = reader.tenants.numbered(row.getInt(2));
    return body == null || tenant == null
        ? null
        : Lists.open(reader, tenant, Purpose.BODY, delivery.endpoint(), delivery.seq(), body);
  }

  /**
   * {@inheritDoc}
   *
   * <p>A delivery is open or dead as its row says; else it was delivered, since nothing else ends
   * one.
   */
  @Override
  public List<DeliveryView> deliveries(StoredEvent event) {
    return readers.read(reader -> {
      var attempts = new TreeMap<Integer, Integer>();
      event.targets().forEach(target -> attempts.put(target, 0));
      for (int endpoint : openAt(reader, event)) {
        attempts.put(endpoint, 0);
      }
      for (AttemptReader.Tried tried : new AttemptReader(reader).tried(event.seq())) {
        attempts.put(tried.endpoint(), tried.attempts());
      }
      var views = new ArrayList<DeliveryView>();
      for (var tried : attempts.entrySet()) {
        views.add(view(reader, new DeliveryKey(tried.getKey(), event.seq()), tried.getValue()));
      }
      return views;
    });
  }

  /** A replay may have opened it at an endpoint that it was not to go to, and was not tried at. */
  private static List<Integer> openAt(Reader reader, StoredEvent event) throws SQLException {
    Tenant tenant = reader.tenants.find(event.event().published().tenant());
    return tenant == null
        ? List.of()
        : reader.sql(OPEN_AT).list(row -> row.getInt(1), event.seq(), tenant.number());
  }

  private static DeliveryView view(Reader reader, DeliveryKey key, int tried) throws SQLException {
    int endpoint = key.endpoint();
    DeliveryView open =
        reader
            .sql("SELECT n, due FROM delivery WHERE endpoint = ? AND seq = ?")
            .first(
                row -> new DeliveryView(endpoint, DeliveryState.WAITING, row.getInt(1), due(row)),
                endpoint,
                key.seq());
    if (open != null) {
      return open;
    }
    long dead =
        reader
            .sql("SELECT count(*) FROM dead_letter WHERE endpoint = ? AND seq = ?")
            .number(0, endpoint, key.seq());
    var state = dead > 0 ? DeliveryState.DEAD : DeliveryState.DELIVERED;
    return new DeliveryView(endpoint, state, tried, null);
  }

  private static @Nullable Instant due(ResultSet row) throws SQLException {
    Long due = SqlStatement.longOrNull(row, 2);
    return due == null ? null : Instant.ofEpochMilli(due);
  }

  @Override
  public Slice<LoggedAttempt> attempts(String tenant, Range range, AttemptFilter filter) {
    return list(tenant, range, (reader, of) -> new AttemptReader(reader).list(of, range, filter));
  }

  @Override
  public Optional<LoggedAttempt> attempt(String tenant, long id) {
    return one(tenant, (reader, of) -> new AttemptReader(reader).whole(of, id));
  }

  @Override
  public Slice<DeadLetter> deadLetters(String tenant, Range range, @Nullable Integer endpoint) {
    return list(
        tenant,
        range,
        (reader, of) -> {
          SqlStatement below =
              reader.sql("SELECT max(seq) FROM dead_letter WHERE endpoint = ? AND seq < ?");
          var keys =
              new NewestFirst(
                  endpoint == null ? Lists.endpoints(reader, of) : List.of(endpoint),
                  deadLetterAfter(range.cursor()),
                  (source, key) -> {
                    Long seq = below.first(row -> SqlStatement.longOrNull(row, 1), source, key);
                    return seq == null ? -1 : seq;
                  });
          return deadLetters(reader, of, range, keys);
        });
  }

  private static Slice<DeadLetter> deadLetters(
      Reader reader, Tenant tenant, Range range, NewestFirst keys) throws SQLException {
    var items = new ArrayList<DeadLetter>();
    for (int read = 1; ; read++) {
      Entry entry = keys.next();
      if (entry == null) {
        return new Slice<>(items, null);
      }
      DeadLetter letter =
          reader
              .sql(DEAD_LETTER)
              .first(SqlDeliveryLog::deadLetter, entry.source(), entry.key(), tenant.number());
      if (letter != null && Lists.within(range, letter.time())) {
        items.add(letter);
      }
      if (items.size() == range.limit() || read == Lists.MOST_ROWS) {
        return new Slice<>(items, entry.key() + "." + entry.source());
      }
    }
  }

  private static DeadLetter deadLetter(ResultSet row) throws SQLException {
    return new DeadLetter(
        new DeliveryKey(row.getInt(1), row.getLong(2)),
        new EventId(row.getString(3)),
        row.getString(4),
        Instant.ofEpochMilli(row.getLong(5)),
        Lists.outcome(row.getString(6)));
  }

  private static Entry deadLetterAfter(@Nullable String cursor) {
    if (cursor == null) {
      return Entry.START;
    }
    int dot = cursor.indexOf('.');
    if (dot < 0) {
      throw Lists.badCursor(cursor, new NumberFormatException("no dot"));
    }
    long endpoint = Lists.number(cursor.substring(dot + 1));
    return new Entry(
        Lists.number(cursor.substring(0, dot)), Math.clamp(endpoint, 0, Integer.MAX_VALUE));
  }

  @Override
  public Slice<LoggedReject> rejected(Range range) {
    Lists.check(range);
    long below = range.cursor() == null ? Long.MAX_VALUE : Lists.number(range.cursor());
    return readers.read(reader -> {
      Tenant nobody = reader.tenants.find(Tenants.NOBODY);
      return nobody == null ? new Slice<>(List.of(), null) : rejected(reader, nobody, range, below);
    });
  }

  private static Slice<LoggedReject> rejected(Reader reader, Tenant nobody, Range range, long below)
      throws SQLException {
    List<Entry> numbers =
        reader
            .sql("SELECT number FROM rejected WHERE number < ? ORDER BY number DESC LIMIT ?")
            .list(row -> new Entry(row.getLong(1), 0), below, Lists.MOST_ROWS);
    var items = new ArrayList<LoggedReject>();
    for (Entry entry : numbers) {
      LoggedReject found =
          reader
              .sql(
                  "SELECT number, source, position, time, reason, message, payload FROM rejected"
                      + " WHERE number = ?")
              .first(row -> reject(reader, nobody, row, range), entry.key());
      if (found != null) {
        items.add(found);
      }
      if (items.size() == range.limit()) {
        return new Slice<>(items, Long.toString(entry.key()));
      }
    }
    boolean more = numbers.size() == Lists.MOST_ROWS;
    return new Slice<>(items, more ? Long.toString(numbers.getLast().key()) : null);
  }

  private static @Nullable LoggedReject reject(
      Reader reader, Tenant nobody, ResultSet row, Range range) throws SQLException {
    long time = row.getLong(4);
    if (!Lists.within(range, Instant.ofEpochMilli(time))) {
      return null;
    }
    var record =
        new RejectedRecord(
            row.getString(2),
            row.getString(3),
            Instant.ofEpochMilli(time),
            row.getString(5),
            row.getString(6),
            Lists.open(reader, nobody, Purpose.REJECTED, time, 0, row.getBytes(7)));
    return new LoggedReject(row.getLong(1), record);
  }

  @Override
  public Slice<LoggedAudit> audit(String tenant, Range range) {
    Lists.check(range);
    return readers.read(reader -> {
      OptionalInt number = reader.tenants.numberOf(tenant);
      return number.isEmpty()
          ? new Slice<>(List.of(), null)
          : new AuditReader(reader).list(number.getAsInt(), tenant, range);
    });
  }

  @Override
  public boolean knows(String tenant) {
    return readers.read(reader -> reader.tenants.numberOf(tenant).isPresent());
  }

  @Override
  public Optional<Erasure> erasure(String tenant) {
    return readers.read(reader ->
        Optional.ofNullable(
            new ErasureReader(reader.sql(ErasureReader.NEWEST), reader.sql(ErasureReader.DELETED))
                .newest(tenant)));
  }

  /** Lets no query use a key that it knows. */
  void forgetKeys() throws SQLException {
    readers.forgetKeys();
  }

  @Override
  public ReplayLog replays() {
    return replays;
  }

  @Override
  public Counts counts(int endpoint) {
    return tally.of(endpoint);
  }

  @Override
  public Totals totals() {
    Counts all = tally.all();
    return new Totals(all.waiting(), all.deadLetters(), database.bytes());
  }

  @Override
  public long storedBytes(String tenant) {
    return stored.of(tenant);
  }

  /** Counts anew what is open, dead and stored. */
  void recount() {
    readers.read(reader -> {
      tally.load(reader);
      stored.load(reader);
      return true;
    });
  }

  @Override
  public void close() {
    readers.close();
  }

  /** A query for one tenant. */
  @FunctionalInterface
  private interface TenantQuery<T> {
    @Nullable T read(Reader reader, Tenant tenant) throws SQLException;
  }

  private <T> Slice<T> list(String tenant, Range range, TenantQuery<Slice<T>> query) {
    Lists.check(range);
    return one(tenant, query).orElseGet(() -> new Slice<>(List.of(), null));
  }

  private <T> Optional<T> one(String tenant, TenantQuery<T> query) {
    Query<Optional<T>> read =
        reader -> {
          Tenant known = reader.tenants.find(tenant);
          return known == null ? Optional.empty() : Optional.ofNullable(query.read(reader, known));
        };
    return readers.read(read);
  }
}
