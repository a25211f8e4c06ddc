package dev.posthorn.dispatcher.store;

import java.sql.Connection;
import java.sql.SQLException;

/**
 * Numbers rows of a table, ascending and never twice, although retention deletes old rows: the
 * newest number is also kept in {@code meta} when its row goes. One thread.
 */
final class Sequence {
  private final String name;
  private final SqlStatement keep;
  private long last;

  Sequence(Connection connection, String table, String key) throws SQLException {
    name = "last_" + table;
    keep = new SqlStatement(connection, "REPLACE INTO meta (name, value) VALUES (?, ?)");
    String newest = "SELECT coalesce(max(" + key + "), 0) FROM " + table;
    long kept =
        new SqlStatement(connection, "SELECT value FROM meta WHERE name = ?").number(0, name);
    last = Math.max(kept, new SqlStatement(connection, newest).number(0));
  }

  long next() {
    return ++last;
  }

  /** The newest number given out; 0 for none. */
  long last() {
    return last;
  }

  /** Remembers the newest number, because rows up to {@code deleted} go in this transaction. */
  void deleting(long deleted) throws SQLException {
    if (deleted >= last) {
      keep.update(name, last);
    }
  }
}
