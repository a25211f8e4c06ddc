package dev.posthorn.dispatcher.store;

import dev.posthorn.dispatcher.store.ErasureStep.Counts;
import dev.posthorn.dispatcher.store.ErasureStep.Target;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * Erases tenants, one after the other: the key first, then the rows in slices, then what is left of
 * them in the log. All of it is in the {@code erasure} row, so that another process goes on.
 */
final class ErasureWriter {
  /** An erasure that is not complete. */
  private record Running(long number, int tenant, String name, String sources, boolean rowsGone) {
    Target target() {
      return new Target(tenant, sources.isEmpty() ? List.of() : List.of(sources.split("\n")));
    }
  }

  private static final Written.Sliced NONE = new Written.Sliced(null, 0, false, null);

  private final Dialect dialect;
  private final Tenants tenants;
  private final ErasingTenants erasing;
  private final AuditWriter audits;
  private final List<ErasureStep> steps;
  private final ErasureReader reader;
  private final SqlStatement insert;
  private final SqlStatement endReplays;
  private final SqlStatement renameEndpoint;
  private final SqlStatement oldest;
  private final SqlStatement count;
  private final SqlStatement rowsGone;
  private final SqlStatement complete;
  private long present;
  private int step;
  private boolean logDue;
  private boolean logTruncated;

  ErasureWriter(
      Connection connection,
      Dialect dialect,
      Tenants tenants,
      ErasingTenants erasing,
      AuditWriter audits,
      ErasedRows rows)
      throws SQLException {
    this.dialect = dialect;
    this.tenants = tenants;
    this.erasing = erasing;
    this.audits = audits;
    steps =
        List.of(
            new ErasedByEndpoint(connection, "delivery", "seq", rows::delivery),
            new ErasedByEndpoint(connection, "dead_letter", "seq", rows::deadLetter),
            ErasedEvents.own(connection, rows),
            ErasedEvents.alerts(connection, rows),
            new ErasedByEndpoint(
                connection, "attempt", "number", (_, key, counts) -> rows.attempt(key, counts)),
            new ErasedRejects(connection),
            ErasedByTenant.notices(connection),
            ErasedByTenant.replays(connection),
            ErasedByTenant.endpoints(connection));
    reader =
        new ErasureReader(
            new SqlStatement(connection, ErasureReader.NEWEST),
            new SqlStatement(connection, ErasureReader.DELETED));
    insert =
        new SqlStatement(
            connection,
            "INSERT INTO erasure (tenant, requested, caller, sources, rows_gone)"
                + " VALUES (?, ?, ?, ?, 0)");
    endReplays =
        new SqlStatement(
            connection,
            "UPDATE replay SET state = 'Cancelled', since = ?"
                + " WHERE tenant = ? AND state = 'Running'");
    renameEndpoint =
        new SqlStatement(
            connection,
            "UPDATE endpoint SET namespace = '', name = ? WHERE number = ? AND tenant = ?");
    oldest =
        new SqlStatement(
            connection,
            "SELECT e.number, e.tenant, t.name, e.sources, e.rows_gone FROM erasure e"
                + " JOIN tenant t ON t.number = e.tenant WHERE e.completed IS NULL"
                + " ORDER BY e.number");
    count =
        new SqlStatement(
            connection,
            "INSERT INTO erased (erasure, kind, deleted) VALUES (?, ?, ?) ON CONFLICT"
                + " (erasure, kind) DO UPDATE SET deleted = erased.deleted + excluded.deleted");
    rowsGone = new SqlStatement(connection, "UPDATE erasure SET rows_gone = 1 WHERE number = ?");
    complete = new SqlStatement(connection, "UPDATE erasure SET completed = ? WHERE number = ?");
  }

  /** Destroys the key of a tenant; from now on nothing of it can be read or is written. */
  Written.Begun begin(Write.Erase write) throws SQLException {
    String tenant = write.entry().tenant();
    OptionalInt number = tenants.numberOf(tenant);
    if (number.isEmpty()) {
      return new Written.Begun(null, false);
    }
    boolean begins = !erasing.contains(tenant);
    if (begins) {
      begin(write, number.getAsInt());
    }
    return new Written.Begun(reader.newest(tenant), begins);
  }

  private void begin(Write.Erase write, int tenant) throws SQLException {
    AuditEntry entry = write.entry();
    audits.write(entry, null);
    tenants.destroyKey(tenant, entry.tenant());
    erasing.add(tenant, entry.tenant());
    insert.update(
        tenant, entry.time().toEpochMilli(), entry.caller(), String.join("\n", write.sources()));
    endReplays.update(entry.time().toEpochMilli(), tenant);
    for (int endpoint : write.goneEndpoints()) {
      renameEndpoint.update("erased-" + endpoint, endpoint, tenant);
    }
  }

  /** Goes on with the oldest erasure that is not complete, of a tenant that it sends for. */
  Written.Sliced slice(Write.EraseSlice write) throws SQLException {
    Running running =
        oldest.list(ErasureWriter::running).stream()
            .filter(each -> erasing.contains(each.name()) && dialect.owns(each.name()))
            .findFirst()
            .orElse(null);
    if (running == null) {
      return NONE;
    }
    if (running.number() != present) {
      present = running.number();
      step = 0;
      logTruncated = false;
      steps.forEach(ErasureStep::restart);
    }
    return running.rowsGone() ? finish(running, write.now()) : delete(running, write.rows());
  }

  private Written.Sliced delete(Running running, int most) throws SQLException {
    var counts = new Counts();
    int left = most;
    while (left > 0 && step < steps.size()) {
      int done = steps.get(step).delete(running.target(), left, counts);
      left -= done;
      step += done == 0 ? 1 : 0;
    }
    for (Map.Entry<ErasedKind, Long> each : counts.byKind().entrySet()) {
      count.update(running.number(), each.getKey().wire(), each.getValue());
    }
    boolean rowsLeft = step < steps.size();
    if (!rowsLeft && !dialect.seenByAll(running.number())) {
      // Another process may have stored an event under the former key: from the beginning.
      step = 0;
      steps.forEach(ErasureStep::restart);
    } else if (!rowsLeft) {
      rowsGone.update(running.number());
      logDue = true;
    }
    return new Written.Sliced(running.name(), counts.of(ErasedKind.DELIVERIES), rowsLeft, null);
  }

  private Written.Sliced finish(Running running, Instant now) throws SQLException {
    if (!logTruncated) {
      logDue = true;
      return new Written.Sliced(running.name(), 0, false, null);
    }
    complete.update(now.toEpochMilli(), running.number());
    erasing.remove(running.tenant());
    present = 0;
    return new Written.Sliced(running.name(), 0, false, reader.newest(running.name()));
  }

  /** The last erasure of a tenant; null where there was none. */
  @Nullable Erasure newest(String tenant) throws SQLException {
    return reader.newest(tenant);
  }

  /** Whether the log should be emptied after this transaction; asked once. */
  boolean takeLogDue() {
    boolean due = logDue;
    logDue = false;
    return due;
  }

  /** The log is empty, and with it everything that was in it before the last rows went. */
  void logTruncated() {
    logTruncated = true;
  }

  private static @Nullable Running running(ResultSet row) throws SQLException {
    return new Running(
        row.getLong(1), row.getInt(2), row.getString(3), row.getString(4), row.getInt(5) == 1);
  }
}
