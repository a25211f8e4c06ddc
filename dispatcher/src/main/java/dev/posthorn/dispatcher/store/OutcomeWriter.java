package dev.posthorn.dispatcher.store;

import dev.posthorn.core.config.OutcomeClass;
import dev.posthorn.dispatcher.store.DeliveryRows.Move;
import dev.posthorn.dispatcher.store.DeliveryRows.Open;
import dev.posthorn.dispatcher.store.Sealer.Purpose;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import javax.crypto.SecretKey;
import org.jspecify.annotations.Nullable;

/**
 * Logs attempts and moves deliveries on. A delivery's row goes only together with its terminal
 * attempt, and an attempt is written only while its delivery waits for exactly this one.
 */
final class OutcomeWriter {
  private final Tenants tenants;
  private final Sealer sealer;
  private final Sequence sequence;
  private final Tally.Change tally;
  private final DeliveryRows deliveries;
  private final RowInsert attempts;
  private final RowInsert exchanges;
  private final RowInsert deadLetters;

  OutcomeWriter(
      Dialect dialect, Tenants tenants, Sealer sealer, Sequence sequence, Tally.Change tally)
      throws SQLException {
    this.tenants = tenants;
    this.sealer = sealer;
    this.sequence = sequence;
    this.tally = tally;
    deliveries = dialect.deliveryRows();
    attempts =
        dialect.rows(
            "INSERT INTO attempt (number, seq, endpoint, n, time, outcome, status, error, terminal,"
                + " next_time, trace) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
    exchanges = dialect.rows("INSERT INTO exchange (number, data) VALUES (?, ?)");
    deadLetters =
        dialect.rows("INSERT INTO dead_letter (endpoint, seq, time, outcome) VALUES (?, ?, ?, ?)");
  }

  /** Writes outcomes in their order; one answer each. */
  List<Written> record(List<Write.Record> writes) throws SQLException {
    List<@Nullable Open> found = deliveries.move(moves(writes));
    int applied = (int) found.stream().filter(Objects::nonNull).count();
    long[] numbers = applied == 0 ? new long[0] : sequence.next(applied);
    var answers = new ArrayList<Written>(writes.size());
    int next = 0;
    for (int i = 0; i < writes.size(); i++) {
      Open open = found.get(i);
      if (open == null) {
        answers.add(new Written.Recorded(false, 0));
      } else {
        log(numbers[next++], writes.get(i), open);
        answers.add(new Written.Recorded(true, open.acceptedMillis()));
      }
    }
    attempts.flush();
    exchanges.flush();
    deadLetters.flush();
    return answers;
  }

  /** Ends open deliveries because their events go. */
  List<Written.Ended> expire(List<EndpointWalk.Found> found, Instant now) throws SQLException {
    List<Write.Record> expiries = found.stream().map(each -> expiry(each, now)).toList();
    List<Written> answers = record(expiries);
    var ended = new ArrayList<Written.Ended>(found.size());
    for (int i = 0; i < answers.size(); i++) {
      Attempt attempt = expiries.get(i).attempt();
      var recorded = (Written.Recorded) answers.get(i);
      if (!recorded.applied()) {
        throw new IllegalStateException("open " + attempt.delivery() + " is not open");
      }
      ended.add(new Written.Ended(attempt.delivery(), attempt.n(), recorded.acceptedMillis()));
    }
    return ended;
  }

  private static Write.Record expiry(EndpointWalk.Found open, Instant now) {
    return new Write.Record(
        new Attempt(
            open.key(),
            open.attempts() + 1,
            now,
            OutcomeClass.EXPIRED,
            0,
            "the event reached the end of its retention",
            true,
            null,
            AttemptDetail.NONE),
        new Next.Dead());
  }

  private List<Move> moves(List<Write.Record> writes) throws SQLException {
    var withBody = new HashSet<Long>();
    for (Write.Record write : writes) {
      if (write.next() instanceof Next.Retry retry && retry.body() != null) {
        withBody.add(write.attempt().delivery().seq());
      }
    }
    Map<Long, Integer> owners = withBody.isEmpty() ? Map.of() : deliveries.tenants(withBody);
    var moves = new ArrayList<Move>(writes.size());
    for (Write.Record write : writes) {
      Attempt attempt = write.attempt();
      Move ends = new Move(attempt.delivery(), attempt.n(), null, null);
      moves.add(write.next() instanceof Next.Retry retry ? retry(ends, retry, owners) : ends);
    }
    return moves;
  }

  private Move retry(Move move, Next.Retry retry, Map<Long, Integer> owners) throws SQLException {
    DeliveryKey key = move.key();
    byte[] body = retry.body();
    Integer owner = owners.get(key.seq());
    byte[] sealed =
        body == null || owner == null
            ? null
            : sealer.seal(
                tenants.numbered(owner).key(), Purpose.BODY, key.endpoint(), key.seq(), body);
    return new Move(key, move.n(), retry.due().toEpochMilli(), sealed);
  }

  private void log(long number, Write.Record write, Open open) throws SQLException {
    Attempt attempt = write.attempt();
    DeliveryKey key = attempt.delivery();
    if (!(write.next() instanceof Next.Retry)) {
      tally.open(key.endpoint(), -1);
    }
    log(number, attempt, tenants.numbered(open.tenant()).key());
    if (write.next() instanceof Next.Dead) {
      deadLetters.add(
          key.endpoint(), key.seq(), attempt.time().toEpochMilli(), attempt.outcome().wire());
      tally.dead(key.endpoint(), 1);
    }
  }

  private void log(long number, Attempt attempt, SecretKey key) throws SQLException {
    String error = attempt.error();
    Instant nextTime = attempt.nextTime();
    attempts.add(
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
        DetailCodec.trace(attempt.detail()));
    byte[] exchange = DetailCodec.exchange(attempt.detail());
    if (exchange != null) {
      exchanges.add(number, sealer.seal(key, Purpose.EXCHANGE, number, 0, exchange));
    }
  }
}
