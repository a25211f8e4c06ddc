package dev.posthorn.dispatcher.store;

import dev.posthorn.dispatcher.store.PostgresConnector.Use;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * This process among those that write to a database: a row of {@code node} with a lease. Every
 * transaction locks the row against its deletion; so when the row is gone, nothing of this process
 * will ever be committed.
 *
 * <p>Each writing connection joins under a number of its own and deletes the former row, which
 * waits for the former connection's transaction: whether that was committed is then known. Its
 * lanes go over with it.
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

    long leaseMillis() {
      return leaseMillis;
    }

    /** Whether this process takes lanes. */
    boolean sends() {
      return sends;
    }

    /** What ends this process once its row is gone. */
    IllegalStateException ended() {
      return gone();
    }

    /** For how long from now requests may be started, in milliseconds. */
    long sendMillis() {
      PostgresLease present = lease;
      return present == null ? 0 : present.sendMillis();
    }
  }

  private static final Logger LOG = LoggerFactory.getLogger(PostgresNode.class);

  /** A condition and {@link #DEPARTED} follow. */
  static final String DEPART = "WITH gone AS (DELETE FROM node WHERE ";

  static final String DEPARTED =
      " RETURNING id) INSERT INTO departed (id, time) SELECT id, clock_timestamp() FROM gone";

  private final PostgresConnector connector;
  private final String name;
  private final long leaseMillis;
  private final boolean sends;
  private final Set<Long> mine = new HashSet<>();
  private volatile @Nullable PostgresLease lease;
  private boolean joined;

  /**
   * Prepares it.
   *
   * @param name by which people find the process
   * @param lease how long it may be silent before others take over
   * @param sends whether it takes lanes
   */
  PostgresNode(PostgresConnector connector, String name, Duration lease, boolean sends) {
    this.connector = connector;
    this.name = name;
    leaseMillis = lease.toMillis();
    this.sends = sends;
  }

  /**
   * Takes a row for a new connection, and the lanes of the former one.
   *
   * @throws IllegalStateException where the row was taken away: this process has ended as a node
   */
  Fence join(Connection connection) throws SQLException {
    long id = new SqlStatement(connection, "SELECT nextval('node_id')").number(0);
    long[] former = mine.stream().mapToLong(Long::longValue).toArray();
    mine.add(id);
    enter(connection, id, former);
    joined = true;
    mine.removeIf(each -> each != id);
    PostgresLease present = lease;
    if (present == null) {
      lease = new PostgresLease(connector, id, leaseMillis);
    } else {
      present.renew(id);
    }
    return new Fence(connection, id);
  }

  private void enter(Connection connection, long id, long[] former) throws SQLException {
    connection.setAutoCommit(false);
    new SqlStatement(
            connection,
            "INSERT INTO node (id, name, until, seen, sends) SELECT ?, ?,"
                + " clock_timestamp() + ? * interval '1 millisecond', coalesce(max(number), 0), ?"
                + " FROM erasure")
        .update(id, name, leaseMillis, sends);
    new SqlStatement(connection, "UPDATE lane SET node = ? WHERE node = ANY (?)")
        .update(id, former);
    int left = new SqlStatement(connection, DEPART + "id = ANY (?)" + DEPARTED).update(former);
    if (joined && left == 0) {
      connection.rollback();
      throw gone();
    }
    connection.commit();
    connection.setAutoCommit(true);
  }

  private IllegalStateException gone() {
    return new IllegalStateException(
        "another process has taken over what this one had in the database "
            + connector.address()
            + ", because it was silent for longer than its lease: this one ends");
  }

  /** Whether a request may be started now. Any thread. */
  boolean maySend() {
    PostgresLease present = lease;
    return present != null && present.maySend();
  }

  /** Gives the row back, so that others need not wait for the lease. */
  @Override
  public void close() {
    PostgresLease present = lease;
    if (present == null) {
      return;
    }
    present.close();
    lease = null;
    try (Connection connection = connector.connect(Use.LEASE)) {
      new SqlStatement(connection, DEPART + "id = ANY (?)" + DEPARTED)
          .update((Object) mine.stream().mapToLong(Long::longValue).toArray());
    } catch (SQLException e) {
      LOG.atInfo()
          .addKeyValue("error", e.getMessage())
          .log("the lease stays until it ends: other processes wait for that");
    }
  }
}
