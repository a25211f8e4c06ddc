package dev.posthorn.dispatcher.store;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** SQLite: the database is in the process, so every row has a statement of its own. */
final class SqliteDialect implements Dialect {
  /** Takes room on disk when a probe asks whether there is any; larger than most batches' pages. */
  private static final int PROBE_BYTES = 64 << 10;

  /** Pages in the log after which a checkpoint is worth its two flushes when nothing waits. */
  private static final int IDLE_PAGES = 256;

  /** Pages in the log (32 MiB) after which a checkpoint runs whatever waits. */
  private static final int MOST_PAGES = 8192;

  private final Connection connection;
  private final SqlStatement begin;
  private final SqlStatement commit;
  private final SqlStatement probe;
  private final SqlStatement logPages;
  private final SqlStatement checkpoint;
  private final SqlStatement usedBytes;
  private final PageReader pages;
  private final LogTruncation truncation;

  SqliteDialect(Connection connection) throws SQLException {
    this.connection = connection;
    begin = new SqlStatement(connection, "BEGIN IMMEDIATE");
    commit = new SqlStatement(connection, "COMMIT");
    probe =
        new SqlStatement(
            connection, "REPLACE INTO meta (name, value) VALUES ('probe', randomblob(?))");
    // NOOP only counts: pages in the log, and how many of them are in the database already.
    logPages = new SqlStatement(connection, "PRAGMA wal_checkpoint = NOOP");
    checkpoint = new SqlStatement(connection, "PRAGMA wal_checkpoint = PASSIVE");
    usedBytes =
        new SqlStatement(
            connection,
            "SELECT (page_count - freelist_count) * page_size"
                + " FROM pragma_page_count, pragma_freelist_count, pragma_page_size");
    pages = new PageReader(connection);
    truncation = new LogTruncation(connection);
  }

  @Override
  public void begin() throws SQLException {
    begin.run();
  }

  @Override
  public void commit() throws SQLException {
    commit.run();
  }

  @Override
  public void probe() throws SQLException {
    probe.update(PROBE_BYTES);
  }

  /** Moves the log into the database where that is due. */
  @Override
  public void maintain(boolean idle) throws SQLException {
    Long waiting = logPages.first(row -> row.getLong(2) - row.getLong(3));
    if (waiting != null && waiting >= (idle ? IDLE_PAGES : MOST_PAGES)) {
      checkpoint.number(0);
    }
  }

  @Override
  public boolean dropTraces() throws SQLException {
    return truncation.run();
  }

  @Override
  public Sequence sequence(String table, String key) throws SQLException {
    return new SqliteSequence(connection, table, key);
  }

  @Override
  public RowInsert rows(String sql) throws SQLException {
    return new RowInsert(connection, sql, false);
  }

  @Override
  public SqlStatement deleteOldest(String table, String key, String returning) throws SQLException {
    return new SqlStatement(
        connection,
        "DELETE FROM %1$s WHERE %2$s <= ?%3$s ORDER BY %2$s LIMIT ?"
            .formatted(table, key, returning));
  }

  @Override
  public RowInsert storedBytes() throws SQLException {
    return rows(
        "INSERT INTO stored_bytes (tenant, bytes) VALUES (?, ?) ON CONFLICT (tenant)"
            + " DO UPDATE SET bytes = stored_bytes.bytes + excluded.bytes");
  }

  @Override
  public KeyClaims keyClaims() throws SQLException {
    return new SqliteKeyClaims(connection);
  }

  @Override
  public DeliveryRows deliveryRows() throws SQLException {
    return new SqliteDeliveryRows(connection);
  }

  @Override
  public List<String> eventColumns() {
    return List.of();
  }

  @Override
  public List<Object> eventValues(String tenant) {
    return List.of();
  }

  @Override
  public List<Page> pages(List<PageRequest> requests) throws SQLException {
    var read = new ArrayList<Page>(requests.size());
    for (PageRequest request : requests) {
      read.add(pages.read(request));
    }
    return read;
  }

  @Override
  public Round round(List<PageRequest> requests) throws SQLException {
    return Round.of(pages(requests));
  }

  @Override
  public boolean others() {
    return false;
  }

  @Override
  public boolean keeps() {
    return true;
  }

  @Override
  public boolean owns(String tenant) {
    return true;
  }

  @Override
  public void release(int lane) {
    throw new IllegalStateException("there is no other process that could take lane " + lane);
  }

  @Override
  public void ask(LaneTables.Asked.Kind kind, int endpoint) {}

  @Override
  public boolean seenByAll(long erasure) {
    return true;
  }

  @Override
  public void seen() {}

  @Override
  public boolean largerThan(long bytes) throws SQLException {
    return usedBytes.number(0) > bytes;
  }
}
