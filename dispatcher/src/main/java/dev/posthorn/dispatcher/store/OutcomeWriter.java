package dev.posthorn.dispatcher.store;

import dev.posthorn.core.config.OutcomeClass;
import dev.posthorn.dispatcher.store.Sealer.Purpose;
import dev.posthorn.dispatcher.store.Tenants.Tenant;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import javax.crypto.SecretKey;
import org.jspecify.annotations.Nullable;

/**
 * Logs attempts and moves deliveries on. A delivery's row goes only together with its terminal
 * attempt, and an attempt is written only while its delivery waits for exactly this one.
 */
final class OutcomeWriter {
  /** What the row of an open delivery tells: its acceptance, its tenant, its life. */
  private record Open(long acceptedMillis, int tenant, long replay) {}

  /** In place of a tenant, where the event went without this delivery: then nothing is logged. */
  private static final int GONE = 0;

  /** The tenant comes with the row, for the key: one statement instead of two. */
  private static final String RETURNING =
      " RETURNING accepted, (SELECT tenant FROM event WHERE event.seq = delivery.seq), replay";

  private final Tenants tenants;
  private final Sealer sealer;
  private final Sequence sequence;
  private final Tally.Change tally;
  private final SqlStatement delete;
  private final SqlStatement retry;
  private final SqlStatement retryWithBody;
  private final SqlStatement tenantOf;
  private final SqlStatement insertAttempt;
  private final SqlStatement insertExchange;
  private final SqlStatement insertDeadLetter;

  OutcomeWriter(
      Connection connection, Tenants tenants, Sealer sealer, Sequence sequence, Tally.Change tally)
      throws SQLException {
    this.tenants = tenants;
    this.sealer = sealer;
    this.sequence = sequence;
    this.tally = tally;
    String row = " WHERE endpoint = ? AND seq = ? AND n = ?";
    delete = new SqlStatement(connection, "DELETE FROM delivery" + row + RETURNING);
    retry = new SqlStatement(connection, "UPDATE delivery SET n = ?, due = ?" + row + RETURNING);
    // The first body stands: every retry sends the same bytes.
    retryWithBody =
        new SqlStatement(
            connection,
            "UPDATE delivery SET n = ?, due = ?, body = coalesce(body, ?)" + row + RETURNING);
    tenantOf = new SqlStatement(connection, "SELECT tenant FROM event WHERE seq = ?");
    insertAttempt =
        new SqlStatement(
            connection,
            "INSERT INTO attempt (number, seq, endpoint, n, time, outcome, status, error, terminal,"
                + " next_time, replay, trace) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
    insertExchange =
        new SqlStatement(connection, "INSERT INTO exchange (number, data) VALUES (?, ?)");
    insertDeadLetter =
        new SqlStatement(
            connection,
            "INSERT INTO dead_letter (endpoint, seq, time, outcome) VALUES (?, ?, ?, ?)");
  }

  Written.Recorded record(Attempt attempt, Next next) throws SQLException {
    DeliveryKey key = attempt.delivery();
    Open open =
        switch (next) {
          case Next.Delivered() -> end(key, attempt.n());
          case Next.Dead() -> end(key, attempt.n());
          case Next.Retry(Instant due, byte[] body) -> retry(key, attempt.n(), due, body);
        };
    if (open == null || open.tenant() == GONE) {
      return new Written.Recorded(false, 0);
    }
    log(attempt, open.replay(), key(open.tenant()));
    if (next instanceof Next.Dead) {
      insertDeadLetter.update(
          key.endpoint(), key.seq(), attempt.time().toEpochMilli(), attempt.outcome().wire());
      tally.dead(key.endpoint(), 1);
    }
    return new Written.Recorded(true, open.acceptedMillis());
  }

  /** Ends an open delivery that had {@code attempts} attempts, because its event goes. */
  Written.Ended expire(DeliveryKey key, int attempts, Instant now) throws SQLException {
    return end(
        key, attempts, now, OutcomeClass.EXPIRED, "the event reached the end of its retention");
  }

  /** The same because its endpoint is gone. */
  Written.Ended remove(DeliveryKey key, int attempts, Instant now) throws SQLException {
    return end(
        key,
        attempts,
        now,
        OutcomeClass.ENDPOINT_REMOVED,
        "the endpoint is gone for %d days".formatted(Retention.REMOVED.toDays()));
  }

  private Written.Ended end(
      DeliveryKey key, int attempts, Instant now, OutcomeClass outcome, String why)
      throws SQLException {
    var attempt =
        new Attempt(key, attempts + 1, now, outcome, 0, why, true, null, AttemptDetail.NONE);
    Written.Recorded recorded = record(attempt, new Next.Dead());
    if (!recorded.applied()) {
      throw new IllegalStateException("open " + key + " is not open");
    }
    return new Written.Ended(key, attempt.n(), recorded.acceptedMillis(), outcome);
  }

  private @Nullable Open end(DeliveryKey key, int n) throws SQLException {
    Open open = delete.first(OutcomeWriter::open, key.endpoint(), key.seq(), n - 1);
    if (open != null) {
      tally.open(key.endpoint(), -1);
    }
    return open;
  }

  private @Nullable Open retry(DeliveryKey key, int n, Instant due, byte @Nullable [] body)
      throws SQLException {
    long dueMillis = due.toEpochMilli();
    if (body == null) {
      return retry.first(OutcomeWriter::open, n, dueMillis, key.endpoint(), key.seq(), n - 1);
    }
    long tenant = tenantOf.number(-1, key.seq());
    if (tenant < 0) {
      return null;
    }
    byte[] sealed = sealer.seal(key((int) tenant), Purpose.BODY, key.endpoint(), key.seq(), body);
    return retryWithBody.first(
        OutcomeWriter::open, n, dueMillis, sealed, key.endpoint(), key.seq(), n - 1);
  }

  /** Outcomes of a tenant that is being erased do not come here. */
  private SecretKey key(int number) throws SQLException {
    Tenant tenant = tenants.numbered(number);
    if (tenant == null) {
      throw new IllegalStateException("tenant " + number + " has open deliveries but no key");
    }
    return tenant.key();
  }

  private static Open open(ResultSet row) throws SQLException {
    return new Open(row.getLong(1), row.getInt(2), row.getLong(3));
  }

  private void log(Attempt attempt, long replay, SecretKey key) throws SQLException {
    long number = sequence.next();
    String error = attempt.error();
    Instant nextTime = attempt.nextTime();
    insertAttempt.update(
        number,
        attempt.delivery().seq(),
        attempt.delivery().endpoint(),
        attempt.n(),
        attempt.time().toEpochMilli(),
        attempt.outcome().wire(),
        attempt.status(),
        error == null
            ? null
            : sealer.seal(key, Purpose.ERROR, number, 0, error.getBytes(StandardCharsets.UTF_8)),
        attempt.terminal() ? 1 : 0,
        nextTime == null ? null : nextTime.toEpochMilli(),
        replay,
        DetailCodec.trace(attempt.detail()));
    byte[] exchange = DetailCodec.exchange(attempt.detail());
    if (exchange != null) {
      insertExchange.update(number, sealer.seal(key, Purpose.EXCHANGE, number, 0, exchange));
    }
  }
}
