package dev.posthorn.dispatcher.store;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Rows of a table that is read by endpoint, over the endpoints of a tenant. An endpoint may have
 * come from another tenant with rows of that one's events, which stay.
 */
final class ErasedByEndpoint implements ErasureStep {
  /** Deletes a row. */
  @FunctionalInterface
  interface Deleter {
    void delete(long endpoint, long key, Counts counts) throws SQLException;
  }

  private record Row(long key, @Nullable Long tenant) {}

  private final SqlStatement nextEndpoint;
  private final SqlStatement rows;
  private final Deleter deleter;
  private long endpoint;
  private long after;
  private boolean within;

  /**
   * Prepares it.
   *
   * @param key what orders an endpoint's rows in {@code table}
   */
  ErasedByEndpoint(Connection connection, String table, String key, Deleter deleter)
      throws SQLException {
    this.deleter = deleter;
    nextEndpoint =
        new SqlStatement(
            connection,
            "SELECT number FROM endpoint WHERE tenant = ? AND number > ? ORDER BY number LIMIT 1");
    rows =
        new SqlStatement(
            connection,
            "SELECT r."
                + key
                + ", e.tenant FROM "
                + table
                + " r LEFT JOIN event e ON e.seq = r.seq WHERE r.endpoint = ? AND r."
                + key
                + " > ? ORDER BY r."
                + key
                + " LIMIT ?");
  }

  @Override
  public void restart() {
    endpoint = 0;
    within = false;
  }

  @Override
  public int delete(Target target, int most, Counts counts) throws SQLException {
    int read = 0;
    while (read < most) {
      if (!within) {
        long next = nextEndpoint.number(-1, target.tenant(), endpoint);
        if (next < 0) {
          return read;
        }
        endpoint = next;
        after = -1;
        within = true;
        read++;
      }
      int limit = Math.max(1, most - read);
      List<Row> found = rows.list(ErasedByEndpoint::read, endpoint, after, limit);
      for (Row row : found) {
        after = row.key();
        if (row.tenant() == null || row.tenant() == target.tenant()) {
          deleter.delete(endpoint, row.key(), counts);
        }
      }
      read += found.size();
      within = found.size() == limit;
    }
    return read;
  }

  private static Row read(ResultSet row) throws SQLException {
    return new Row(row.getLong(1), SqlStatement.longOrNull(row, 2));
  }
}
