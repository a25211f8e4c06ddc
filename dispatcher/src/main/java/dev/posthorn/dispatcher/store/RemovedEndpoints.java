package dev.posthorn.dispatcher.store;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * Ends what waits for endpoints whose resource is gone for {@link Retention#REMOVED}. It looks for
 * such endpoints now and then, and goes on with those it has found a slice at a time.
 */
final class RemovedEndpoints {
  private static final Duration BETWEEN_LOOKS = Duration.ofMinutes(1);

  private final OutcomeWriter outcomes;
  private final ErasingTenants erasing;
  private final SqlStatement gone;
  private final SqlStatement open;
  private final List<Integer> found = new ArrayList<>();
  private Instant nextLook = Instant.MIN;

  RemovedEndpoints(Connection connection, OutcomeWriter outcomes, ErasingTenants erasing)
      throws SQLException {
    this.outcomes = outcomes;
    this.erasing = erasing;
    gone =
        new SqlStatement(
            connection,
            "SELECT number FROM endpoint WHERE removed_time < ?"
                + " AND EXISTS (SELECT 1 FROM delivery WHERE endpoint = number)");
    open = new SqlStatement(connection, "SELECT seq, n FROM delivery WHERE endpoint = ? LIMIT ?");
  }

  /** An open delivery and how many attempts it had. */
  private record Row(long seq, int attempts) {}

  /**
   * Ends deliveries.
   *
   * @param most how many
   */
  void end(Instant now, int most, List<Written.Ended> ended) throws SQLException {
    if (found.isEmpty() && !now.isBefore(nextLook)) {
      nextLook = now.plus(BETWEEN_LOOKS);
      found.addAll(gone.list(row -> row.getInt(1), now.minus(Retention.REMOVED).toString()));
    }
    int left = most;
    while (left > 0 && !found.isEmpty()) {
      int endpoint = found.getLast();
      List<Row> rows = open.list(row -> new Row(row.getLong(1), row.getInt(2)), endpoint, left);
      for (Row row : rows) {
        end(new DeliveryKey(endpoint, row.seq()), row.attempts(), now, ended);
      }
      if (rows.size() < left) {
        found.removeLast();
      }
      left -= Math.max(1, rows.size());
    }
  }

  /** What an erasure has not come to yet is left to it. */
  private void end(DeliveryKey key, int attempts, Instant now, List<Written.Ended> ended)
      throws SQLException {
    if (!erasing.ofEvent(key.seq())) {
      ended.add(outcomes.remove(key, attempts, now));
    }
  }

  /** Whether there is more to end now. */
  boolean rowsLeft() {
    return !found.isEmpty();
  }
}
