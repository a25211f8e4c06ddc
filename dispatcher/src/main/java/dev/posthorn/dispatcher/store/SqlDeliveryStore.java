package dev.posthorn.dispatcher.store;

import dev.posthorn.core.config.KeyDenial;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A delivery store in an SQL database. A connection that failed is thrown away with everything read
 * through it; the next call opens another.
 */
abstract sealed class SqlDeliveryStore implements DeliveryStore
    permits SqliteDeliveryStore, PostgresDeliveryStore {
  private final Database database;
  private final SecureRandom random;
  private final Tally tally = new Tally();
  private final StoredBytes stored = new StoredBytes();
  private final SqlDeliveryLog log;
  private @Nullable WriteSession session;
  private volatile boolean others;

  SqlDeliveryStore(Database database, SecureRandom random) {
    this.database = database;
    this.random = random;
    log = new SqlDeliveryLog(database, tally, stored);
  }

  /** Opens the writing connection, which the first call does otherwise. */
  final void connect() {
    boolean done = false;
    try {
      session();
      done = true;
    } catch (SQLException e) {
      throw database.failure(e, false);
    } finally {
      if (!done) {
        close();
      }
    }
  }

  @Override
  public List<Written> write(List<Write> writes) {
    boolean committing = false;
    boolean done = false;
    try {
      WriteSession writing = session();
      writing.begin();
      List<Written> answers = writing.apply(writes);
      committing = true;
      writing.commit();
      tally.apply(writing.change());
      stored.apply(writing.bytes());
      done = true;
      if (answers.stream().anyMatch(SqlDeliveryStore::destroyedKey)) {
        log.forgetKeys();
      }
      return answers;
    } catch (SQLException e) {
      throw database.failure(e, committing);
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
  public Round round(List<PageRequest> requests) {
    return reading(session -> {
      Round round = session.round(requests);
      if (session.others()) {
        others = true;
      }
      if (round.shared().erasing() != null) {
        session.forgetKeys();
        log.forgetKeys();
        session.seen();
      }
      return round;
    });
  }

  /** Whether other processes have used the database since the last recount began. Any thread. */
  final boolean others() {
    return others;
  }

  /** Counts anew what is open, dead and stored. Any thread. */
  final void recount() {
    others = false;
    boolean done = false;
    try {
      log.recount();
      done = true;
    } finally {
      if (!done) {
        others = true;
      }
    }
  }

  @Override
  public boolean keeps() {
    WriteSession present = session;
    return present == null ? !isShared() : present.keeps();
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
      session.maintain(idle);
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
    database.close();
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
      throw database.failure(e, false);
    }
  }

  private WriteSession session() throws SQLException {
    if (session == null) {
      Connection connection = database.writer();
      boolean done = false;
      try {
        var opened = new WriteSession(database, connection, random);
        opened.count(tally, stored);
        session = opened;
        done = true;
        return opened;
      } finally {
        if (!done) {
          connection.close();
        }
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
