package dev.posthorn.dispatcher.replay;

import static org.assertj.core.api.Assertions.assertThat;

import dev.posthorn.core.config.ResourceName;
import dev.posthorn.core.event.Event;
import dev.posthorn.core.event.EventData;
import dev.posthorn.core.event.EventId;
import dev.posthorn.core.event.PublishedEvent;
import dev.posthorn.core.event.Subscription;
import dev.posthorn.core.expression.Compilation;
import dev.posthorn.core.expression.Expressions;
import dev.posthorn.core.expression.Filter;
import dev.posthorn.dispatcher.replay.Selection.Verdict;
import dev.posthorn.dispatcher.snapshot.Subscriber;
import dev.posthorn.dispatcher.store.ReplayLog.Candidate;
import dev.posthorn.dispatcher.store.ReplayLog.Standing;
import dev.posthorn.dispatcher.store.ReplayWish;
import dev.posthorn.dispatcher.store.ReplayWish.Select;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SelectionTest {
  private static final Instant T0 = Instant.parse("2026-11-22T10:00:00Z");

  private static Optional<Event> never(long seq) {
    throw new AssertionError("event " + seq + " need not be read");
  }

  private static ReplayWish wish(Select select, String... types) {
    return new ReplayWish(
        1, select, List.of(types), T0.minusSeconds(10), T0.plusSeconds(10), List.of(), 1);
  }

  private static Subscriber subscriber(String types, Optional<Filter> filter) {
    return new Subscriber(
        1, new ResourceName("acme", "erp"), Subscription.parse(List.of(types)), filter);
  }

  private static Candidate candidate(Standing standing) {
    return new Candidate("1", 1, "order.paid", T0, true, standing);
  }

  private static Verdict plain(Select select, Candidate candidate) {
    return new Selection(wish(select), subscriber("*", Optional.empty()), SelectionTest::never)
        .of(candidate);
  }

  @ParameterizedTest
  @CsvSource({
    "DEAD_LETTERS, DEAD",
    "FAILED, DEAD",
    "FAILED, RETRY",
    "MISSING, NOWHERE",
    "ALL, NOWHERE",
    "ALL, FRESH",
    "ALL, RETRY",
    "ALL, DEAD",
    "ALL, DELIVERED",
  })
  void whatBecameOfAnEventSelectsIt(Select select, Standing standing) {
    assertThat(plain(select, candidate(standing))).isEqualTo(Verdict.AGAIN);
  }

  @ParameterizedTest
  @CsvSource({
    "DEAD_LETTERS, RETRY",
    "DEAD_LETTERS, FRESH",
    "DEAD_LETTERS, NOWHERE",
    "DEAD_LETTERS, DELIVERED",
    "FAILED, FRESH",
    "FAILED, NOWHERE",
    "FAILED, DELIVERED",
    "MISSING, FRESH",
    "MISSING, RETRY",
    "MISSING, DEAD",
    "MISSING, DELIVERED",
  })
  void orDoesNot(Select select, Standing standing) {
    assertThat(plain(select, candidate(standing))).isEqualTo(Verdict.OTHER);
  }

  @Test
  void timesAreFromInclusiveToExclusive() {
    assertThat(plain(Select.ALL, at(T0.minusSeconds(10)))).isEqualTo(Verdict.AGAIN);
    assertThat(plain(Select.ALL, at(T0.minusSeconds(10).minusMillis(1)))).isEqualTo(Verdict.OTHER);
    assertThat(plain(Select.ALL, at(T0.plusSeconds(10)))).isEqualTo(Verdict.OTHER);
  }

  private static Candidate at(Instant accepted) {
    return new Candidate("1", 1, "order.paid", accepted, true, Standing.DEAD);
  }

  @Test
  void typesNarrowIt() {
    Subscriber all = subscriber("*", Optional.empty());
    Candidate dead = candidate(Standing.DEAD);
    assertThat(new Selection(wish(Select.ALL, "a", "order.*"), all, SelectionTest::never).of(dead))
        .isEqualTo(Verdict.AGAIN);
    assertThat(new Selection(wish(Select.ALL, "a"), all, SelectionTest::never).of(dead))
        .isEqualTo(Verdict.OTHER);
  }

  @Test
  void theSubscriptionDecidesWhereItIsAskedAlone() {
    Subscriber others = subscriber("invoice.*", Optional.empty());
    for (Select select : List.of(Select.DEAD_LETTERS, Select.FAILED)) {
      assertThat(
              new Selection(wish(select), others, SelectionTest::never)
                  .of(candidate(Standing.DEAD)))
          .isEqualTo(Verdict.AGAIN);
    }
    assertThat(
            new Selection(wish(Select.MISSING), others, SelectionTest::never)
                .of(candidate(Standing.NOWHERE)))
        .isEqualTo(Verdict.OTHER);
    assertThat(
            new Selection(wish(Select.ALL), others, SelectionTest::never)
                .of(candidate(Standing.DEAD)))
        .isEqualTo(Verdict.OTHER);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          event.data.amount > 10 | AGAIN
          event.data.amount > 50 | OTHER
          event.data.price > 10  | OTHER
          """)
  void theFilterDecidesByTheEventsData(String filter, Verdict verdict) {
    var subscriber = subscriber("*", filter(filter));
    var selection = new Selection(wish(Select.MISSING), subscriber, _ -> Optional.of(event()));
    assertThat(selection.of(candidate(Standing.NOWHERE))).isEqualTo(verdict);
  }

  private static Optional<Filter> filter(String text) {
    var compiled = (Compilation.Compiled<Filter>) new Expressions(System::nanoTime).filter(text);
    return Optional.of(compiled.expression());
  }

  private static Event event() {
    byte[] data = "{\"amount\": 12}".getBytes(StandardCharsets.UTF_8);
    var published = PublishedEvent.of("acme", "order.paid", EventData.of(data, "application/json"));
    return new Event(EventId.next(T0, () -> 1), T0, published);
  }

  @Test
  void whatIsGoneIsExpired() {
    var gone = new Candidate("1", 1, "order.paid", T0, false, Standing.DEAD);
    assertThat(plain(Select.DEAD_LETTERS, gone)).isEqualTo(Verdict.EXPIRED);
    assertThat(plain(Select.MISSING, gone)).isEqualTo(Verdict.OTHER);
    var unknown = new Candidate("1", -1, "", null, false, Standing.NOWHERE);
    assertThat(plain(Select.DEAD_LETTERS, unknown)).isEqualTo(Verdict.EXPIRED);
  }

  @Test
  void whatGoesBeforeItsFilterIsAskedIsExpired() {
    var subscriber = subscriber("*", filter("true"));
    var selection = new Selection(wish(Select.ALL), subscriber, _ -> Optional.empty());
    assertThat(selection.of(candidate(Standing.DEAD))).isEqualTo(Verdict.EXPIRED);
  }
}
