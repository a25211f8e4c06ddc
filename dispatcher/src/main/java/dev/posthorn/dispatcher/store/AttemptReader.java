package dev.posthorn.dispatcher.store;

import dev.posthorn.core.event.EventId;
import dev.posthorn.dispatcher.store.DeliveryLog.AttemptFilter;
import dev.posthorn.dispatcher.store.DeliveryLog.LoggedAttempt;
import dev.posthorn.dispatcher.store.DeliveryLog.Range;
import dev.posthorn.dispatcher.store.DeliveryLog.Slice;
import dev.posthorn.dispatcher.store.NewestFirst.Entry;
import dev.posthorn.dispatcher.store.Readers.Reader;
import dev.posthorn.dispatcher.store.Sealer.Purpose;
import dev.posthorn.dispatcher.store.Tenants.Tenant;
import java.nio.charset.StandardCharsets;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads the log of attempts through one connection. */
final class AttemptReader {
  /**
   * Attempts are numbered when they are written and timed when they begin; this far apart at most
   * where lists cut by time.
   */
  private static final Duration SLACK = Duration.ofMinutes(15);

  private static final String COLUMNS =
      "SELECT a.number, e.id, a.endpoint, a.seq, a.n, a.time, a.outcome, a.status, a.error,"
          + " a.terminal, a.next_time, a.trace, a.replay";

  private static final String BY_NUMBER =
      COLUMNS
          + ", NULL FROM attempt a JOIN event e ON e.seq = a.seq"
          + " WHERE a.number = ? AND e.tenant = ?";

  private static final String WHOLE =
      COLUMNS
          + ", x.data FROM attempt a JOIN event e ON e.seq = a.seq"
          + " LEFT JOIN exchange x ON x.number = a.number"
          + " WHERE a.number = ? AND e.tenant = ?";

  private static final String BELOW = "SELECT max(number) FROM attempt WHERE number < ?";

  private final Reader reader;

  AttemptReader(Reader reader) {
    this.reader = reader;
  }

  @Nullable LoggedAttempt whole(Tenant tenant, long number) throws SQLException {
    return reader.sql(WHOLE).first(row -> read(row, tenant), number, tenant.number());
  }

  /** Attempts newest first. */
  Slice<LoggedAttempt> list(Tenant tenant, Range range, AttemptFilter filter) throws SQLException {
    long seq = -1;
    if (filter.event() != null) {
      seq =
          reader
              .sql("SELECT seq FROM event WHERE tenant = ? AND id = ?")
              .number(-1, tenant.number(), filter.event().value());
      if (seq < 0) {
        return new Slice<>(List.of(), null);
      }
    }
    return collect(tenant, range, filter, numbers(tenant, filter, seq, start(range)));
  }

  private Slice<LoggedAttempt> collect(
      Tenant tenant, Range range, AttemptFilter filter, NewestFirst numbers) throws SQLException {
    var items = new ArrayList<LoggedAttempt>();
    for (int read = 1; ; read++) {
      Entry entry = numbers.next();
      if (entry == null) {
        return new Slice<>(items, null);
      }
      LoggedAttempt logged =
          reader.sql(BY_NUMBER).first(row -> read(row, tenant), entry.key(), tenant.number());
      if (logged != null) {
        Instant time = logged.attempt().time();
        if (range.fromTime() != null && time.isBefore(range.fromTime().minus(SLACK))) {
          return new Slice<>(items, null);
        }
        if (Lists.within(range, time) && matches(filter, logged.attempt())) {
          items.add(logged);
        }
      }
      if (items.size() == range.limit() || read == Lists.MOST_ROWS) {
        return new Slice<>(items, Long.toString(entry.key()));
      }
    }
  }

  private static boolean matches(AttemptFilter filter, Attempt attempt) {
    return (filter.endpoint() == null || filter.endpoint() == attempt.delivery().endpoint())
        && (filter.outcome() == null || filter.outcome() == attempt.outcome());
  }

  private long start(Range range) throws SQLException {
    if (range.cursor() != null) {
      return Lists.number(range.cursor());
    }
    if (range.toTime() != null) {
      TimeSearch.Row after =
          reader.attemptsByTime().firstAt(range.toTime().plus(SLACK).toEpochMilli());
      return after == null ? Long.MAX_VALUE : after.key();
    }
    return Long.MAX_VALUE;
  }

  private NewestFirst numbers(Tenant tenant, AttemptFilter filter, long seq, long start)
      throws SQLException {
    var entry = new Entry(start, 0);
    if (seq >= 0) {
      SqlStatement below = reader.sql(BELOW + " AND seq = ?");
      return new NewestFirst(List.of(0), entry, (source, key) -> below(below, key, seq));
    }
    List<Integer> endpoints =
        filter.endpoint() != null ? List.of(filter.endpoint()) : Lists.endpoints(reader, tenant);
    SqlStatement below = reader.sql(BELOW + " AND endpoint = ?");
    return new NewestFirst(endpoints, entry, (source, key) -> below(below, key, source));
  }

  private static long below(SqlStatement query, long key, long of) throws SQLException {
    Long number = query.first(row -> SqlStatement.longOrNull(row, 1), key, of);
    return number == null ? -1 : number;
  }

  private LoggedAttempt read(ResultSet row, Tenant tenant) throws SQLException {
    long number = row.getLong(1);
    byte[] error = row.getBytes(9);
    byte[] exchange = row.getBytes(14);
    Long nextTime = SqlStatement.longOrNull(row, 11);
    var attempt =
        new Attempt(
            new DeliveryKey(row.getInt(3), row.getLong(4)),
            row.getInt(5),
            Instant.ofEpochMilli(row.getLong(6)),
            Lists.outcome(row.getString(7)),
            row.getInt(8),
            error == null
                ? null
                : new String(
                    Lists.open(reader, tenant, Purpose.ERROR, number, 0, error),
                    StandardCharsets.UTF_8),
            row.getInt(10) == 1,
            nextTime == null ? null : Instant.ofEpochMilli(nextTime),
            DetailCodec.detail(
                row.getBytes(12),
                exchange == null
                    ? null
                    : Lists.open(reader, tenant, Purpose.EXCHANGE, number, 0, exchange)));
    return new LoggedAttempt(number, new EventId(row.getString(2)), row.getInt(13), attempt);
  }

  /** The endpoints at which an event was tried. */
  List<Tried> tried(long seq) throws SQLException {
    return reader
        .sql(
            "SELECT endpoint, n FROM attempt WHERE number IN"
                + " (SELECT max(number) FROM attempt WHERE seq = ? GROUP BY endpoint)")
        .list(row -> new Tried(row.getInt(1), row.getInt(2)), seq);
  }

  /**
   * An endpoint at which an event was tried.
   *
   * @param attempts the number of its last attempt
   */
  record Tried(int endpoint, int attempts) {}
}
