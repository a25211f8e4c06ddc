package dev.posthorn.dispatcher.store;

import java.sql.Connection;
import java.sql.SQLException;

/**
 * Counts on from the newest row; its number is also kept in {@code meta} when the row goes. One
 * thread.
 */
final class SqliteSequence implements Sequence {
  private final String name;
  private final SqlStatement keep;
  private long last;

  SqliteSequence(Connection connection, String table, String key) throws SQLException {
    name = "last_" + table;
    keep = new SqlStatement(connection, "REPLACE INTO meta (name, value) VALUES (?, ?)");
    String newest = "SELECT coalesce(max(" + key + "), 0) FROM " + table;
    long kept =
        new SqlStatement(connection, "SELECT value FROM meta WHERE name = ?").number(0, name);
    last = Math.max(kept, new SqlStatement(connection, newest).number(0));
  }

  @Override
  public long[] next(int count) {
    var numbers = new long[count];
    for (int i = 0; i < count; i++) {
      numbers[i] = ++last;
    }
    return numbers;
  }

  @Override
  public long last() {
    return last;
  }

  @Override
  public void deleting(long deleted) throws SQLException {
    if (deleted >= last) {
      keep.update(name, last);
    }
  }
}
