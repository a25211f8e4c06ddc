package dev.posthorn.dispatcher.store;

import dev.posthorn.dispatcher.store.SqliteConnector.Use;
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

    private Reader(SqliteFile file, SecureRandom random, int keys) throws SQLException {
      this.keys = keys;
      connection = file.connect(Use.READ);
      sealer = new Sealer(random);
      tenants = new Tenants(connection, file.payloadKey(), sealer, random);
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

  private final SqliteFile file;
  private final SecureRandom random = new SecureRandom();
  private final Semaphore permits = new Semaphore(MOST, true);
  private final ConcurrentLinkedDeque<Reader> idle = new ConcurrentLinkedDeque<>();
  private final AtomicInteger keys = new AtomicInteger();
  private volatile boolean closed;

  Readers(SqliteFile file) {
    this.file = file;
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
      Reader reader = idle.poll();
      if (reader == null) {
        reader = new Reader(file, random, keys.get());
      }
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
    } catch (SQLException e) {
      throw SqliteErrors.translate(file.path(), e, false);
    } finally {
      permits.release();
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
        throw SqliteErrors.translate(file.path(), e, false);
      }
    }
  }
}
