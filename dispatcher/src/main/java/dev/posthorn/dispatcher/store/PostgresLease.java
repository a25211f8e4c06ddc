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
 * of its own: a write that takes long must not look like death. A row that is gone is noticed by
 * the next transaction.
 */
final class PostgresLease implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(PostgresLease.class);

  private final PostgresConnector connector;
  private final long millis;
  private final CountDownLatch closed = new CountDownLatch(1);
  private final Thread thread;
  private volatile long node;
  private @Nullable Connection connection;
  private @Nullable SqlStatement update;
  private boolean failing;

  PostgresLease(PostgresConnector connector, long node, long millis) {
    this.connector = connector;
    this.node = node;
    this.millis = millis;
    thread = Thread.ofPlatform().daemon().name("posthorn-lease").start(this::run);
  }

  /** Renews the lease of this node from now on. */
  void renew(long id) {
    node = id;
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
      if (update == null) {
        connection = connector.connect(Use.LEASE);
        update =
            new SqlStatement(
                connection,
                "UPDATE node SET until = clock_timestamp() + ? * interval '1 millisecond'"
                    + " WHERE id = ?");
      }
      update.update(millis, renewed);
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

  private void disconnect() {
    Connection open = connection;
    connection = null;
    update = null;
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
