package dev.posthorn.dispatcher.store;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;

/** Events, each with everything that hangs on it: a tenant's own, or those that tell of it. */
final class ErasedEvents implements ErasureStep {
  /** Events that are looked at together. */
  private static final int MOST = 100;

  /** Bytes of a payload that cost as much as a row: a page. */
  private static final long ROW_BYTES = 4096;

  private record Row(long seq, List<Integer> targets) {}

  private record Tried(long number, int endpoint) {}

  private final ErasedRows rows;
  private final SqlStatement oldest;
  private final SqlStatement attemptsOf;
  private final SqlStatement payloadBytes;

  private ErasedEvents(Connection connection, ErasedRows rows, String select) throws SQLException {
    this.rows = rows;
    oldest = new SqlStatement(connection, select);
    attemptsOf =
        new SqlStatement(connection, "SELECT number, endpoint FROM attempt WHERE seq = ? LIMIT ?");
    payloadBytes = new SqlStatement(connection, "SELECT length(data) FROM payload WHERE seq = ?");
  }

  /** The tenant's own. */
  static ErasedEvents own(Connection connection, ErasedRows rows) throws SQLException {
    return new ErasedEvents(
        connection, rows, "SELECT seq, targets FROM event WHERE tenant = ? ORDER BY id LIMIT ?");
  }

  /** Those by which the platform was told of it. */
  static ErasedEvents alerts(Connection connection, ErasedRows rows) throws SQLException {
    return new ErasedEvents(
        connection,
        rows,
        "SELECT e.seq, e.targets FROM alert a JOIN event e ON e.seq = a.seq WHERE a.tenant = ?"
            + " ORDER BY e.seq LIMIT ?");
  }

  @Override
  public int delete(Target target, int most, Counts counts) throws SQLException {
    int done = 0;
    for (Row event : oldest.list(ErasedEvents::read, target.tenant(), Math.min(most, MOST))) {
      if (done >= most) {
        break;
      }
      int limit = most - done;
      int attempts = attempts(event.seq(), limit, counts);
      done += attempts;
      if (attempts == limit) {
        break;
      }
      done += event(event, counts);
    }
    return done;
  }

  private int attempts(long seq, int limit, Counts counts) throws SQLException {
    List<Tried> tried =
        attemptsOf.list(row -> new Tried(row.getLong(1), row.getInt(2)), seq, limit);
    for (Tried each : tried) {
      rows.attempt(each.number(), counts);
      // Endpoints that another tenant has now, or that a replay went to.
      rows.delivery(each.endpoint(), seq, counts);
      rows.deadLetter(each.endpoint(), seq, counts);
    }
    return tried.size();
  }

  private int event(Row event, Counts counts) throws SQLException {
    for (int endpoint : event.targets()) {
      rows.delivery(endpoint, event.seq(), counts);
      rows.deadLetter(endpoint, event.seq(), counts);
    }
    long bytes = payloadBytes.number(0, event.seq());
    rows.event(event.seq(), counts);
    return 1 + event.targets().size() + (int) (bytes / ROW_BYTES);
  }

  private static Row read(ResultSet row) throws SQLException {
    return new Row(row.getLong(1), EventCodec.targets(row.getBytes(2)));
  }
}
