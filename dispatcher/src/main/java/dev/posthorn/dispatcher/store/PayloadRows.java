package dev.posthorn.dispatcher.store;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;

/** Deletes payloads, and counts whose bytes went with them. Their events are still there. */
final class PayloadRows {
  private static final String GONE =
      " RETURNING (SELECT tenant FROM event WHERE event.seq = payload.seq), length(data)";

  private final StoredBytes.Change change;
  private final SqlStatement one;
  private final SqlStatement oldest;

  PayloadRows(Connection connection, Dialect dialect, StoredBytes.Change change)
      throws SQLException {
    this.change = change;
    one = new SqlStatement(connection, "DELETE FROM payload WHERE seq = ?" + GONE);
    oldest = dialect.deleteOldest("payload", "seq", GONE);
  }

  /** Deletes that of one event; returns how many there were. */
  int delete(long seq) throws SQLException {
    return one.list(this::count, seq).size();
  }

  /** Deletes the oldest, up to an event, so many at most; returns how many. */
  int deleteOldest(long upTo, int limit) throws SQLException {
    return oldest.list(this::count, upTo, limit).size();
  }

  private long count(ResultSet gone) throws SQLException {
    Long tenant = SqlStatement.longOrNull(gone, 1);
    long bytes = gone.getLong(2);
    if (tenant != null) {
      change.deleted(tenant.intValue(), bytes);
    }
    return bytes;
  }
}
