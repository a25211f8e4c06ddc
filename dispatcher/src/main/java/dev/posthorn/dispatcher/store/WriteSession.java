package dev.posthorn.dispatcher.store;

import dev.posthorn.core.config.KeyDenial;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The writing connection with its statements and all that is known from rows. Thrown away as a
 * whole when a transaction fails, so that nothing rolled back is remembered. Store thread only.
 */
final class WriteSession implements AutoCloseable {
  /** Takes room on disk when a probe asks whether there is any; larger than most batches' pages. */
  private static final int PROBE_BYTES = 64 << 10;

  /** Pages in the log after which a checkpoint is worth its two flushes when nothing waits. */
  private static final int IDLE_PAGES = 256;

  /** Pages in the log (32 MiB) after which a checkpoint runs whatever waits. */
  private static final int MOST_PAGES = 8192;

  private final Connection connection;
  private final SqlStatement begin;
  private final SqlStatement commit;
  private final SqlStatement probe;
  private final SqlStatement logPages;
  private final SqlStatement checkpoint;
  private final AcceptWriter accepts;
  private final OutcomeWriter outcomes;
  private final NoticeWriter notices;
  private final EndpointWriter endpoints;
  private final RejectWriter rejects;
  private final AuditWriter audits;
  private final ErasingTenants erasing;
  private final ErasureWriter erasures;
  private final LogTruncation truncation;
  private final RetentionWriter retention;
  private final ReplayWriter replays;
  private final PageReader pages;
  private final Tally.Change change = new Tally.Change();

  WriteSession(SqliteFile file, Connection connection, SecureRandom random) throws SQLException {
    this.connection = connection;
    begin = new SqlStatement(connection, "BEGIN IMMEDIATE");
    commit = new SqlStatement(connection, "COMMIT");
    probe =
        new SqlStatement(
            connection, "REPLACE INTO meta (name, value) VALUES ('probe', randomblob(?))");
    // NOOP only counts: pages in the log, and how many of them are in the database already.
    logPages = new SqlStatement(connection, "PRAGMA wal_checkpoint = NOOP");
    checkpoint = new SqlStatement(connection, "PRAGMA wal_checkpoint = PASSIVE");
    var sealer = new Sealer(random);
    var tenants = new Tenants(connection, file.payloadKey(), sealer, random);
    var events = new Sequence(connection, "event", "seq");
    var attempts = new Sequence(connection, "attempt", "number");
    var alerts = new AlertRows(connection, tenants);
    accepts = new AcceptWriter(connection, tenants, sealer, events, change, alerts);
    outcomes = new OutcomeWriter(connection, tenants, sealer, attempts, change);
    endpoints = new EndpointWriter(connection, tenants);
    rejects = new RejectWriter(connection, tenants, sealer);
    audits = new AuditWriter(connection, tenants);
    erasing = new ErasingTenants(connection);
    notices = new NoticeWriter(connection, accepts, erasing);
    var erased = new ErasedRows(connection, events, attempts, change);
    erasures = new ErasureWriter(connection, tenants, erasing, audits, erased);
    truncation = new LogTruncation(connection);
    retention =
        new RetentionWriter(
            connection, outcomes, notices, alerts, erasing, events, attempts, change);
    replays = new ReplayWriter(connection, tenants, audits, events, retention::expiredUpTo, change);
    pages = new PageReader(connection);
  }

  /** Counts what is open and dead. */
  void count(Tally tally) throws SQLException {
    tally.load(connection);
  }

  void begin() throws SQLException {
    begin.run();
  }

  Written apply(Write write) throws SQLException {
    return notices.with(write, written(write));
  }

  private Written written(Write write) throws SQLException {
    return switch (write) {
      case Write.Accept accept -> {
        String refused = erasing.among(accept.events());
        yield refused == null ? accepts.accept(accept) : new Written.Refused(refused);
      }
      case Write.Record record ->
          erasing.ofEvent(record.attempt().delivery().seq())
              ? new Written.Recorded(false, 0)
              : outcomes.record(record.attempt(), record.next());
      case Write.Register register ->
          new Written.Registered(
              endpoints.register(register.name(), register.tenant(), register.lane()));
      case Write.Health health -> {
        endpoints.health(health.endpoint(), health.health());
        yield new Written.Done();
      }
      case Write.Hold hold -> {
        endpoints.holds(hold.endpoint(), hold.holds());
        yield new Written.Done();
      }
      case Write.Removal(var endpoint, var time) -> {
        endpoints.removed(endpoint, time);
        yield new Written.Done();
      }
      case Write.Reject reject -> {
        rejects.reject(reject.record());
        yield new Written.Done();
      }
      case Write.Audit audit -> {
        audits.write(audit.entry(), audit.denial());
        yield new Written.Done();
      }
      case Write.Erase erase -> erasures.begin(erase);
      case Write.EraseSlice slice -> erasures.slice(slice);
      case Write.Replaying(ReplayWrite replaying) -> {
        String tenant = replaying.tenant();
        yield tenant != null && erasing.contains(tenant)
            ? new Written.Refused(tenant)
            : replays.apply(replaying);
      }
      case Write.Retain retain -> retention.retain(retain);
      case Write.Probe() -> {
        probe.update(PROBE_BYTES);
        yield new Written.Done();
      }
    };
  }

  /** Returns after the transaction is on disk. */
  void commit() throws SQLException {
    commit.run();
  }

  /** What the last transaction changed; the caller applies it once. */
  Tally.Change change() {
    return change;
  }

  List<EndpointRow> endpoints() throws SQLException {
    return endpoints.all();
  }

  List<KeyDenial> denials() throws SQLException {
    return audits.denials();
  }

  List<String> erasing() {
    return erasing.names();
  }

  @Nullable Erasure erasure(String tenant) throws SQLException {
    return erasures.newest(tenant);
  }

  List<Page> pages(List<PageRequest> requests) throws SQLException {
    var read = new ArrayList<Page>(requests.size());
    for (PageRequest request : requests) {
      read.add(pages.read(request));
    }
    return read;
  }

  /** Moves the log into the database where that is due. */
  void checkpoint(boolean idle) throws SQLException {
    if (erasures.takeLogDue() && truncation.run()) {
      erasures.logTruncated();
    }
    Long waiting = logPages.first(row -> row.getLong(2) - row.getLong(3));
    if (waiting != null && waiting >= (idle ? IDLE_PAGES : MOST_PAGES)) {
      checkpoint.number(0);
    }
  }

  @Override
  public void close() throws SQLException {
    connection.close();
  }
}
