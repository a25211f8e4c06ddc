package dev.posthorn.dispatcher.store;

import dev.posthorn.dispatcher.store.Sealer.Purpose;
import dev.posthorn.dispatcher.store.Tenants.Tenant;
import java.sql.Connection;
import java.sql.SQLException;

/** Keeps records that could not be mapped, each position of a source once. */
final class RejectWriter {
  private final Tenants tenants;
  private final Sealer sealer;
  private final SqlStatement insert;

  RejectWriter(Connection connection, Tenants tenants, Sealer sealer) throws SQLException {
    this.tenants = tenants;
    this.sealer = sealer;
    insert =
        new SqlStatement(
            connection,
            "INSERT INTO rejected (source, position, time, reason, message, payload)"
                + " VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (source, position) DO NOTHING");
  }

  void reject(RejectedRecord record) throws SQLException {
    Tenant nobody = tenants.named(Tenants.NOBODY);
    long millis = record.time().toEpochMilli();
    insert.update(
        record.source(),
        record.position(),
        millis,
        record.reason(),
        record.message(),
        sealer.seal(nobody.key(), Purpose.REJECTED, millis, 0, record.payload()));
  }
}
