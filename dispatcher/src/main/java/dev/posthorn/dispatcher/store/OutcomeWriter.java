package dev.posthorn.dispatcher.store;

import dev.posthorn.core.config.OutcomeClass;
import dev.posthorn.dispatcher.store.DeliveryRows.Move;
import dev.posthorn.dispatcher.store.DeliveryRows.Open;
import dev.posthorn.dispatcher.store.Sealer.Purpose;
import dev.posthorn.dispatcher.store.Tenants.Tenant;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import javax.crypto.SecretKey;
import org.jspecify.annotations.Nullable;

/**
 * Logs attempts and moves deliveries on. A delivery's row goes only together with its terminal
 * attempt, and an attempt is written only while its delivery waits for exactly this one.
 */
final class OutcomeWriter {
  /** In place of a tenant, where the event went without this delivery: then nothing is logged. */
  private static final int GONE = 0;

  private static final Written NOT_OPEN = new Written.Recorded(false, 0);

  private final Tenants tenants;
  private final ErasingTenants erasing;
  private final Sealer sealer;
  private final Sequence sequence;
  private final Tally.Change tally;
  private final DeliveryRows deliveries;
  private final RowInsert attempts;
  private final RowInsert exchanges;
  private final RowInsert deadLetters;

  OutcomeWriter(
      Dialect dialect,
      DeliveryRows deliveries,
      Tenants tenants,
      ErasingTenants erasing,
      Sealer sealer,
      Sequence sequence,
      Tally.Change tally)
      throws SQLException {
    this.deliveries = deliveries;
    this.tenants = tenants;
    this.erasing = erasing;
    this.sealer = sealer;
    this.sequence = sequence;
    this.tally = tally;
    attempts =
        dialect.rows(
            "INSERT INTO attempt (number, seq, endpoint, n, time, outcome, status, error, terminal,"
                + " next_time, replay, trace) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
    exchanges = dialect.rows("INSERT INTO exchange (number, data) VALUES (?, ?)");
    deadLetters =
        dialect.rows("INSERT INTO dead_letter (endpoint, seq, time, outcome) VALUES (?, ?, ?, ?)");
  }

  /** Writes outcomes in their order; one answer each. Those of tenants being erased are left. */
  List<Written> record(List<Write.Record> writes) throws SQLException {
    Set<Long> left = erasing.ofEvents(writes.stream().map(OutcomeWriter::seq).toList());
    List<Write.Record> kept =
        left.isEmpty()
            ? writes
            : writes.stream().filter(write -> !left.contains(seq(write))).toList();
    Iterator<Written> written = write(kept).iterator();
    return writes.stream()
        .map(write -> left.contains(seq(write)) ? NOT_OPEN : written.next())
        .toList();
  }

  private static long seq(Write.Record write) {
    return write.attempt().delivery().seq();
  }

  private List<Written> write(List<Write.Record> writes) throws SQLException {
    List<@Nullable Open> found = deliveries.move(moves(writes));
    int logged = (int) found.stream().filter(OutcomeWriter::logged).count();
    long[] numbers = logged == 0 ? new long[0] : sequence.next(logged);
    var answers = new ArrayList<Written>(writes.size());
    int next = 0;
    for (int i = 0; i < writes.size(); i++) {
      Open open = found.get(i);
      if (open != null && !(writes.get(i).next() instanceof Next.Retry)) {
        tally.open(writes.get(i).attempt().delivery().endpoint(), -1);
      }
      if (open == null || !logged(open)) {
        answers.add(NOT_OPEN);
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

  private static boolean logged(@Nullable Open open) {
    return open != null && open.tenant() != GONE;
  }

  /** Ends open deliveries because their events go. */
  List<Written.Ended> expire(List<EndpointWalk.Found> found, Instant now) throws SQLException {
    return end(found, now, OutcomeClass.EXPIRED, "the event reached the end of its retention");
  }

  /** The same because their endpoint is gone. */
  List<Written.Ended> remove(List<EndpointWalk.Found> found, Instant now) throws SQLException {
    return end(
        found,
        now,
        OutcomeClass.ENDPOINT_REMOVED,
        "the endpoint is gone for %d days".formatted(Retention.REMOVED.toDays()));
  }

  /** What an erasure has not come to yet is left to it. */
  private List<Written.Ended> end(
      List<EndpointWalk.Found> found, Instant now, OutcomeClass outcome, String why)
      throws SQLException {
    Set<Long> left = erasing.ofEvents(found.stream().map(each -> each.key().seq()).toList());
    List<Write.Record> ends =
        found.stream()
            .filter(each -> !left.contains(each.key().seq()))
            .map(each -> end(each, now, outcome, why))
            .toList();
    List<Written> answers = write(ends);
    var ended = new ArrayList<Written.Ended>(ends.size());
    for (int i = 0; i < answers.size(); i++) {
      Attempt attempt = ends.get(i).attempt();
      var recorded = (Written.Recorded) answers.get(i);
      if (!recorded.applied()) {
        throw new IllegalStateException("open " + attempt.delivery() + " is not open");
      }
      ended.add(
          new Written.Ended(
              attempt.delivery(), attempt.n(), recorded.acceptedMillis(), attempt.outcome()));
    }
    return ended;
  }

  private static Write.Record end(
      EndpointWalk.Found open, Instant now, OutcomeClass outcome, String why) {
    var attempt =
        new Attempt(
            open.key(), open.attempts() + 1, now, outcome, 0, why, true, null, AttemptDetail.NONE);
    return new Write.Record(attempt, new Next.Dead());
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
            : sealer.seal(key(owner), Purpose.BODY, key.endpoint(), key.seq(), body);
    return new Move(key, move.n(), retry.due().toEpochMilli(), sealed);
  }

  private void log(long number, Write.Record write, Open open) throws SQLException {
    Attempt attempt = write.attempt();
    DeliveryKey key = attempt.delivery();
    log(number, attempt, open.replay(), key(open.tenant()));
    if (write.next() instanceof Next.Dead) {
      deadLetters.add(
          key.endpoint(), key.seq(), attempt.time().toEpochMilli(), attempt.outcome().wire());
      tally.dead(key.endpoint(), 1);
    }
  }

  /** Outcomes of a tenant that is being erased do not come here. */
  private SecretKey key(int number) throws SQLException {
    Tenant tenant = tenants.numbered(number);
    if (tenant == null) {
      throw new IllegalStateException("tenant " + number + " has open deliveries but no key");
    }
    return tenant.key();
  }

  private void log(long number, Attempt attempt, long replay, SecretKey key) throws SQLException {
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
        replay,
        DetailCodec.trace(attempt.detail()));
    byte[] exchange = DetailCodec.exchange(attempt.detail());
    if (exchange != null) {
      exchanges.add(number, sealer.seal(key, Purpose.EXCHANGE, number, 0, exchange));
    }
  }
}
