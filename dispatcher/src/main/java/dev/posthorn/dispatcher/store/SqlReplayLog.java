package dev.posthorn.dispatcher.store;

import dev.posthorn.dispatcher.store.DeliveryLog.Range;
import dev.posthorn.dispatcher.store.DeliveryLog.Slice;
import dev.posthorn.dispatcher.store.Readers.Reader;
import dev.posthorn.dispatcher.store.Tenants.Tenant;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Replays, read beside the store thread. */
final class SqlReplayLog implements ReplayLog {
  private static final String NEWEST_FIRST =
      ReplayRows.SELECT + " WHERE r.tenant = ? AND r.number < ? ORDER BY r.number DESC LIMIT ?";

  private final Readers readers;

  SqlReplayLog(Readers readers) {
    this.readers = readers;
  }

  @Override
  public Slice<ReplayRow> list(String tenant, Range range) {
    Lists.check(range);
    return readers.read(reader -> {
      Tenant known = reader.tenants.find(tenant);
      return known == null ? new Slice<>(List.of(), null) : list(reader, known, range);
    });
  }

  private static Slice<ReplayRow> list(Reader reader, Tenant tenant, Range range)
      throws SQLException {
    long below = range.cursor() == null ? Long.MAX_VALUE : Lists.number(range.cursor());
    List<ReplayRow> rows =
        reader.sql(NEWEST_FIRST).list(ReplayRows::read, tenant.number(), below, Lists.MOST_ROWS);
    var items = new ArrayList<ReplayRow>();
    for (ReplayRow row : rows) {
      if (Lists.within(range, row.created())) {
        items.add(row);
      }
      if (items.size() == range.limit()) {
        return new Slice<>(items, Long.toString(row.number()));
      }
    }
    boolean more = rows.size() == Lists.MOST_ROWS;
    return new Slice<>(items, more ? Long.toString(rows.getLast().number()) : null);
  }

  @Override
  public Optional<ReplayRow> find(String tenant, long number) {
    return readers.read(reader -> {
      Tenant known = reader.tenants.find(tenant);
      return known == null
          ? Optional.empty()
          : Optional.ofNullable(
              reader
                  .sql(ReplayRows.SELECT + " WHERE r.tenant = ? AND r.number = ?")
                  .first(ReplayRows::read, known.number(), number));
    });
  }

  @Override
  public Optional<ReplayRow> find(long number) {
    return readers.read(reader ->
        Optional.ofNullable(
            reader.sql(ReplayRows.SELECT + " WHERE r.number = ?").first(ReplayRows::read, number)));
  }

  @Override
  public List<Long> running() {
    return readers.read(reader ->
        reader
            .sql("SELECT number FROM replay WHERE state = 'Running' ORDER BY number")
            .list(row -> row.getLong(1)));
  }

  @Override
  public Candidates candidates(ReplayRow replay, int limit, Instant settled) {
    return readers.read(reader -> {
      Tenant tenant = reader.tenants.find(replay.tenant());
      return tenant == null
          ? new Candidates(List.of(), replay.cursor(), true)
          : new CandidateReader(reader, tenant, replay).read(limit, settled);
    });
  }
}
