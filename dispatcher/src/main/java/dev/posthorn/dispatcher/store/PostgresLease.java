package dev.posthorn.dispatcher.store;

import dev.posthorn.dispatcher.store.PostgresConnector.Use;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Renews the lease five times in its length, by the database's clock, on a thread and a connection
 * of its own: a write that takes long must not look like death. Then it deletes the rows of others
 * whose lease has ended. That its own row is gone is noticed by the next transaction.
 */
final class PostgresLease implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(PostgresLease.class);

  /** Before the end of a lease no request is started, since it would go on after it. */
  private static final long MOST_MARGIN_MILLIS = 2_000;

  /** So long others can still hear of a process that is gone, by then every one has. */
  private static final long REMEMBERED_LEASES = 4;

  private static final String QUERY_CANCELED = "57014";

  private final PostgresConnector connector;
  private final long millis;
  private final long marginMillis;
  private final CountDownLatch closed = new CountDownLatch(1);
  private final Thread thread;
  private volatile long node;

  /** Until when requests may be started, by {@link System#nanoTime}: counted from the question. */
  private volatile long sendUntilNanos;

  private @Nullable Connection connection;
  private @Nullable SqlStatement update;
  private @Nullable SqlStatement reap;
  private @Nullable SqlStatement forget;
  private boolean failing;

  PostgresLease(PostgresConnector connector, long node, long millis) {
    this.connector = connector;
    this.node = node;
    this.millis = millis;
    marginMillis = Math.min(MOST_MARGIN_MILLIS, millis / 4);
    renewed(System.nanoTime() - TimeUnit.MILLISECONDS.toNanos(millis / 5));
    thread = Thread.ofPlatform().daemon().name("posthorn-lease").start(this::run);
  }

  /** Renews the lease of this node from now on, which was just made. */
  void renew(long id) {
    node = id;
  }

  private void renewed(long askedNanos) {
    sendUntilNanos = askedNanos + TimeUnit.MILLISECONDS.toNanos(millis - marginMillis);
  }

  /** Whether a request may be started now. */
  boolean maySend() {
    return sendUntilNanos - System.nanoTime() > 0;
  }

  /** For how long from now, in milliseconds; negative where not any more. */
  long sendMillis() {
    return TimeUnit.NANOSECONDS.toMillis(sendUntilNanos - System.nanoTime());
  }

  private void run() {
    try {
      while (!closed.await(millis / 5, TimeUnit.MILLISECONDS)) {
        renewOnce(node);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      disconnect();
    }
  }

  private void renewOnce(long renewed) {
    try {
      if (update == null || reap == null || forget == null) {
        connection = connector.connect(Use.LEASE);
        update =
            new SqlStatement(
                connection,
                "UPDATE node SET until = clock_timestamp() + ? * interval '1 millisecond'"
                    + " WHERE id = ?");
        // Waits for what the other one has open, but not longer than this process may be silent.
        reap =
            new SqlStatement(
                connection,
                PostgresNode.DEPART
                    + "until < clock_timestamp() AND id <> ?"
                    + PostgresNode.DEPARTED);
        forget =
            new SqlStatement(
                connection,
                "DELETE FROM departed WHERE time < clock_timestamp() - ? * interval '1 millisecond'");
      }
      long asked = System.nanoTime();
      if (update.update(millis, renewed) > 0) {
        renewed(asked);
      }
      reap(reap, renewed);
      forget.update(REMEMBERED_LEASES * millis);
      if (failing) {
        failing = false;
        LOG.atInfo().log("the lease is renewed again");
      }
    } catch (SQLException e) {
      disconnect();
      if (!failing) {
        failing = true;
        LOG.atWarn()
            .addKeyValue("database", connector.address())
            .addKeyValue("error", e.getMessage())
            .log("the lease cannot be renewed: check the database and the way to it");
      }
    }
  }

  private static void reap(SqlStatement statement, long renewed) throws SQLException {
    try {
      int gone = statement.update(renewed);
      if (gone > 0) {
        LOG.atWarn()
            .addKeyValue("processes", gone)
            .log("others were silent for longer than their lease: their lanes are free");
      }
    } catch (SQLException e) {
      if (!QUERY_CANCELED.equals(PostgresErrors.state(e))) {
        throw e;
      }
      // One of them has a transaction open, which its server will end.
    }
  }

  private void disconnect() {
    Connection open = connection;
    connection = null;
    update = null;
    reap = null;
    forget = null;
    try {
      if (open != null) {
        open.close();
      }
    } catch (SQLException e) {
      // It is thrown away anyway.
    }
  }

  /** Ends the thread and waits for that. */
  @Override
  public void close() {
    closed.countDown();
    boolean interrupted = false;
    while (thread.isAlive()) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
