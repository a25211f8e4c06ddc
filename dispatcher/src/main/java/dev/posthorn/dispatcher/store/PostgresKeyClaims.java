package dev.posthorn.dispatcher.store;

import dev.posthorn.core.event.EventId;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Claims all keys of a transaction at once. */
final class PostgresKeyClaims implements KeyClaims {
  private record Owner(long seq, @Nullable EventId id, long acceptedMillis) {}

  private final SqlStatement insert;
  private final SqlStatement owners;
  private final SqlStatement replace;

  PostgresKeyClaims(Connection connection) throws SQLException {
    insert =
        new SqlStatement(
            connection,
            "INSERT INTO dedupe (seq, hash) SELECT * FROM unnest(?::bigint[], ?::bytea[])"
                + " ON CONFLICT DO NOTHING RETURNING seq");
    owners =
        new SqlStatement(
            connection,
            "SELECT d.hash, d.seq, e.id, e.accepted FROM dedupe d LEFT JOIN event e USING (seq)"
                + " WHERE d.hash = ANY (?)");
    replace = new SqlStatement(connection, "UPDATE dedupe SET seq = ? WHERE hash = ?");
  }

  @Override
  public List<Refused> claim(List<Claim> claims) throws SQLException {
    long[] numbers = claims.stream().mapToLong(Claim::seq).toArray();
    var granted = new HashSet<>(insert.list(row -> row.getLong(1), numbers, keys(claims)));
    List<Claim> late = claims.stream().filter(claim -> !granted.contains(claim.seq())).toList();
    if (late.isEmpty()) {
      return List.of();
    }
    Map<byte[], Owner> found = owners(late);
    var refused = new ArrayList<Refused>(late.size());
    for (Claim claim : late) {
      Owner owner = found.get(claim.key());
      if (owner == null) {
        throw new IllegalStateException("an idempotency key is refused as known and is not there");
      }
      refused.add(new Refused(claim, owner.seq(), owner.id(), owner.acceptedMillis()));
    }
    return refused;
  }

  private Map<byte[], Owner> owners(List<Claim> late) throws SQLException {
    var found = new TreeMap<byte[], Owner>(Arrays::compareUnsigned);
    owners.list(
        row -> {
          String id = row.getString(3);
          EventId event = id == null ? null : new EventId(id);
          return found.put(row.getBytes(1), new Owner(row.getLong(2), event, row.getLong(4)));
        },
        (Object) keys(late));
    return found;
  }

  private static byte[][] keys(List<Claim> claims) {
    return claims.stream().map(Claim::key).toArray(byte[][]::new);
  }

  @Override
  public void replace(Claim claim) throws SQLException {
    replace.update(claim.seq(), claim.key());
  }
}
