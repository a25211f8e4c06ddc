package dev.posthorn.dispatcher.store;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.ToIntFunction;

/** PostgreSQL: the database is a round trip away, so rows of one kind share a statement. */
final class PostgresDialect implements Dialect {
  /** Takes room on disk when a probe asks whether there is any. */
  private static final int PROBE_BYTES = 64 << 10;

  /** How often rows of writers that are gone are put together. */
  private static final long FOLD_NANOS = Duration.ofSeconds(10).toNanos();

  /** Several at once do no harm: a row is deleted by one of them. */
  private static final String FOLD =
      "WITH gone AS (DELETE FROM stored_bytes WHERE tenant IN"
          + " (SELECT tenant FROM stored_bytes GROUP BY tenant HAVING count(*) > 1)"
          + " RETURNING tenant, bytes)"
          + " INSERT INTO stored_bytes (tenant, bytes)"
          + " SELECT tenant, sum(bytes) FROM gone GROUP BY tenant";

  /** Measuring a database looks at each of its files. */
  private static final long MEASURE_NANOS = Duration.ofSeconds(10).toNanos();

  private final Connection connection;
  private final PostgresNode.Fence fence;
  private final ToIntFunction<String> lanes;
  private final SqlStatement probe;
  private final SqlStatement databaseBytes;
  private final SqlStatement rewriteKeys;
  private final PostgresLanes tables;
  private final Rounds rounds;
  private final SqlStatement release;
  private final SqlStatement ask;
  private final SqlStatement drop;
  private final SqlStatement unseen;
  private final SqlStatement fold;
  private final AtomicLong bytes;
  private long measured = System.nanoTime() - MEASURE_NANOS;
  private long folded = measured - FOLD_NANOS;
  private final Growth growth = new Growth();
  private final List<Integer> released = new ArrayList<>();

  /**
   * Prepares it.
   *
   * @param bytes where others read the size of the database
   */
  PostgresDialect(
      Connection connection,
      PostgresNode.Fence fence,
      ToIntFunction<String> lanes,
      AtomicLong bytes)
      throws SQLException {
    this.connection = connection;
    this.fence = fence;
    this.lanes = lanes;
    this.bytes = bytes;
    probe =
        new SqlStatement(
            connection,
            "INSERT INTO meta (name, value) VALUES ('probe', ?)"
                + " ON CONFLICT (name) DO UPDATE SET value = excluded.value");
    databaseBytes = new SqlStatement(connection, "SELECT pg_database_size(current_database())");
    bytes.set(databaseBytes.number(0));
    rewriteKeys = new SqlStatement(connection, "VACUUM (FULL) tenant");
    tables = new PostgresLanes(connection, fence);
    rounds =
        new Rounds(
            tables,
            System::nanoTime,
            Rounds.MOST_ROWS,
            Rounds.MOST_READS,
            TimeUnit.MILLISECONDS.toNanos(fence.leaseMillis()),
            fence.sends());
    release =
        new SqlStatement(connection, "UPDATE lane SET node = NULL WHERE lane = ? AND node = ?");
    ask =
        new SqlStatement(
            connection,
            "INSERT INTO command (lane, kind, endpoint) SELECT lane, ?, number FROM endpoint"
                + " WHERE number = ? AND NOT EXISTS (SELECT 1 FROM lane l WHERE"
                + " l.lane = endpoint.lane AND l.node = ?)");
    drop = new SqlStatement(connection, "DELETE FROM command WHERE number = ANY (?)");
    unseen = new SqlStatement(connection, "SELECT count(*) FROM node WHERE seen < ? AND id <> ?");
    fold = new SqlStatement(connection, FOLD);
  }

  @Override
  public void begin() throws SQLException {
    connection.setAutoCommit(false);
    fence.check();
  }

  @Override
  public void commit() throws SQLException {
    connection.commit();
    connection.setAutoCommit(true);
    released.forEach(rounds::released);
    released.clear();
  }

  @Override
  public void probe() throws SQLException {
    probe.update((Object) new byte[PROBE_BYTES]);
  }

  /** Autovacuum does the rest, as the schema asks it to. */
  @Override
  public void maintain(boolean idle) throws SQLException {
    List<Long> heard = rounds.heard();
    if (!heard.isEmpty()) {
      drop.update((Object) heard.stream().mapToLong(Long::longValue).toArray());
      rounds.dropped(heard);
    }
    if (keeps() && System.nanoTime() - folded >= FOLD_NANOS) {
      folded = System.nanoTime();
      fold.update();
    }
  }

  @Override
  public Round round(List<PageRequest> requests) throws SQLException {
    return rounds.read(requests);
  }

  @Override
  public boolean others() {
    return rounds.others();
  }

  /** Who has the first lane. */
  @Override
  public boolean keeps() {
    return rounds.owns(0);
  }

  @Override
  public boolean owns(String tenant) {
    return rounds.owns(lanes.applyAsInt(tenant));
  }

  @Override
  public void release(int lane) throws SQLException {
    release.update(lane, fence.node());
    released.add(lane);
  }

  @Override
  public void ask(LaneTables.Asked.Kind kind, int endpoint) throws SQLException {
    if (ask.update(kind.name(), endpoint, fence.node()) > 0) {
      rounds.lookSoon();
    }
  }

  @Override
  public boolean seenByAll(long erasure) throws SQLException {
    return unseen.number(0, erasure, fence.node()) == 0;
  }

  @Override
  public void seen() throws SQLException {
    tables.seen();
  }

  /**
   * Writes the table of keys anew, so that its file has no destroyed key any more. What the log of
   * the server keeps is its administrator's.
   */
  @Override
  public boolean dropTraces() throws SQLException {
    rewriteKeys.run();
    return true;
  }

  @Override
  public Sequence sequence(String table, String key) throws SQLException {
    return new PostgresSequence(connection, table, key);
  }

  @Override
  public RowInsert rows(String sql) throws SQLException {
    return new RowInsert(connection, sql, true);
  }

  @Override
  public SqlStatement deleteOldest(String table, String key, String returning) throws SQLException {
    return new SqlStatement(
        connection,
        "DELETE FROM %1$s WHERE %2$s = ANY (ARRAY(SELECT %2$s FROM %1$s WHERE %2$s <= ? ORDER BY %2$s LIMIT ?))%3$s"
            .formatted(table, key, returning));
  }

  @Override
  public RowInsert storedBytes() throws SQLException {
    return rows("INSERT INTO stored_bytes (tenant, bytes) VALUES (?, ?)");
  }

  @Override
  public KeyClaims keyClaims() throws SQLException {
    return new PostgresKeyClaims(connection);
  }

  @Override
  public DeliveryRows deliveryRows() throws SQLException {
    return new PostgresDeliveryRows(connection);
  }

  @Override
  public List<String> eventColumns() {
    return List.of("lane", "writer");
  }

  @Override
  public List<Object> eventValues(String tenant) {
    return List.of(lanes.applyAsInt(tenant), fence.node());
  }

  @Override
  public List<Page> pages(List<PageRequest> requests) throws SQLException {
    return tables.pages(requests);
  }

  @Override
  public boolean largerThan(long most) throws SQLException {
    long now = System.nanoTime();
    if (now - measured < MEASURE_NANOS) {
      return false;
    }
    measured = now;
    long present = databaseBytes.number(0);
    bytes.set(present);
    return growth.beyond(present, most);
  }
}
