package dev.posthorn.dispatcher.store;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * Deletes what is older than its retention, oldest first and a slice at a time, so that no write
 * waits long and the file keeps its size. An event's open deliveries end before its payload goes,
 * its dead letters and its idempotency key go before the event does.
 */
final class RetentionWriter {
  /** Reads of the walk over endpoints in one write, and so deliveries ended in one write. */
  private static final int WALK = 500;

  /** Part of what is kept that goes when the file is too large. */
  private static final int SHARE = 64;

  private final OutcomeWriter outcomes;
  private final NoticeWriter notices;
  private final AlertRows alerts;
  private final Sequence events;
  private final Sequence attempts;
  private final RemovedEndpoints removed;
  private final EndpointWalk openDeliveries;
  private final EndpointWalk deadLetters;
  private final ExpiredRows payloads;
  private final ExpiredRows exchanges;
  private final ExpiredRows oldEvents;
  private final ExpiredRows oldAttempts;
  private final ExpiredRows keys;
  private final ExpiredRows rejects;
  private final ExpiredRows audits;
  private final SqlStatement deleteNotices;
  private final SqlStatement deleteReplays;
  private final SqlStatement deleteDeadLetter;
  private final SqlStatement deleteKeys;
  private final Dialect dialect;
  private final Tally.Change tally;
  private long nextNotices = Long.MIN_VALUE;

  RetentionWriter(
      Connection connection,
      Dialect dialect,
      OutcomeWriter outcomes,
      NoticeWriter notices,
      AlertRows alerts,
      Sequence events,
      Sequence attempts,
      Tally.Change tally,
      PayloadRows payloadRows)
      throws SQLException {
    this.dialect = dialect;
    this.outcomes = outcomes;
    this.notices = notices;
    this.alerts = alerts;
    this.events = events;
    this.attempts = attempts;
    this.tally = tally;
    removed = new RemovedEndpoints(connection, outcomes);
    openDeliveries = new EndpointWalk(connection, "delivery", "n");
    deadLetters = new EndpointWalk(connection, "dead_letter", "0");
    payloads = new ExpiredRows(connection, "event", "seq", "accepted", payloadRows::deleteOldest);
    oldEvents = new ExpiredRows(connection, dialect, "event", "seq", "accepted", "event");
    keys = new ExpiredRows(connection, dialect, "event", "seq", "accepted", "dedupe");
    exchanges = new ExpiredRows(connection, dialect, "attempt", "number", "time", "exchange");
    oldAttempts = new ExpiredRows(connection, dialect, "attempt", "number", "time", "attempt");
    audits = new ExpiredRows(connection, dialect, "audit", "number", "time", "audit");
    deleteNotices = new SqlStatement(connection, "DELETE FROM notice WHERE time < ?");
    deleteReplays = new SqlStatement(connection, "DELETE FROM replay WHERE created < ?");
    rejects = new ExpiredRows(connection, dialect, "rejected", "number", "time", "rejected");
    deleteDeadLetter =
        new SqlStatement(connection, "DELETE FROM dead_letter WHERE endpoint = ? AND seq = ?");
    deleteKeys = dialect.deleteOldest("dedupe", "seq");
  }

  Written.Retained retain(Write.Retain retain) throws SQLException {
    Retention retention = retain.retention();
    long payloadCutoff = retain.now().minus(retention.payload()).toEpochMilli();
    long logCutoff = retain.now().minus(retention.log()).toEpochMilli();
    if (!deleting() && dialect.largerThan(retention.maxBytes())) {
      makeRoom();
    }
    List<Written.Ended> ended = deletePayloads(payloadCutoff, retain.rows(), retain.now());
    removed.end(retain.now(), Math.min(WALK, retain.rows()), ended);
    notices.ended(ended, retain);
    deleteEvents(logCutoff, retain.rows());
    deleteAttempts(payloadCutoff, logCutoff, retain.rows());
    deleteKeys(retain);
    rejects.upTo(logCutoff);
    rejects.delete(Long.MAX_VALUE, retain.rows());
    audits.upTo(retain.now().minus(retention.audit()).toEpochMilli());
    audits.delete(Long.MAX_VALUE, retain.rows());
    deleteReplays.update(logCutoff);
    deleteNotices(retain.now().minus(Retention.NOTICE).toEpochMilli());
    return new Written.Retained(ended, deleting());
  }

  /** The last event whose payload goes; the walk over its open deliveries may have passed some. */
  long expiredUpTo() {
    return payloads.end();
  }

  private void makeRoom() throws SQLException {
    payloads.force(SHARE);
    oldEvents.force(SHARE);
    exchanges.force(SHARE);
    oldAttempts.force(SHARE);
  }

  private List<Written.Ended> deletePayloads(long cutoff, int rows, Instant now)
      throws SQLException {
    var found = new ArrayList<EndpointWalk.Found>();
    long clear = openDeliveries.step(payloads.upTo(cutoff), WALK, found::add);
    var ended = new ArrayList<>(outcomes.expire(found, now));
    payloads.delete(clear, rows);
    return ended;
  }

  /** Events never go before their open deliveries, whose walk may be behind, and payloads. */
  private void deleteEvents(long cutoff, int rows) throws SQLException {
    long clear =
        deadLetters.step(
            oldEvents.upTo(cutoff),
            WALK,
            found -> {
              deleteDeadLetter.update(found.key().endpoint(), found.key().seq());
              tally.dead(found.key().endpoint(), -1);
            });
    long bound = Math.min(clear, openDeliveries.bound());
    if (oldEvents.rowsLeft() && !payloads.rowsLeft()) {
      events.deleting(bound);
      deleteKeys.update(bound, rows);
      alerts.deleteUpTo(bound);
      oldEvents.delete(bound, rows);
    }
  }

  private void deleteAttempts(long payloadCutoff, long logCutoff, int rows) throws SQLException {
    exchanges.upTo(payloadCutoff);
    exchanges.delete(Long.MAX_VALUE, rows);
    long upTo = oldAttempts.upTo(logCutoff);
    if (oldAttempts.rowsLeft() && !exchanges.rowsLeft()) {
      attempts.deleting(upTo);
      oldAttempts.delete(upTo, rows);
    }
  }

  private void deleteKeys(Write.Retain retain) throws SQLException {
    keys.upTo(retain.now().minus(Retention.DEDUPE).toEpochMilli());
    keys.delete(Long.MAX_VALUE, retain.rows());
    long beyondCap = events.last() - retain.retention().dedupeKeys();
    if (beyondCap > 0) {
      deleteKeys.update(beyondCap, retain.rows());
    }
  }

  /** Once a minute, as {@link ExpiredRows}. */
  private void deleteNotices(long cutoff) throws SQLException {
    if (cutoff >= nextNotices) {
      nextNotices = cutoff + ExpiredRows.STEP_MILLIS;
      deleteNotices.update(cutoff);
    }
  }

  private boolean deleting() {
    return removed.rowsLeft()
        || openDeliveries.walking()
        || deadLetters.walking()
        || payloads.rowsLeft()
        || oldEvents.rowsLeft()
        || exchanges.rowsLeft()
        || oldAttempts.rowsLeft()
        || rejects.rowsLeft()
        || audits.rowsLeft();
  }
}
