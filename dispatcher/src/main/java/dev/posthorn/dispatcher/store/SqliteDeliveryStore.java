package dev.posthorn.dispatcher.store;

import dev.posthorn.core.config.KeyDenial;
import dev.posthorn.dispatcher.store.SqliteConnector.Use;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The delivery state in one SQLite file, {@code posthorn.db} in the data directory, with its
 * payload key beside it. Readable in it without the key: tenants, types, our ids, times, endpoint
 * names, statuses, addresses, key ids. Sealed: what producers say of events, event data, frozen
 * bodies, errors, headers and excerpts of attempts, rejected payloads.
 *
 * <p>A connection that failed is thrown away with everything read through it; the next call opens
 * another.
 */
public final class SqliteDeliveryStore implements DeliveryStore {
  private final SqliteFile file;
  private final SecureRandom random;
  private final Tally tally = new Tally();
  private final SqliteDeliveryLog log;
  private @Nullable WriteSession session;

  private SqliteDeliveryStore(SqliteFile file, SecureRandom random) {
    this.file = file;
    this.random = random;
    log = new SqliteDeliveryLog(file, tally);
  }

  /**
   * Opens or makes the store in {@code directory}, which belongs to this process alone.
   *
   * @throws IllegalArgumentException where it cannot be used as it is: a network file system, a
   *     foreign, damaged or newer database, a missing or wrong payload key; the message says the
   *     cure
   * @throws StoreUnavailableException where the disk is full or fails
   */
  public static SqliteDeliveryStore open(Path directory) {
    return open(directory, SqliteConnector::open);
  }

  static SqliteDeliveryStore open(Path directory, SqliteConnector connector) {
    var random = new SecureRandom();
    var store = new SqliteDeliveryStore(SqliteFile.open(directory, connector, random), random);
    try {
      store.session();
      return store;
    } catch (SQLException e) {
      throw SqliteErrors.translate(store.file.path(), e, false);
    }
  }

  @Override
  public List<Written> write(List<Write> writes) {
    boolean committing = false;
    boolean done = false;
    try {
      WriteSession writing = session();
      writing.begin();
      var answers = new ArrayList<Written>(writes.size());
      for (Write write : writes) {
        answers.add(writing.apply(write));
      }
      committing = true;
      writing.commit();
      tally.apply(writing.change());
      done = true;
      if (answers.stream().anyMatch(SqliteDeliveryStore::destroyedKey)) {
        log.forgetKeys();
      }
      return answers;
    } catch (SQLException e) {
      throw SqliteErrors.translate(file.path(), e, committing);
    } finally {
      if (!done) {
        abandon();
      }
    }
  }

  /** Now, or in an earlier commit whose outcome nobody knew. */
  private static boolean destroyedKey(Written written) {
    return written instanceof Written.Begun begun && begun.erasure() != null;
  }

  @Override
  public List<Page> pages(List<PageRequest> requests) {
    return reading(session -> session.pages(requests));
  }

  @Override
  public List<EndpointRow> endpoints() {
    return reading(WriteSession::endpoints);
  }

  @Override
  public List<KeyDenial> denials() {
    return reading(WriteSession::denials);
  }

  @Override
  public List<String> erasing() {
    return reading(WriteSession::erasing);
  }

  @Override
  public @Nullable Erasure erasure(String tenant) {
    return reading(session -> Optional.ofNullable(session.erasure(tenant))).orElse(null);
  }

  @Override
  public void maintain(boolean idle) {
    reading(session -> {
      session.checkpoint(idle);
      return idle;
    });
  }

  @Override
  public DeliveryLog log() {
    return log;
  }

  @Override
  public void close() {
    log.close();
    abandon();
  }

  /** Something done outside of a transaction of its own. */
  @FunctionalInterface
  private interface Work<T> {
    T with(WriteSession session) throws SQLException;
  }

  private <T> T reading(Work<T> work) {
    try {
      return work.with(session());
    } catch (SQLException e) {
      abandon();
      throw SqliteErrors.translate(file.path(), e, false);
    }
  }

  private WriteSession session() throws SQLException {
    if (session == null) {
      Connection connection = file.connect(Use.WRITE);
      try {
        var opened = new WriteSession(file, connection, random);
        opened.count(tally);
        session = opened;
      } catch (SQLException e) {
        connection.close();
        throw e;
      }
    }
    return session;
  }

  /** Closing rolls back; that it fails too adds nothing to the first failure. */
  private void abandon() {
    WriteSession failed = session;
    session = null;
    try {
      if (failed != null) {
        failed.close();
      }
    } catch (SQLException e) {
      // The failure that led here is on its way to the caller.
    }
  }
}
