package dev.posthorn.dispatcher.store;

import dev.posthorn.dispatcher.store.DeliveryLog.Counts;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * How many deliveries are open and dead, by endpoint, as committed: counting millions of rows on
 * request would not be bounded. The store thread changes it, any thread reads.
 */
final class Tally {
  private static final Counts NONE = new Counts(0, 0);

  private final Map<Integer, Counts> byEndpoint = new ConcurrentHashMap<>();
  private volatile Counts all = NONE;

  private static final String OPEN = "SELECT endpoint, count(*) FROM delivery GROUP BY endpoint";
  private static final String DEAD = "SELECT endpoint, count(*) FROM dead_letter GROUP BY endpoint";

  /** Counts anew: one pass over the keys of what is open and dead. */
  void load(Connection connection) throws SQLException {
    replace(new SqlStatement(connection, OPEN), new SqlStatement(connection, DEAD));
  }

  /** The same beside the store thread. */
  void load(Readers.Reader reader) throws SQLException {
    replace(reader.sql(OPEN), reader.sql(DEAD));
  }

  private void replace(SqlStatement open, SqlStatement dead) throws SQLException {
    var change = new Change();
    open.list(row -> change.open(row.getInt(1), row.getLong(2)));
    dead.list(row -> change.dead(row.getInt(1), row.getLong(2)));
    synchronized (this) {
      byEndpoint.keySet().retainAll(change.byEndpoint.keySet());
      byEndpoint.putAll(change.byEndpoint);
      all = change.byEndpoint.values().stream().reduce(NONE, Tally::plus);
    }
  }

  Counts of(int endpoint) {
    return byEndpoint.getOrDefault(endpoint, NONE);
  }

  Counts all() {
    return all;
  }

  /** Adds what a transaction changed, after its commit. */
  synchronized void apply(Change change) {
    change.byEndpoint.forEach((endpoint, more) -> {
      byEndpoint.merge(endpoint, more, Tally::plus);
      all = plus(all, more);
    });
    change.byEndpoint.clear();
  }

  private static Counts plus(Counts a, Counts b) {
    return new Counts(a.waiting() + b.waiting(), a.deadLetters() + b.deadLetters());
  }

  /** What one transaction changes. */
  static final class Change {
    private final Map<Integer, Counts> byEndpoint = new HashMap<>();

    Change open(int endpoint, long more) {
      byEndpoint.merge(endpoint, new Counts(more, 0), Tally::plus);
      return this;
    }

    Change dead(int endpoint, long more) {
      byEndpoint.merge(endpoint, new Counts(0, more), Tally::plus);
      return this;
    }
  }
}
