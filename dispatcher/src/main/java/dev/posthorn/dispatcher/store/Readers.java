package dev.posthorn.dispatcher.store;

import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Reading connections, lent to one caller at a time. Few, since a call into SQLite holds its
 * carrier thread; whoever finds none free waits without holding one.
 */
final class Readers implements AutoCloseable {
  /** A connection with its statements and the tenants it has seen. */
  static final class Reader {
    private final Connection connection;
    private final Map<String, SqlStatement> statements = new HashMap<>();
    private final Map<String, TimeSearch> searches = new HashMap<>();
    private final int keys;
    final Sealer sealer;
    final Tenants tenants;

    private Reader(Database database, SecureRandom random, int keys) throws SQLException {
      this.keys = keys;
      connection = database.reader();
      sealer = new Sealer(random);
      tenants = new Tenants(connection, database.payloadKey(), sealer, random);
    }

    /** A statement, prepared once. The set of texts is closed: values are always bound. */
    SqlStatement sql(String text) throws SQLException {
      SqlStatement known = statements.get(text);
      if (known == null) {
        known = new SqlStatement(connection, text);
        statements.put(text, known);
      }
      return known;
    }

    /** A search by time in the log of attempts. */
    TimeSearch attemptsByTime() throws SQLException {
      TimeSearch known = searches.get("attempt");
      if (known == null) {
        known = new TimeSearch(connection, "attempt", "number", "time");
        searches.put("attempt", known);
      }
      return known;
    }
  }

  /** A query. */
  @FunctionalInterface
  interface Query<T> {
    T read(Reader reader) throws SQLException;
  }

  private static final int MOST = 4;

  private final Database database;
  private final SecureRandom random = new SecureRandom();
  private final Semaphore permits = new Semaphore(MOST, true);
  private final ConcurrentLinkedDeque<Reader> idle = new ConcurrentLinkedDeque<>();
  private final AtomicInteger keys = new AtomicInteger();
  private volatile boolean closed;

  Readers(Database database) {
    this.database = database;
  }

  /**
   * Runs a query.
   *
   * @throws StoreUnavailableException where the disk fails
   */
  <T> T read(Query<T> query) {
    permits.acquireUninterruptibly();
    try {
      if (closed) {
        throw new IllegalStateException("the delivery log is closed");
      }
      Reader idling = idle.poll();
      if (idling != null) {
        try {
          return read(idling, query);
        } catch (SQLException e) {
          if (!database.cut(e)) {
            throw e;
          }
          // It was cut while nobody used it.
        }
      }
      return read(new Reader(database, random, keys.get()), query);
    } catch (SQLException e) {
      throw database.failure(e, false);
    } finally {
      permits.release();
    }
  }

  private <T> T read(Reader reader, Query<T> query) throws SQLException {
    boolean done = false;
    try {
      T result = query.read(reader);
      done = true;
      return result;
    } finally {
      if (done && reader.keys == keys.get()) {
        idle.push(reader);
      } else {
        reader.connection.close();
      }
    }
  }

  /** Connections go with the keys that they know; queries that run are the last of theirs. */
  void forgetKeys() throws SQLException {
    keys.incrementAndGet();
    for (Reader reader = idle.poll(); reader != null; reader = idle.poll()) {
      reader.connection.close();
    }
  }

  /** Waits for the queries that run, and lets no further one in. */
  @Override
  public void close() {
    permits.acquireUninterruptibly(MOST);
    closed = true;
    permits.release(MOST);
    for (Reader reader = idle.poll(); reader != null; reader = idle.poll()) {
      try {
        reader.connection.close();
      } catch (SQLException e) {
        throw database.failure(e, false);
      }
    }
  }
}
