package dev.posthorn.dispatcher.store;

import dev.posthorn.core.config.OutcomeClass;
import dev.posthorn.core.config.ResourceName;
import dev.posthorn.dispatcher.store.EndpointRow.Health;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The rows of endpoints: number, tenant, health. */
final class EndpointWriter {
  static final String SELECT =
      "SELECT e.number, e.namespace, e.name, t.name, e.state, e.since, e.last_success, e.failures,"
          + " e.last_error, e.enabled_time, e.removed_time, e.holds"
          + " FROM endpoint e JOIN tenant t ON t.number = e.tenant";

  private final Tenants tenants;
  private final SqlStatement all;
  private final SqlStatement named;
  private final SqlStatement insert;
  private final SqlStatement move;
  private final SqlStatement health;
  private final SqlStatement removed;
  private final SqlStatement holds;

  EndpointWriter(Connection connection, Tenants tenants) throws SQLException {
    this.tenants = tenants;
    all = new SqlStatement(connection, SELECT + " WHERE e.namespace <> '' ORDER BY e.number");
    named = new SqlStatement(connection, SELECT + " WHERE e.namespace = ? AND e.name = ?");
    insert =
        new SqlStatement(
            connection,
            "INSERT INTO endpoint (namespace, name, tenant, lane, state, since, failures)"
                + " VALUES (?, ?, ?, ?, ?, ?, 0) ON CONFLICT DO NOTHING");
    move =
        new SqlStatement(
            connection,
            "UPDATE endpoint SET tenant = ?, lane = ? WHERE namespace = ? AND name = ?"
                + " AND (tenant <> ? OR lane <> ?)");
    health =
        new SqlStatement(
            connection,
            "UPDATE endpoint SET state = ?, since = ?, last_success = ?, failures = ?,"
                + " last_error = ?, enabled_time = ? WHERE number = ?");
    removed = new SqlStatement(connection, "UPDATE endpoint SET removed_time = ? WHERE number = ?");
    holds = new SqlStatement(connection, "UPDATE endpoint SET holds = ? WHERE number = ?");
  }

  void holds(int endpoint, Holds value) throws SQLException {
    if (holds.update(value.text(), endpoint) == 0) {
      throw new IllegalArgumentException("endpoint " + endpoint + " was never registered");
    }
  }

  /** One that was erased meanwhile is not there. */
  void removed(int endpoint, @Nullable Instant time) throws SQLException {
    removed.update(text(time), endpoint);
  }

  List<EndpointRow> all() throws SQLException {
    return all.list(EndpointWriter::read);
  }

  /** A new endpoint is healthy since the epoch: nothing is known of it. */
  EndpointRow register(ResourceName name, String tenant, int lane) throws SQLException {
    int number = tenants.number(tenant);
    int made =
        insert.update(
            name.namespace(),
            name.name(),
            number,
            lane,
            EndpointState.HEALTHY.name(),
            Instant.EPOCH.toString());
    if (made == 0) {
      move.update(number, lane, name.namespace(), name.name(), number, lane);
    }
    EndpointRow row = named.first(EndpointWriter::read, name.namespace(), name.name());
    if (row == null) {
      throw new IllegalStateException("endpoint " + name + " was registered and is not there");
    }
    return row;
  }

  /** But for the time of its removal, which is written by {@link #removed}. */
  void health(int endpoint, Health value) throws SQLException {
    OutcomeClass lastError = value.lastError();
    int changed =
        health.update(
            value.state().name(),
            value.since().toString(),
            text(value.lastSuccess()),
            value.failures(),
            lastError == null ? null : lastError.wire(),
            text(value.enabledTime()),
            endpoint);
    if (changed == 0) {
      throw new IllegalArgumentException("endpoint " + endpoint + " was never registered");
    }
  }

  static EndpointRow read(ResultSet row) throws SQLException {
    String lastError = row.getString(9);
    var health =
        new Health(
            EndpointState.valueOf(row.getString(5)),
            Instant.parse(row.getString(6)),
            time(row.getString(7)),
            row.getInt(8),
            lastError == null ? null : OutcomeClass.ofWire(lastError).orElse(null),
            time(row.getString(10)),
            time(row.getString(11)));
    return new EndpointRow(
        row.getInt(1),
        new ResourceName(row.getString(2), row.getString(3)),
        row.getString(4),
        health,
        Holds.parse(row.getString(12)));
  }

  private static @Nullable String text(@Nullable Instant time) {
    return time == null ? null : time.toString();
  }

  private static @Nullable Instant time(@Nullable String text) {
    return text == null ? null : Instant.parse(text);
  }
}
