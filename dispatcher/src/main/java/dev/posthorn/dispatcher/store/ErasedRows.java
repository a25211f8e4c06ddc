package dev.posthorn.dispatcher.store;

import dev.posthorn.dispatcher.store.ErasureStep.Counts;
import java.sql.Connection;
import java.sql.SQLException;

/** Deletes single rows for an erasure, and counts those that were there. */
final class ErasedRows {
  private final Sequence events;
  private final Sequence attempts;
  private final Tally.Change tally;
  private final SqlStatement delivery;
  private final SqlStatement deadLetter;
  private final SqlStatement attempt;
  private final SqlStatement exchange;
  private final PayloadRows payloads;
  private final SqlStatement key;
  private final SqlStatement alert;
  private final SqlStatement event;

  ErasedRows(
      Connection connection,
      Sequence events,
      Sequence attempts,
      Tally.Change tally,
      PayloadRows payloads)
      throws SQLException {
    this.payloads = payloads;
    this.events = events;
    this.attempts = attempts;
    this.tally = tally;
    String delivered = " WHERE endpoint = ? AND seq = ?";
    delivery = new SqlStatement(connection, "DELETE FROM delivery" + delivered);
    deadLetter = new SqlStatement(connection, "DELETE FROM dead_letter" + delivered);
    attempt = new SqlStatement(connection, "DELETE FROM attempt WHERE number = ?");
    exchange = new SqlStatement(connection, "DELETE FROM exchange WHERE number = ?");
    key = new SqlStatement(connection, "DELETE FROM dedupe WHERE seq = ?");
    alert = new SqlStatement(connection, "DELETE FROM alert WHERE seq = ?");
    event = new SqlStatement(connection, "DELETE FROM event WHERE seq = ?");
  }

  void delivery(long endpoint, long seq, Counts counts) throws SQLException {
    int rows = delivery.update(endpoint, seq);
    if (rows > 0) {
      tally.open((int) endpoint, -rows);
      counts.add(ErasedKind.DELIVERIES, rows);
    }
  }

  void deadLetter(long endpoint, long seq, Counts counts) throws SQLException {
    int rows = deadLetter.update(endpoint, seq);
    if (rows > 0) {
      tally.dead((int) endpoint, -rows);
      counts.add(ErasedKind.DEAD_LETTERS, rows);
    }
  }

  void attempt(long number, Counts counts) throws SQLException {
    attempts.deleting(number);
    counts.add(ErasedKind.EXCHANGES, exchange.update(number));
    counts.add(ErasedKind.ATTEMPTS, attempt.update(number));
  }

  void event(long seq, Counts counts) throws SQLException {
    events.deleting(seq);
    counts.add(ErasedKind.PAYLOADS, payloads.delete(seq));
    counts.add(ErasedKind.IDEMPOTENCY_KEYS, key.update(seq));
    alert.update(seq);
    counts.add(ErasedKind.EVENTS, event.update(seq));
  }
}
