package dev.posthorn.dispatcher.store;

import dev.posthorn.dispatcher.store.EndpointWalk.Found;
import java.sql.Connection;
import java.sql.ResultSet;
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
  private final SqlStatement gone;
  private final SqlStatement open;
  private final List<Integer> found = new ArrayList<>();
  private Instant nextLook = Instant.MIN;

  RemovedEndpoints(Connection connection, OutcomeWriter outcomes) throws SQLException {
    this.outcomes = outcomes;
    gone =
        new SqlStatement(
            connection,
            "SELECT number FROM endpoint WHERE removed_time < ?"
                + " AND EXISTS (SELECT 1 FROM delivery WHERE endpoint = number)");
    open = new SqlStatement(connection, "SELECT seq, n FROM delivery WHERE endpoint = ? LIMIT ?");
  }

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
      List<Found> rows = open.list(row -> open(endpoint, row), endpoint, left);
      ended.addAll(outcomes.remove(rows, now));
      if (rows.size() < left) {
        found.removeLast();
      }
      left -= Math.max(1, rows.size());
    }
  }

  private static Found open(int endpoint, ResultSet row) throws SQLException {
    return new Found(new DeliveryKey(endpoint, row.getLong(1)), row.getInt(2));
  }

  /** Whether there is more to end now. */
  boolean rowsLeft() {
    return !found.isEmpty();
  }
}
