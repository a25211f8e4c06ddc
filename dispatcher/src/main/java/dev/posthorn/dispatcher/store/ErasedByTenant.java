package dev.posthorn.dispatcher.store;

import java.sql.Connection;
import java.sql.SQLException;

/** Rows of a small table that name their tenant. */
final class ErasedByTenant implements ErasureStep {
  private final ErasedKind kind;
  private final SqlStatement delete;

  private ErasedByTenant(ErasedKind kind, SqlStatement delete) {
    this.kind = kind;
    this.delete = delete;
  }

  /** Names of system events. */
  static ErasedByTenant notices(Connection connection) throws SQLException {
    return new ErasedByTenant(
        ErasedKind.NOTICES,
        new SqlStatement(
            connection,
            "DELETE FROM notice WHERE name IN (SELECT name FROM notice WHERE tenant = ? LIMIT ?)"));
  }

  /** Replays, which name events and callers. */
  static ErasedByTenant replays(Connection connection) throws SQLException {
    return new ErasedByTenant(
        ErasedKind.REPLAYS,
        new SqlStatement(
            connection,
            "DELETE FROM replay WHERE number IN"
                + " (SELECT number FROM replay WHERE tenant = ? LIMIT ?)"));
  }

  /** Endpoints that lost their name when the erasure began, since their resource was gone. */
  static ErasedByTenant endpoints(Connection connection) throws SQLException {
    return new ErasedByTenant(
        ErasedKind.ENDPOINTS,
        new SqlStatement(
            connection,
            "DELETE FROM endpoint WHERE number IN"
                + " (SELECT number FROM endpoint WHERE tenant = ? AND namespace = '' LIMIT ?)"));
  }

  @Override
  public int delete(Target target, int most, Counts counts) throws SQLException {
    int done = delete.update(target.tenant(), most);
    counts.add(kind, done);
    return done;
  }
}
