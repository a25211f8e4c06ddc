package dev.posthorn.dispatcher.store;

import dev.posthorn.core.event.EventId;
import dev.posthorn.dispatcher.store.ReplayAnswer.Opening;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Opens deliveries again. A row that is open stays the one there is: it is never offered twice, and
 * what is in flight goes on.
 */
final class ReplayWriter {
  private final Tenants tenants;
  private final AuditWriter audits;
  private final Sequence events;
  private final LongSupplier expiredUpTo;
  private final Tally.Change tally;
  private final SqlStatement open;
  private final SqlStatement bury;
  private final SqlStatement find;
  private final SqlStatement hasten;
  private final SqlStatement lives;
  private final SqlStatement running;
  private final SqlStatement insert;
  private final SqlStatement row;
  private final SqlStatement cancel;
  private final SqlStatement standing;
  private final SqlStatement advance;

  /**
   * Prepares the statements.
   *
   * @param expiredUpTo the last event whose payload retention is about to delete: its deliveries
   *     may have been looked for already
   */
  ReplayWriter(
      Connection connection,
      Tenants tenants,
      AuditWriter audits,
      Sequence events,
      LongSupplier expiredUpTo,
      Tally.Change tally)
      throws SQLException {
    this.tenants = tenants;
    this.audits = audits;
    this.events = events;
    this.expiredUpTo = expiredUpTo;
    this.tally = tally;
    open =
        new SqlStatement(
            connection,
            "INSERT INTO delivery (endpoint, seq, accepted, n, due, replay)"
                + " SELECT ?, seq, ?, 0, ?, ? FROM payload WHERE seq = ? ON CONFLICT DO NOTHING");
    bury = new SqlStatement(connection, "DELETE FROM dead_letter WHERE endpoint = ? AND seq = ?");
    find =
        new SqlStatement(
            connection, "SELECT n, due, accepted FROM delivery WHERE endpoint = ? AND seq = ?");
    hasten =
        new SqlStatement(connection, "UPDATE delivery SET due = ? WHERE endpoint = ? AND seq = ?");
    // An event has few attempts, an endpoint has many: by the index over events.
    lives =
        new SqlStatement(
            connection, "SELECT max(replay) FROM attempt WHERE seq = ? AND +endpoint = ?");
    running =
        new SqlStatement(
            connection, "SELECT count(*) FROM replay WHERE tenant = ? AND state = 'Running'");
    insert =
        new SqlStatement(
            connection,
            "INSERT INTO replay (tenant, endpoint, selection, types, events, from_time, to_time,"
                + " rate, up_to, caller, created, state, since, cursor, selected, opened,"
                + " hastened, skipped, expired)"
                + " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'Running', ?, '', 0, 0, 0, 0, 0)"
                + " RETURNING number");
    row = new SqlStatement(connection, ReplayRows.SELECT + " WHERE r.tenant = ? AND r.number = ?");
    cancel =
        new SqlStatement(
            connection,
            "UPDATE replay SET state = 'Cancelled', since = ?"
                + " WHERE tenant = ? AND number = ? AND state = 'Running'");
    standing =
        new SqlStatement(
            connection,
            "SELECT endpoint FROM replay WHERE number = ? AND state = 'Running' AND cursor = ?");
    advance =
        new SqlStatement(
            connection,
            "UPDATE replay SET cursor = ?, reached = coalesce(?, reached),"
                + " state = coalesce(?, state), since = coalesce(?, since),"
                + " selected = selected + ?, opened = opened + ?, hastened = hastened + ?,"
                + " skipped = skipped + ?, expired = expired + ? WHERE number = ?");
  }

  Written.Replayed apply(ReplayWrite write) throws SQLException {
    var due = new ArrayList<Committed.DueNow>();
    ReplayAnswer answer =
        switch (write) {
          case ReplayWrite.Redeliver redeliver -> {
            audits.write(redeliver.audit(), null);
            yield new ReplayAnswer.Redelivered(reopen(redeliver.delivery(), redeliver.now(), due));
          }
          case ReplayWrite.Start start -> start(start);
          case ReplayWrite.Cancel asked -> cancel(asked);
          case ReplayWrite.Advance slice -> advance(slice, due);
        };
    return new Written.Replayed(answer, due);
  }

  /**
   * Opens a delivery, due now. Its age counts from now, its attempts from one; the transform runs
   * anew. An open one that waits for its retry is due now, and keeps its number and its body.
   */
  private Opening reopen(DeliveryKey key, Instant now, List<Committed.DueNow> due)
      throws SQLException {
    long millis = now.toEpochMilli();
    if (key.seq() <= expiredUpTo.getAsLong()) {
      return Opening.EXPIRED;
    }
    Committed.DueNow known =
        find.first(
            row ->
                new Committed.DueNow(
                    key.endpoint(),
                    new OpenDelivery(millis, key.seq(), row.getInt(1), row.getLong(3)),
                    SqlStatement.longOrNull(row, 2)),
            key.endpoint(),
            key.seq());
    if (known == null) {
      return insert(key, millis, due);
    }
    Long before = known.before();
    if (before == null || before <= millis) {
      return Opening.DUE_ALREADY;
    }
    hasten.update(millis, key.endpoint(), key.seq());
    due.add(known);
    return Opening.HASTENED;
  }

  private Opening insert(DeliveryKey key, long millis, List<Committed.DueNow> due)
      throws SQLException {
    Long last = lives.first(row -> SqlStatement.longOrNull(row, 1), key.seq(), key.endpoint());
    long life = last == null ? 1 : last + 1;
    if (open.update(key.endpoint(), millis, millis, life, key.seq()) == 0) {
      return Opening.EXPIRED;
    }
    tally.open(key.endpoint(), 1);
    tally.dead(key.endpoint(), -bury.update(key.endpoint(), key.seq()));
    due.add(
        new Committed.DueNow(key.endpoint(), new OpenDelivery(millis, key.seq(), 0, millis), null));
    return Opening.OPENED;
  }

  private ReplayAnswer start(ReplayWrite.Start start) throws SQLException {
    AuditEntry audit = start.audit();
    audits.write(audit, null);
    int tenant = tenants.named(audit.tenant()).number();
    if (running.number(0, tenant) >= start.mostRunning()) {
      return new ReplayAnswer.TooMany();
    }
    ReplayWish wish = start.wish();
    long created = audit.time().toEpochMilli();
    long number =
        insert.number(
            -1,
            tenant,
            wish.endpoint(),
            wish.select().wire(),
            ReplayRows.text(wish.types().stream()),
            ReplayRows.text(wish.events().stream().map(EventId::value)),
            ReplayRows.millis(wish.fromTime()),
            wish.toTime().toEpochMilli(),
            wish.ratePerSecond(),
            events.last(),
            audit.caller(),
            created,
            created);
    ReplayRow started = row(tenant, number);
    if (started == null) {
      throw new IllegalStateException("replay " + number + " was written and is not there");
    }
    return new ReplayAnswer.Started(started);
  }

  private @Nullable ReplayRow row(int tenant, long number) throws SQLException {
    return row.first(ReplayRows::read, tenant, number);
  }

  private ReplayAnswer cancel(ReplayWrite.Cancel asked) throws SQLException {
    AuditEntry audit = asked.audit();
    audits.write(audit, null);
    int tenant = tenants.named(audit.tenant()).number();
    cancel.update(audit.time().toEpochMilli(), tenant, asked.number());
    return new ReplayAnswer.Cancelled(row(tenant, asked.number()));
  }

  private ReplayAnswer advance(ReplayWrite.Advance slice, List<Committed.DueNow> due)
      throws SQLException {
    int endpoint = (int) standing.number(-1, slice.number(), slice.from());
    if (endpoint < 0) {
      return new ReplayAnswer.Advanced(false, 0);
    }
    int opened = 0;
    int hastened = 0;
    int expired = slice.expired();
    for (long seq : slice.seqs()) {
      switch (reopen(new DeliveryKey(endpoint, seq), slice.now(), due)) {
        case OPENED -> opened++;
        case HASTENED -> hastened++;
        case EXPIRED -> expired++;
        case DUE_ALREADY -> {
          // Skipped: it is on its way.
        }
      }
    }
    int selected = slice.seqs().size() + slice.expired();
    ReplayRow.State end = slice.end();
    advance.update(
        slice.to(),
        ReplayRows.millis(slice.reached()),
        end == null ? null : end.wire(),
        end == null ? null : slice.now().toEpochMilli(),
        selected,
        opened,
        hastened,
        selected - opened - hastened,
        expired,
        slice.number());
    return new ReplayAnswer.Advanced(true, opened + hastened);
  }
}
