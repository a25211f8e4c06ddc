package dev.posthorn.dispatcher.store;

import dev.posthorn.core.event.EventId;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** Claims keys one at a time. */
final class SqliteKeyClaims implements KeyClaims {
  private final SqlStatement insert;
  private final SqlStatement find;
  private final SqlStatement delete;

  SqliteKeyClaims(Connection connection) throws SQLException {
    insert =
        new SqlStatement(
            connection, "INSERT INTO dedupe (seq, hash) VALUES (?, ?) ON CONFLICT DO NOTHING");
    find =
        new SqlStatement(
            connection,
            "SELECT d.seq, e.id, e.accepted FROM dedupe d LEFT JOIN event e USING (seq)"
                + " WHERE d.hash = ?");
    delete = new SqlStatement(connection, "DELETE FROM dedupe WHERE hash = ?");
  }

  @Override
  public List<Refused> claim(List<Claim> claims) throws SQLException {
    var refused = new ArrayList<Refused>();
    for (Claim claim : claims) {
      if (insert.update(claim.seq(), claim.key()) == 0) {
        Refused known = find.first(row -> refused(claim, row), (Object) claim.key());
        if (known == null) {
          throw new IllegalStateException(
              "an idempotency key is refused as known and is not there");
        }
        refused.add(known);
      }
    }
    return refused;
  }

  private static Refused refused(Claim claim, ResultSet row) throws SQLException {
    String id = row.getString(2);
    return new Refused(claim, row.getLong(1), id == null ? null : new EventId(id), row.getLong(3));
  }

  @Override
  public void replace(Claim claim) throws SQLException {
    delete.update((Object) claim.key());
    insert.update(claim.seq(), claim.key());
  }
}
