package dev.posthorn.dispatcher.store;

import java.sql.Connection;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/**
 * Finds rows by time in a table that is numbered in the order of time, or nearly so: a binary
 * search over the numbers, some 30 small reads, instead of an index that every row would pay for.
 */
final class TimeSearch {
  /** A row's number and time. */
  record Row(long key, long time) {}

  private final SqlStatement from;
  private final SqlStatement newest;

  TimeSearch(Connection connection, String table, String key, String time) throws SQLException {
    String select = "SELECT " + key + ", " + time + " FROM " + table;
    from =
        new SqlStatement(
            connection, select + " WHERE " + key + " >= ? ORDER BY " + key + " LIMIT 1");
    newest = new SqlStatement(connection, select + " ORDER BY " + key + " DESC LIMIT 1");
  }

  /** The first row whose number is at least {@code key}, or null. */
  @Nullable Row from(long key) throws SQLException {
    return from.first(row -> new Row(row.getLong(1), row.getLong(2)), key);
  }

  /** The row with the largest number, or null. */
  @Nullable Row newest() throws SQLException {
    return newest.first(row -> new Row(row.getLong(1), row.getLong(2)));
  }

  /** The first row at or after {@code time}, or null if all are earlier. */
  @Nullable Row firstAt(long time) throws SQLException {
    Row oldest = from(Long.MIN_VALUE);
    Row newest = newest();
    if (oldest == null || newest == null || newest.time() < time) {
      return null;
    }
    long low = oldest.key();
    long high = newest.key();
    while (low < high) {
      long middle = low + (high - low) / 2;
      Row row = from(middle);
      if (row == null || row.time() >= time) {
        high = middle;
      } else {
        low = row.key() + 1;
      }
    }
    return from(low);
  }
}
