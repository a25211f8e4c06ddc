package dev.posthorn.dispatcher.store;

import dev.posthorn.core.config.KeyDenial;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Writes who asked for what, and the denials of keys that came of it. */
final class AuditWriter {
  static final String DENIALS = "SELECT keyring, key_id, time FROM key_denial";

  private final Tenants tenants;
  private final SqlStatement insert;
  private final SqlStatement deny;
  private final SqlStatement denials;

  AuditWriter(Connection connection, Tenants tenants) throws SQLException {
    this.tenants = tenants;
    insert =
        new SqlStatement(
            connection,
            "INSERT INTO audit (tenant, time, caller, request, action, object, detail)"
                + " VALUES (?, ?, ?, ?, ?, ?, ?)");
    deny =
        new SqlStatement(
            connection,
            "INSERT INTO key_denial (keyring, key_id, time) VALUES (?, ?, ?) ON CONFLICT DO"
                + " NOTHING");
    denials = new SqlStatement(connection, DENIALS);
  }

  void write(AuditEntry entry, @Nullable KeyDenial denial) throws SQLException {
    insert.update(
        tenants.number(entry.tenant()),
        entry.time().toEpochMilli(),
        entry.caller(),
        entry.request(),
        entry.action(),
        entry.object(),
        entry.detail());
    if (denial != null) {
      deny.update(denial.keyringId(), denial.keyId(), denial.time().toEpochMilli());
    }
  }

  List<KeyDenial> denials() throws SQLException {
    return denials.list(AuditWriter::denial);
  }

  static KeyDenial denial(ResultSet row) throws SQLException {
    return new KeyDenial(row.getString(1), row.getString(2), Instant.ofEpochMilli(row.getLong(3)));
  }
}
