package dev.posthorn.dispatcher.store;

import dev.posthorn.core.event.EventId;
import dev.posthorn.dispatcher.store.Readers.Reader;
import dev.posthorn.dispatcher.store.ReplayLog.Candidate;
import dev.posthorn.dispatcher.store.ReplayLog.Candidates;
import dev.posthorn.dispatcher.store.ReplayLog.Standing;
import dev.posthorn.dispatcher.store.Tenants.Tenant;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads the events that a replay is to look at, a slice at a time: those it names, in their order;
 * those that the endpoint has open or dead, by sequence number; else all of the tenant, by id, and
 * so by time.
 */
final class CandidateReader {
  private static final String DEAD =
      "SELECT seq FROM dead_letter WHERE endpoint = ? AND seq > ? AND seq <= ?"
          + " ORDER BY seq LIMIT ?";

  private static final String DEAD_OR_OPEN =
      "SELECT seq FROM dead_letter WHERE endpoint = ? AND seq > ? AND seq <= ?"
          + " UNION ALL SELECT seq FROM delivery WHERE endpoint = ? AND seq > ? AND seq <= ?"
          + " ORDER BY seq LIMIT ?";

  private static final String OF_TENANT =
      "SELECT seq FROM event WHERE tenant = ? AND id > ? AND id < ? ORDER BY id LIMIT ?";

  private static final String EVENT =
      "SELECT e.id, e.type, e.accepted, e.targets, e.tenant, p.seq FROM event e"
          + " LEFT JOIN payload p ON p.seq = e.seq WHERE e.seq = ?";

  private final Reader reader;
  private final Tenant tenant;
  private final ReplayRow replay;
  private final int endpoint;

  CandidateReader(Reader reader, Tenant tenant, ReplayRow replay) {
    this.reader = reader;
    this.tenant = tenant;
    this.replay = replay;
    this.endpoint = replay.wish().endpoint();
  }

  Candidates read(int limit, Instant settled) throws SQLException {
    if (!replay.wish().events().isEmpty()) {
      return named(limit);
    }
    return replay.wish().select().bySubscription() ? ofTenant(limit, settled) : ofEndpoint(limit);
  }

  /** The cursor is how many of them were looked at. */
  private Candidates named(int limit) throws SQLException {
    List<EventId> all = replay.wish().events();
    int from = replay.cursor().isEmpty() ? 0 : Integer.parseInt(replay.cursor());
    int to = Math.min(all.size(), from + limit);
    var found = new ArrayList<Candidate>();
    for (int i = from; i < to; i++) {
      String mark = Integer.toString(i + 1);
      long seq =
          reader
              .sql("SELECT seq FROM event WHERE tenant = ? AND id = ?")
              .number(-1, tenant.number(), all.get(i).value());
      Candidate known = seq < 0 ? null : candidate(seq, mark);
      found.add(known != null ? known : new Candidate(mark, -1, "", null, false, Standing.NOWHERE));
    }
    return new Candidates(found, Integer.toString(to), to == all.size());
  }

  /** The cursor is the sequence number looked at last. */
  private Candidates ofEndpoint(int limit) throws SQLException {
    long after = replay.cursor().isEmpty() ? -1 : Long.parseLong(replay.cursor());
    long upTo = replay.upTo();
    SqlStatement.RowReader<Long> seq = row -> row.getLong(1);
    List<Long> seqs =
        replay.wish().select() == ReplayWish.Select.DEAD_LETTERS
            ? reader.sql(DEAD).list(seq, endpoint, after, upTo, limit)
            : reader
                .sql(DEAD_OR_OPEN)
                .list(seq, endpoint, after, upTo, endpoint, after, upTo, limit);
    var found = new ArrayList<Candidate>();
    for (long each : seqs) {
      Candidate known = candidate(each, Long.toString(each));
      if (known != null) {
        found.add(known);
      }
    }
    String next = seqs.isEmpty() ? replay.cursor() : Long.toString(seqs.getLast());
    return new Candidates(found, next, seqs.size() < limit);
  }

  /** The cursor is the id looked at last. */
  private Candidates ofTenant(int limit, Instant settled) throws SQLException {
    ReplayWish wish = replay.wish();
    Instant from = wish.fromTime();
    boolean early = settled.isBefore(wish.toTime());
    String first = from == null ? "" : EventRowReader.lowest(from);
    List<Long> seqs =
        reader
            .sql(OF_TENANT)
            .list(
                row -> row.getLong(1),
                tenant.number(),
                replay.cursor().isEmpty() ? first : replay.cursor(),
                EventRowReader.lowest(early ? settled : wish.toTime()),
                limit);
    var found = new ArrayList<Candidate>();
    for (long seq : seqs) {
      Candidate known = candidate(seq, null);
      if (known != null) {
        found.add(known);
      }
    }
    String next = found.isEmpty() ? replay.cursor() : found.getLast().mark();
    return new Candidates(found, next, !early && seqs.size() < limit);
  }

  /** What an event's row tells. */
  private record Row(
      String id, String type, long accepted, boolean target, int tenant, boolean kept) {}

  /**
   * The event, or null where it is another tenant's: an endpoint may have had another one.
   *
   * @param mark null for its id
   */
  private @Nullable Candidate candidate(long seq, @Nullable String mark) throws SQLException {
    Row row = reader.sql(EVENT).first(this::row, seq);
    if (row == null || row.tenant() != tenant.number()) {
      return null;
    }
    return new Candidate(
        mark == null ? row.id() : mark,
        seq,
        row.type(),
        Instant.ofEpochMilli(row.accepted()),
        row.kept(),
        standing(seq, row.target()));
  }

  private Row row(ResultSet row) throws SQLException {
    return new Row(
        row.getString(1),
        row.getString(2),
        row.getLong(3),
        EventCodec.targets(row.getBytes(4)).contains(endpoint),
        row.getInt(5),
        SqlStatement.longOrNull(row, 6) != null);
  }

  /** A delivery that is neither open nor dead was delivered: nothing else ends one. */
  private Standing standing(long seq, boolean target) throws SQLException {
    Standing open =
        reader
            .sql("SELECT due FROM delivery WHERE endpoint = ? AND seq = ?")
            .first(
                row -> SqlStatement.longOrNull(row, 1) == null ? Standing.FRESH : Standing.RETRY,
                endpoint,
                seq);
    if (open != null) {
      return open;
    }
    if (exists("SELECT count(*) FROM dead_letter WHERE endpoint = ? AND seq = ?", seq)) {
      return Standing.DEAD;
    }
    boolean delivered =
        target || exists("SELECT count(*) FROM attempt WHERE +endpoint = ? AND seq = ?", seq);
    return delivered ? Standing.DELIVERED : Standing.NOWHERE;
  }

  private boolean exists(String count, long seq) throws SQLException {
    return reader.sql(count).number(0, endpoint, seq) > 0;
  }
}
