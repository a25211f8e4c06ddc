package dev.posthorn.dispatcher.store;

import dev.posthorn.core.config.KeyDenial;
import dev.posthorn.dispatcher.store.LaneTables.Asked.Kind;
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
  private final Connection connection;
  private final Dialect dialect;
  private final Tenants tenants;
  private final AcceptWriter accepts;
  private final OutcomeWriter outcomes;
  private final NoticeWriter notices;
  private final EndpointWriter endpoints;
  private final RejectWriter rejects;
  private final AuditWriter audits;
  private final ErasingTenants erasing;
  private final ErasureWriter erasures;
  private final RetentionWriter retention;
  private final ReplayWriter replays;
  private final StoredBytes.Rows storedBytes;
  private final Tally.Change change = new Tally.Change();
  private final StoredBytes.Change bytes = new StoredBytes.Change();

  WriteSession(Database database, Connection connection, SecureRandom random) throws SQLException {
    this.connection = connection;
    dialect = database.dialect(connection);
    var sealer = new Sealer(random);
    tenants = new Tenants(connection, database.payloadKey(), sealer, random);
    var events = dialect.sequence("event", "seq");
    var attempts = dialect.sequence("attempt", "number");
    var rows = dialect.deliveryRows();
    var alerts = new AlertRows(connection, tenants);
    erasing = new ErasingTenants(connection, rows);
    accepts = new AcceptWriter(connection, dialect, tenants, sealer, events, change, bytes, alerts);
    outcomes = new OutcomeWriter(dialect, rows, tenants, erasing, sealer, attempts, change);
    endpoints = new EndpointWriter(connection, tenants);
    rejects = new RejectWriter(connection, tenants, sealer);
    audits = new AuditWriter(connection, tenants);
    notices = new NoticeWriter(connection, accepts, erasing);
    var payloads = new PayloadRows(connection, dialect, bytes);
    var erased = new ErasedRows(connection, events, attempts, change, payloads);
    erasures = new ErasureWriter(connection, dialect, tenants, erasing, audits, erased);
    retention =
        new RetentionWriter(
            connection, dialect, outcomes, notices, alerts, events, attempts, change, payloads);
    replays = new ReplayWriter(connection, tenants, audits, events, retention::expiredUpTo, change);
    storedBytes = new StoredBytes.Rows(dialect);
  }

  /** Counts what is open and dead, and reads how much is stored. */
  void count(Tally tally, StoredBytes stored) throws SQLException {
    tally.load(connection);
    stored.load(connection);
  }

  void begin() throws SQLException {
    dialect.begin();
  }

  /** Applies the writes; one answer each. */
  List<Written> apply(List<Write> writes) throws SQLException {
    var run = new Run(accepts, outcomes, erasing, notices);
    var answers = new ArrayList<Written>(writes.size());
    for (Write write : writes) {
      if (!run.add(write)) {
        answers.addAll(run.apply());
        answers.addAll(notices.with(List.of(write), List.of(apply(write))));
      }
    }
    answers.addAll(run.apply());
    storedBytes.write(bytes);
    return answers;
  }

  private Written apply(Write write) throws SQLException {
    return switch (write) {
      case Write.Accept _, Write.Record _ ->
          throw new IllegalStateException("publishes and outcomes are written in runs");
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
      case Write.Replaying(ReplayWrite replaying) -> replay(replaying);
      case Write.Release(var lane) -> {
        dialect.release(lane);
        yield new Written.Done();
      }
      case Write.AskEnable(var endpoint) -> {
        dialect.ask(Kind.ENABLE, endpoint);
        yield new Written.Done();
      }
      case Write.Retain retain -> retention.retain(retain);
      case Write.Probe() -> {
        dialect.probe();
        yield new Written.Done();
      }
    };
  }

  /** Whoever sends for the tenant does not know these rows, where that is another process. */
  private Written replay(ReplayWrite write) throws SQLException {
    String tenant = write.tenant();
    if (tenant != null && erasing.contains(tenant)) {
      return new Written.Refused(tenant);
    }
    Written.Replayed replayed = replays.apply(write);
    if (!replayed.due().isEmpty()) {
      dialect.ask(Kind.REREAD, replayed.due().getFirst().endpoint());
    }
    return replayed;
  }

  /** Returns after the transaction is on disk. */
  void commit() throws SQLException {
    dialect.commit();
  }

  /** What the last transaction changed; the caller applies it once. */
  Tally.Change change() {
    return change;
  }

  /** The same of the bytes that tenants have stored. */
  StoredBytes.Change bytes() {
    return bytes;
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
    return dialect.pages(requests);
  }

  Round round(List<PageRequest> requests) throws SQLException {
    return dialect.round(requests);
  }

  boolean others() {
    return dialect.others();
  }

  boolean keeps() {
    return dialect.keeps();
  }

  /** Others began or ended erasures. */
  void forgetKeys() throws SQLException {
    erasing.load();
    tenants.forget();
  }

  void seen() throws SQLException {
    dialect.seen();
  }

  void maintain(boolean idle) throws SQLException {
    if (erasures.takeLogDue() && dialect.dropTraces()) {
      erasures.logTruncated();
    }
    dialect.maintain(idle);
  }

  @Override
  public void close() throws SQLException {
    connection.close();
  }
}
