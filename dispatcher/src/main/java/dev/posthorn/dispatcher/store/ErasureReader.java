package dev.posthorn.dispatcher.store;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads what erasures have done. */
final class ErasureReader {
  static final String NEWEST =
      "SELECT e.number, t.name, e.requested, e.caller, e.completed FROM erasure e"
          + " JOIN tenant t ON t.number = e.tenant WHERE t.name = ? ORDER BY e.number DESC LIMIT 1";

  static final String DELETED = "SELECT kind, deleted FROM erased WHERE erasure = ?";

  private final SqlStatement newest;
  private final SqlStatement deleted;

  /** Reads by {@link #NEWEST} and {@link #DELETED}. */
  ErasureReader(SqlStatement newest, SqlStatement deleted) {
    this.newest = newest;
    this.deleted = deleted;
  }

  /** The last erasure of a tenant; null where there was none. */
  @Nullable Erasure newest(String tenant) throws SQLException {
    Erasure erasure = newest.first(ErasureReader::read, tenant);
    return erasure == null ? null : counted(erasure);
  }

  private static Erasure read(ResultSet row) throws SQLException {
    Long completed = SqlStatement.longOrNull(row, 5);
    return new Erasure(
        row.getLong(1),
        row.getString(2),
        Instant.ofEpochMilli(row.getLong(3)),
        row.getString(4),
        completed == null ? null : Instant.ofEpochMilli(completed),
        Map.of());
  }

  private Erasure counted(Erasure erasure) throws SQLException {
    var counts = new EnumMap<ErasedKind, Long>(ErasedKind.class);
    deleted.list(row -> counts.put(kind(row.getString(1)), row.getLong(2)), erasure.id());
    return new Erasure(
        erasure.id(),
        erasure.tenant(),
        erasure.requested(),
        erasure.caller(),
        erasure.completed(),
        counts);
  }

  private static ErasedKind kind(String wire) {
    return ErasedKind.ofWire(wire)
        .orElseThrow(
            () -> new IllegalStateException("kind " + wire + " in the database is unknown"));
  }
}
