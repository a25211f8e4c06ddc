package dev.posthorn.dispatcher.store;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

/**
 * Numbers from a sequence of the database. It hands them out one at a time to whoever asks, so that
 * a later event has a larger one whichever process stores it.
 */
final class PostgresSequence implements Sequence {
  private final SqlStatement next;
  private long last;

  PostgresSequence(Connection connection, String table, String key) throws SQLException {
    String name = table + "_" + key;
    next =
        new SqlStatement(connection, "SELECT nextval('" + name + "') FROM generate_series(1, ?)");
    last =
        new SqlStatement(
                connection, "SELECT CASE WHEN is_called THEN last_value ELSE 0 END FROM " + name)
            .number(0);
  }

  @Override
  public long[] next(int count) throws SQLException {
    if (count == 0) {
      return new long[0];
    }
    List<Long> numbers = next.list(row -> row.getLong(1), count);
    last = numbers.getLast();
    return numbers.stream().mapToLong(Long::longValue).toArray();
  }

  @Override
  public long last() {
    return last;
  }

  /** The database remembers. */
  @Override
  public void deleting(long deleted) {}
}
