package dev.posthorn.dispatcher.store;

import dev.posthorn.dispatcher.store.PostgresConnector.Use;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * This process among those that may write to a database: a row of {@code node} with a lease. Every
 * transaction locks the row against its deletion; so when the row is gone, nothing of this process
 * will ever be committed. Until several may share a database, one at a time has a row.
 *
 * <p>Each writing connection joins under a number of its own and deletes the former row, which
 * waits for the former connection's transaction: whether that was committed is then known.
 *
 * <p>Store thread only, but for the lease.
 */
final class PostgresNode implements AutoCloseable {
  /** Tells the transactions of one connection whether they may still write. */
  final class Fence {
    private final long node;
    private final SqlStatement lock;

    private Fence(Connection connection, long node) throws SQLException {
      this.node = node;
      lock = new SqlStatement(connection, "SELECT 1 FROM node WHERE id = ? FOR KEY SHARE");
    }

    long node() {
      return node;
    }

    /** Locks the row to the end of the transaction. */
    void check() throws SQLException {
      if (lock.number(0, node) == 0) {
        throw gone();
      }
    }
  }

  /** Another process's row. */
  private record Other(long id, String name, String until) {}

  private static final Logger LOG = LoggerFactory.getLogger(PostgresNode.class);

  /** Between two looks at another's lease. */
  private static final long LOOK_MILLIS = 250;

  private final PostgresConnector connector;
  private final String name;
  private final long leaseMillis;
  private final Set<Long> mine = new HashSet<>();
  private @Nullable PostgresLease lease;
  private boolean joined;

  /**
   * Prepares it.
   *
   * @param name by which people find the process
   * @param lease how long it may be silent before another takes over
   */
  PostgresNode(PostgresConnector connector, String name, Duration lease) {
    this.connector = connector;
    this.name = name;
    leaseMillis = lease.toMillis();
  }

  /**
   * Takes a row for a new connection. The first time it waits for the lease of a process that died.
   *
   * @throws IllegalArgumentException where another process lives
   * @throws IllegalStateException where the row was taken away: this process has ended as a node
   */
  Fence join(Connection connection) throws SQLException {
    long id = new SqlStatement(connection, "SELECT nextval('node_id')").number(0);
    mine.add(id);
    Other first = null;
    while (true) {
      Other other = enter(connection, id);
      if (other == null) {
        break;
      }
      if (first == null) {
        first = other;
        LOG.atInfo()
            .addKeyValue("node", other.name())
            .addKeyValue("until", other.until())
            .log("waiting for the lease of another process, which may be gone");
      } else if (!first.equals(other)) {
        throw taken(other);
      }
      pause();
    }
    joined = true;
    mine.removeIf(former -> former != id);
    if (lease == null) {
      lease = new PostgresLease(connector, id, leaseMillis);
    } else {
      lease.renew(id);
    }
    return new Fence(connection, id);
  }

  /** Enters where no other lives; returns the other where one does. */
  private @Nullable Other enter(Connection connection, long id) throws SQLException {
    connection.setAutoCommit(false);
    // Two that come at the same time come one after the other.
    new SqlStatement(connection, "LOCK TABLE node IN SHARE ROW EXCLUSIVE MODE").run();
    int former =
        new SqlStatement(connection, "DELETE FROM node WHERE id = ANY (?)")
            .update((Object) mine.stream().mapToLong(Long::longValue).toArray());
    if (joined && former == 0) {
      throw gone();
    }
    new SqlStatement(connection, "DELETE FROM node WHERE until < clock_timestamp()").update();
    Other other =
        new SqlStatement(connection, "SELECT id, name, until::text FROM node ORDER BY id LIMIT 1")
            .first(row -> new Other(row.getLong(1), row.getString(2), row.getString(3)));
    if (other == null) {
      new SqlStatement(
              connection,
              "INSERT INTO node (id, name, until)"
                  + " VALUES (?, ?, clock_timestamp() + ? * interval '1 millisecond')")
          .update(id, name, leaseMillis);
      new SqlStatement(connection, "UPDATE lane SET node = ? WHERE node IS NULL").update(id);
    }
    connection.commit();
    connection.setAutoCommit(true);
    return other;
  }

  private IllegalStateException gone() {
    return new IllegalStateException(
        "another process has taken the database "
            + connector.address()
            + " over, because this one was silent for longer than its lease: this one ends");
  }

  private IllegalArgumentException taken(Other other) {
    return new IllegalArgumentException(
        "the database "
            + connector.address()
            + " is in use by another Posthorn ("
            + other.name()
            + "), and one at a time may use it: stop that one, or give this one another database");
  }

  private static void pause() {
    try {
      TimeUnit.MILLISECONDS.sleep(LOOK_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("stopped while waiting for another process's lease", e);
    }
  }

  /** Gives the row back, so that the next process need not wait for the lease. */
  @Override
  public void close() {
    if (lease == null) {
      return;
    }
    lease.close();
    lease = null;
    try (Connection connection = connector.connect(Use.LEASE)) {
      new SqlStatement(connection, "DELETE FROM node WHERE id = ANY (?)")
          .update((Object) mine.stream().mapToLong(Long::longValue).toArray());
    } catch (SQLException e) {
      LOG.atInfo()
          .addKeyValue("error", e.getMessage())
          .log("the lease stays until it ends: the next process waits for that");
    }
  }
}
