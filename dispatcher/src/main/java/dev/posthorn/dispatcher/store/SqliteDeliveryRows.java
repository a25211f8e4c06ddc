package dev.posthorn.dispatcher.store;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Moves deliveries on one at a time. */
final class SqliteDeliveryRows implements DeliveryRows {
  /** The tenant comes with the row, for the key: one statement instead of two. */
  private static final String RETURNING =
      " RETURNING accepted, (SELECT tenant FROM event WHERE event.seq = delivery.seq), replay";

  private final SqlStatement delete;
  private final SqlStatement retry;
  private final SqlStatement retryWithBody;
  private final SqlStatement tenantOf;

  SqliteDeliveryRows(Connection connection) throws SQLException {
    String row = " WHERE endpoint = ? AND seq = ? AND n = ?";
    delete = new SqlStatement(connection, "DELETE FROM delivery" + row + RETURNING);
    retry = new SqlStatement(connection, "UPDATE delivery SET n = ?, due = ?" + row + RETURNING);
    // The first body stands: every retry sends the same bytes.
    retryWithBody =
        new SqlStatement(
            connection,
            "UPDATE delivery SET n = ?, due = ?, body = coalesce(body, ?)" + row + RETURNING);
    tenantOf = new SqlStatement(connection, "SELECT tenant FROM event WHERE seq = ?");
  }

  @Override
  public List<@Nullable Open> move(List<Move> moves) throws SQLException {
    var found = new ArrayList<@Nullable Open>(moves.size());
    for (Move move : moves) {
      found.add(move(move, move.key().endpoint(), move.key().seq()));
    }
    return found;
  }

  private @Nullable Open move(Move move, int endpoint, long seq) throws SQLException {
    int before = move.n() - 1;
    Long due = move.dueMillis();
    if (due == null) {
      return delete.first(SqliteDeliveryRows::open, endpoint, seq, before);
    }
    byte[] body = move.body();
    return body == null
        ? retry.first(SqliteDeliveryRows::open, move.n(), due, endpoint, seq, before)
        : retryWithBody.first(SqliteDeliveryRows::open, move.n(), due, body, endpoint, seq, before);
  }

  private static Open open(ResultSet row) throws SQLException {
    return new Open(row.getLong(1), row.getInt(2), row.getLong(3));
  }

  @Override
  public Map<Long, Integer> tenants(Collection<Long> events) throws SQLException {
    var tenants = new HashMap<Long, Integer>();
    for (long seq : events) {
      Integer tenant = tenantOf.first(row -> row.getInt(1), seq);
      if (tenant != null) {
        tenants.put(seq, tenant);
      }
    }
    return tenants;
  }
}
