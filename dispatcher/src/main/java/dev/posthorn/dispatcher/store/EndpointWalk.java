package dev.posthorn.dispatcher.store;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/**
 * Finds the rows of a table keyed (endpoint, seq) whose seq is at most a bound, endpoint by
 * endpoint, in steps. One read per endpoint that has rows, and one per row found; no index by seq.
 *
 * <p>New rows have larger seqs than any bound, so an endpoint that was passed stays clear.
 */
final class EndpointWalk {
  /** A row found. */
  record Found(DeliveryKey key, int attempts) {}

  /** Takes note of a row, which is gone at the end of the transaction. */
  @FunctionalInterface
  interface Visitor {
    void visit(Found found) throws SQLException;
  }

  private final SqlStatement next;
  private long bound;
  private long target;
  private int endpoint;
  private long seq;
  private boolean walking;

  /**
   * Prepares it.
   *
   * @param attempts the column or expression with the number of attempts
   */
  EndpointWalk(Connection connection, String table, String attempts) throws SQLException {
    next =
        new SqlStatement(
            connection,
            "SELECT endpoint, seq, "
                + attempts
                + " FROM "
                + table
                + " WHERE (endpoint, seq) > (?, ?) ORDER BY endpoint, seq LIMIT 1");
  }

  /**
   * Goes on, for at most {@code limit} reads, towards no rows up to {@code wanted}.
   *
   * @return the bound up to which no rows are left; it may be behind {@code wanted}
   */
  long step(long wanted, int limit, Visitor visitor) throws SQLException {
    if (!walking && wanted > bound) {
      walking = true;
      endpoint = 0;
      seq = -1;
      target = wanted;
    }
    for (int reads = 0; walking && reads < limit; reads++) {
      Found found = next.first(EndpointWalk::read, endpoint, seq);
      if (found == null) {
        walking = false;
        bound = target;
      } else {
        pass(found, visitor);
      }
    }
    return bound;
  }

  private void pass(Found found, Visitor visitor) throws SQLException {
    endpoint = found.key().endpoint();
    if (found.key().seq() <= target) {
      seq = found.key().seq();
      visitor.visit(found);
    } else {
      seq = Long.MAX_VALUE;
    }
  }

  /** The bound up to which no rows are left. */
  long bound() {
    return bound;
  }

  /** Whether there is more to do towards the last bound wanted. */
  boolean walking() {
    return walking;
  }

  private static @Nullable Found read(ResultSet row) throws SQLException {
    return new Found(new DeliveryKey(row.getInt(1), row.getLong(2)), row.getInt(3));
  }
}
