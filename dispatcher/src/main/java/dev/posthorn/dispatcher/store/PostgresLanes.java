package dev.posthorn.dispatcher.store;

import dev.posthorn.core.config.KeyDenial;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** Lanes, processes and the events of others, in PostgreSQL. Each call is one statement. */
final class PostgresLanes implements LaneTables {
  /**
   * Who there is, what is asked, how often something changed, and the events after the cursors: one
   * statement, so that whoever is not in it has no event that is not in it either. What is not an
   * event has a negative number.
   */
  private static final String FEED =
      "WITH known AS (SELECT id FROM node WHERE id <> ? UNION SELECT id FROM departed WHERE id <> ?),"
          + " writers AS (SELECT id FROM known UNION SELECT unnest(?::bigint[])),"
          + " cursors AS (SELECT l.lane, w.id AS writer, coalesce(c.seq, 0) AS seq"
          + " FROM unnest(?::int[]) AS l(lane) CROSS JOIN writers w LEFT JOIN"
          + " unnest(?::int[], ?::bigint[], ?::bigint[]) AS c(lane, writer, seq)"
          + " ON c.lane = l.lane AND c.writer = w.id)"
          + " (SELECT e.seq, e.lane::int, e.writer, e.accepted, e.targets, NULL::text FROM cursors c,"
          + " LATERAL (SELECT * FROM event WHERE lane = c.lane AND writer = c.writer"
          + " AND seq > c.seq ORDER BY seq LIMIT ?) e ORDER BY e.seq LIMIT ?)"
          + " UNION ALL SELECT -1, 0, id, 0, NULL, NULL FROM known"
          + " UNION ALL SELECT -2, endpoint, number, 0, NULL, kind FROM command"
          + " WHERE lane = ANY (?)"
          + " UNION ALL SELECT -3, 0, coalesce(max(number), 0),"
          + " coalesce(max(number), 0) + count(completed)"
          + " + (SELECT count(*) FROM key_denial), NULL, NULL FROM erasure";

  /** A foreign key that leads nowhere. */
  private static final String NO_NODE = "23503";

  private static final int WRITER = -1;
  private static final int ASKED = -2;
  private static final int CHANGES = -3;

  private final PostgresNode.Fence fence;
  private final PostgresPages pages;
  private final SqlStatement lanes;
  private final SqlStatement workers;
  private final SqlStatement take;
  private final SqlStatement newest;
  private final SqlStatement feed;
  private final SqlStatement endpoints;
  private final SqlStatement endpointsBeside;
  private final SqlStatement erasing;
  private final SqlStatement denials;
  private final SqlStatement seen;
  private long newestErasure;

  PostgresLanes(Connection connection, PostgresNode.Fence fence) throws SQLException {
    this.fence = fence;
    pages = new PostgresPages(connection);
    lanes = new SqlStatement(connection, "SELECT lane, node FROM lane ORDER BY lane");
    workers =
        new SqlStatement(
            connection,
            "SELECT CASE WHEN bool_or(id = ?) THEN count(*) FILTER (WHERE sends) ELSE -1 END"
                + " FROM node WHERE until >= clock_timestamp() OR id = ?");
    take =
        new SqlStatement(
            connection,
            "UPDATE lane SET node = ? WHERE lane = ANY (?) AND node IS NULL RETURNING lane");
    newest =
        new SqlStatement(
            connection,
            "SELECT l.lane, n.id, e.seq FROM unnest(?::int[]) AS l(lane) CROSS JOIN"
                + " (SELECT id FROM node UNION SELECT id FROM departed UNION"
                + " SELECT unnest(?::bigint[])) n,"
                + " LATERAL (SELECT max(seq) AS seq FROM event WHERE lane = l.lane"
                + " AND writer = n.id) e WHERE n.id <> ? AND e.seq IS NOT NULL");
    feed = new SqlStatement(connection, FEED);
    endpoints =
        new SqlStatement(
            connection, EndpointWriter.SELECT + " WHERE e.namespace <> '' AND e.lane = ANY (?)");
    endpointsBeside =
        new SqlStatement(
            connection,
            EndpointWriter.SELECT + " WHERE e.namespace <> '' AND NOT e.lane = ANY (?)");
    erasing =
        new SqlStatement(
            connection,
            "SELECT t.name FROM erasure e JOIN tenant t ON t.number = e.tenant"
                + " WHERE e.completed IS NULL ORDER BY e.number");
    denials = new SqlStatement(connection, AuditWriter.DENIALS);
    seen = new SqlStatement(connection, "UPDATE node SET seen = ? WHERE id = ? AND seen < ?");
  }

  @Override
  public Lanes lanes() throws SQLException {
    var mine = new TreeSet<Integer>();
    var free = new ArrayList<Integer>();
    lanes.list(row -> {
      Long node = SqlStatement.longOrNull(row, 2);
      if (node == null) {
        free.add(row.getInt(1));
      } else if (node == fence.node()) {
        mine.add(row.getInt(1));
      }
      return null;
    });
    int living = (int) workers.number(-1, fence.node(), fence.node());
    if (living < 0) {
      throw fence.ended();
    }
    return new Lanes(mine, free, living);
  }

  /** The row of the lane refers to that of this process: a process without one takes nothing. */
  @Override
  public Set<Integer> take(Collection<Integer> wanted) throws SQLException {
    try {
      return new TreeSet<>(take.list(row -> row.getInt(1), fence.node(), numbers(wanted)));
    } catch (SQLException e) {
      if (PostgresErrors.state(e).equals(NO_NODE)) {
        throw fence.ended();
      }
      throw e;
    }
  }

  @Override
  public Map<Integer, Map<Long, Long>> newest(Collection<Integer> of, Set<Long> known)
      throws SQLException {
    var found = new HashMap<Integer, Map<Long, Long>>();
    newest.list(
        row ->
            found
                .computeIfAbsent(row.getInt(1), _ -> new HashMap<>())
                .put(row.getLong(2), row.getLong(3)),
        numbers(of),
        longs(known),
        fence.node());
    return found;
  }

  @Override
  public List<EndpointRow> endpoints(Collection<Integer> of) throws SQLException {
    return endpoints.list(EndpointWriter::read, (Object) numbers(of));
  }

  @Override
  public List<EndpointRow> endpointsBeside(Collection<Integer> of) throws SQLException {
    return endpointsBeside.list(EndpointWriter::read, (Object) numbers(of));
  }

  @Override
  public Feed feed(Collection<Integer> of, Cursors cursors, int most) throws SQLException {
    var known = new ArrayList<Long>();
    var cursorLanes = new ArrayList<Integer>();
    var cursorWriters = new ArrayList<Long>();
    cursors.forEach((lane, writer, seq) -> {
      cursorLanes.add(lane);
      cursorWriters.add(writer);
      known.add(seq);
    });
    var rows = new Reading(new HashSet<>(), new ArrayList<>(), new ArrayList<>(), new long[1]);
    feed.list(
        row -> {
          read(row, rows);
          return null;
        },
        fence.node(),
        fence.node(),
        longs(Set.copyOf(cursorWriters)),
        numbers(of),
        numbers(cursorLanes),
        longs(cursorWriters),
        longs(known),
        most,
        most,
        numbers(of));
    rows.events().sort((a, b) -> Long.compare(a.event().seq(), b.event().seq()));
    return new Feed(rows.writers(), rows.events(), rows.asked(), rows.changes()[0]);
  }

  @SuppressWarnings("ArrayRecordComponent") // One value that is found late.
  private record Reading(
      Set<Long> writers, List<FedRow> events, List<Asked> asked, long[] changes) {}

  private void read(ResultSet row, Reading rows) throws SQLException {
    long seq = row.getLong(1);
    if (seq == WRITER) {
      rows.writers().add(row.getLong(3));
    } else if (seq == ASKED) {
      rows.asked()
          .add(new Asked(row.getLong(3), Asked.Kind.valueOf(row.getString(6)), row.getInt(2)));
    } else if (seq == CHANGES) {
      newestErasure = row.getLong(3);
      rows.changes()[0] = row.getLong(4);
    } else {
      var event = new Shared.FedEvent(seq, row.getLong(4), EventCodec.targets(row.getBytes(5)));
      rows.events().add(new FedRow(row.getInt(2), row.getLong(3), event));
    }
  }

  @Override
  public List<Page> pages(List<PageRequest> requests) throws SQLException {
    return pages.read(requests);
  }

  @Override
  public List<String> erasing() throws SQLException {
    return erasing.list(row -> row.getString(1));
  }

  @Override
  public List<KeyDenial> denials() throws SQLException {
    return denials.list(AuditWriter::denial);
  }

  @Override
  public long sendMillis() {
    return fence.sendMillis();
  }

  /** No key is used any more that an erasure destroyed, as far as the last feed told. */
  void seen() throws SQLException {
    seen.update(newestErasure, fence.node(), newestErasure);
  }

  private static int[] numbers(Collection<Integer> values) {
    return values.stream().mapToInt(Integer::intValue).toArray();
  }

  private static long[] longs(Collection<Long> values) {
    return values.stream().mapToLong(Long::longValue).toArray();
  }
}
