package dev.posthorn.dispatcher.store;

import java.sql.SQLException;
import java.util.List;

/**
 * What the databases do each in their own way, on the writing connection: transactions, numbers,
 * and whatever needs one answer per row, since a server is a round trip away. Store thread only.
 */
interface Dialect {
  /** Begins a transaction; throws for good where this process may not write any more. */
  void begin() throws SQLException;

  /** Returns after the transaction is durable. */
  void commit() throws SQLException;

  /** Writes something that takes room and nothing else. */
  void probe() throws SQLException;

  /** Housekeeping between two transactions. */
  void maintain(boolean idle) throws SQLException;

  /**
   * Empties what still has former contents of rows that an erasure deleted, as far as the database
   * lets us. Between two transactions.
   *
   * @return whether it did; else it is tried again
   */
  boolean dropTraces() throws SQLException;

  /** Numbers for the rows of a table. */
  Sequence sequence(String table, String key) throws SQLException;

  /** Rows to be inserted by {@code sql}, one at a time or together. */
  RowInsert rows(String sql) throws SQLException;

  /** A statement that deletes the oldest rows of a table: up to a key, so many at most. */
  default SqlStatement deleteOldest(String table, String key) throws SQLException {
    return deleteOldest(table, key, "");
  }

  /** The same with what it returns of each row. */
  SqlStatement deleteOldest(String table, String key, String returning) throws SQLException;

  /** Rows that add to what a tenant has stored: its number, and bytes. */
  RowInsert storedBytes() throws SQLException;

  /** Claims idempotency keys. */
  KeyClaims keyClaims() throws SQLException;

  /** Moves open deliveries on. */
  DeliveryRows deliveryRows() throws SQLException;

  /** Columns of an event beside those that every database has. */
  List<String> eventColumns();

  /** Their values. */
  List<Object> eventValues(String tenant);

  /** Reads pages of open deliveries. */
  List<Page> pages(List<PageRequest> requests) throws SQLException;

  /** Reads pages and what others stored. */
  Round round(List<PageRequest> requests) throws SQLException;

  /** Whether other processes use the database, as far as the last round read. */
  boolean others();

  /** Whether this process does what one must do for all. */
  boolean keeps();

  /** Whether this process sends for a tenant. */
  boolean owns(String tenant);

  /** Gives up a lane with this transaction. */
  void release(int lane) throws SQLException;

  /** Asks whoever sends to an endpoint, where that is another process, with this transaction. */
  void ask(LaneTables.Asked.Kind kind, int endpoint) throws SQLException;

  /** Whether no other process uses keys that this erasure has destroyed. */
  boolean seenByAll(long erasure) throws SQLException;

  /** This process uses no key any more that is destroyed, as far as the last round read. */
  void seen() throws SQLException;

  /** Whether the database is larger than that, so that its oldest rows must go. */
  boolean largerThan(long bytes) throws SQLException;
}
