package dev.posthorn.dispatcher.store;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Moves all deliveries of a transaction on with two statements. */
final class PostgresDeliveryRows implements DeliveryRows {
  private static final String SAME =
      " WHERE d.endpoint = w.endpoint AND d.seq = w.seq AND d.n = w.n";

  /** The tenant comes with the row, for the key. */
  private static final String RETURNING =
      " RETURNING w.i, d.accepted, (SELECT tenant FROM event e WHERE e.seq = d.seq), d.replay";

  private final SqlStatement delete;
  private final SqlStatement retry;
  private final SqlStatement tenants;

  PostgresDeliveryRows(Connection connection) throws SQLException {
    delete =
        new SqlStatement(
            connection,
            "DELETE FROM delivery d USING unnest(?::int[], ?::bigint[], ?::int[])"
                + " WITH ORDINALITY AS w(endpoint, seq, n, i)"
                + SAME
                + RETURNING);
    // The first body stands: every retry sends the same bytes.
    retry =
        new SqlStatement(
            connection,
            "UPDATE delivery d SET n = w.n + 1, due = w.due, body = coalesce(d.body, w.body)"
                + " FROM unnest(?::int[], ?::bigint[], ?::int[], ?::bigint[], ?::bytea[])"
                + " WITH ORDINALITY AS w(endpoint, seq, n, due, body, i)"
                + SAME
                + RETURNING);
    tenants = new SqlStatement(connection, "SELECT seq, tenant FROM event WHERE seq = ANY (?)");
  }

  @Override
  public List<@Nullable Open> move(List<Move> moves) throws SQLException {
    var found = new @Nullable Open[moves.size()];
    var ends = new ArrayList<Integer>();
    var retries = new ArrayList<Integer>();
    Set<DeliveryKey> keys = new HashSet<>();
    for (int i = 0; i < moves.size(); i++) {
      // A statement sees what was there when it began: it may move a row once.
      if (!keys.add(moves.get(i).key())) {
        move(moves, ends, retries, found);
        keys.clear();
        keys.add(moves.get(i).key());
      }
      (moves.get(i).dueMillis() == null ? ends : retries).add(i);
    }
    move(moves, ends, retries, found);
    return Arrays.asList(found);
  }

  private void move(
      List<Move> moves, List<Integer> ends, List<Integer> retries, @Nullable Open[] found)
      throws SQLException {
    if (!ends.isEmpty()) {
      List<Move> chosen = ends.stream().map(moves::get).toList();
      run(delete, ends, found, endpoints(chosen), numbers(chosen), attempts(chosen));
    }
    if (!retries.isEmpty()) {
      List<Move> chosen = retries.stream().map(moves::get).toList();
      run(
          retry,
          retries,
          found,
          endpoints(chosen),
          numbers(chosen),
          attempts(chosen),
          chosen.stream().mapToLong(PostgresDeliveryRows::due).toArray(),
          chosen.stream().map(Move::body).toArray(byte[][]::new));
    }
    ends.clear();
    retries.clear();
  }

  private static void run(
      SqlStatement statement, List<Integer> places, @Nullable Open[] found, Object... values)
      throws SQLException {
    statement.list(
        row -> {
          int place = places.get(row.getInt(1) - 1);
          found[place] = new Open(row.getLong(2), row.getInt(3), row.getLong(4));
          return null;
        },
        values);
  }

  private static int[] endpoints(List<Move> moves) {
    return moves.stream().mapToInt(move -> move.key().endpoint()).toArray();
  }

  private static long[] numbers(List<Move> moves) {
    return moves.stream().mapToLong(move -> move.key().seq()).toArray();
  }

  /** What the rows have. */
  private static int[] attempts(List<Move> moves) {
    return moves.stream().mapToInt(move -> move.n() - 1).toArray();
  }

  private static long due(Move move) {
    Long due = move.dueMillis();
    if (due == null) {
      throw new IllegalArgumentException("a delivery that ends is never due");
    }
    return due;
  }

  @Override
  public Map<Long, Integer> tenants(Collection<Long> events) throws SQLException {
    var found = new HashMap<Long, Integer>();
    tenants.list(
        row -> found.put(row.getLong(1), row.getInt(2)),
        (Object) events.stream().mapToLong(Long::longValue).toArray());
    return found;
  }
}
