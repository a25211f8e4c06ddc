package dev.posthorn.dispatcher.store;

import static dev.posthorn.dispatcher.store.Samples.T0;
import static dev.posthorn.dispatcher.store.Samples.bytes;
import static dev.posthorn.dispatcher.store.Samples.dead;
import static dev.posthorn.dispatcher.store.Samples.delivered;
import static dev.posthorn.dispatcher.store.Samples.event;
import static dev.posthorn.dispatcher.store.Samples.failed;
import static dev.posthorn.dispatcher.store.Samples.keyed;
import static dev.posthorn.dispatcher.store.Samples.register;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.posthorn.core.config.KeyDenial;
import dev.posthorn.core.config.OutcomeClass;
import dev.posthorn.core.event.EventId;
import dev.posthorn.dispatcher.store.DeliveryLog.AttemptFilter;
import dev.posthorn.dispatcher.store.DeliveryLog.Counts;
import dev.posthorn.dispatcher.store.DeliveryLog.DeadLetter;
import dev.posthorn.dispatcher.store.DeliveryLog.DeliveryState;
import dev.posthorn.dispatcher.store.DeliveryLog.DeliveryView;
import dev.posthorn.dispatcher.store.DeliveryLog.LoggedAttempt;
import dev.posthorn.dispatcher.store.DeliveryLog.LoggedAudit;
import dev.posthorn.dispatcher.store.DeliveryLog.Range;
import dev.posthorn.dispatcher.store.DeliveryLog.Slice;
import dev.posthorn.dispatcher.store.DeliveryLog.StoredEvent;
import dev.posthorn.dispatcher.store.EndpointRow.Health;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every {@link DeliveryStore} does. */
abstract class DeliveryStoreContract {
  private static final Range ALL = new Range(500, null, null, null);
  private static final AttemptFilter ANY = new AttemptFilter(null, null, null);

  private DeliveryStore store;
  private int a;
  private int b;

  /** Opens the store under test; the same one again after {@link DeliveryStore#close}. */
  abstract DeliveryStore open();

  @BeforeEach
  void openWithTwoEndpoints() {
    store = open();
    a = number(register("a", "acme"));
    b = number(register("b", "acme"));
  }

  @AfterEach
  void close() {
    store.close();
  }

  /** The store under test, as it is now. */
  final DeliveryStore store() {
    return store;
  }

  private void reopen() {
    store.close();
    store = open();
  }

  private int number(Write.Register register) {
    return ((Written.Registered) write(register)).row().number();
  }

  private Written write(Write write) {
    return store.write(List.of(write)).getFirst();
  }

  private List<Accepted> accept(NewEvent... events) {
    return ((Written.Accepts) write(new Write.Accept(List.of(events)))).answers();
  }

  private long stored(NewEvent event) {
    return ((Accepted.Stored) accept(event).getFirst()).seq();
  }

  private boolean record(Attempt attempt, Next next) {
    return ((Written.Recorded) write(new Write.Record(attempt, next))).applied();
  }

  private List<OpenDelivery> page(int endpoint, Side side) {
    return store.pages(List.of(new PageRequest(endpoint, side, -1, -1, 0))).getFirst().rows();
  }

  private static long millis(Instant time) {
    return time.toEpochMilli();
  }

  // Accept

  @Test
  void anAcceptedEventComesBackAsItWas() {
    NewEvent event = keyed("acme", "1", T0, a, b);
    long seq = stored(event);
    reopen();
    StoredEvent loaded = store.log().load(seq).orElseThrow();
    assertThat(loaded)
        .usingRecursiveComparison()
        .isEqualTo(new StoredEvent(seq, event.event(), List.of(a, b)));
    assertThat(store.log().event("acme", event.event().id()))
        .get()
        .usingRecursiveComparison()
        .isEqualTo(loaded);
  }

  @Test
  void everyTargetGetsOneOpenDelivery() {
    long seq = stored(event("acme", T0, a, b));
    var open = new OpenDelivery(0, seq, 0, millis(T0));
    assertThat(page(a, Side.FRESH)).containsExactly(open);
    assertThat(page(b, Side.FRESH)).containsExactly(open);
    assertThat(page(a, Side.RETRY)).isEmpty();
    assertThat(store.log().counts(a)).isEqualTo(new Counts(1, 0));
  }

  @Test
  void aLaterAcceptHasALargerSeqAlsoAfterAReopening() {
    long first = stored(event("acme", T0));
    long second = stored(event("other", T0.minusSeconds(9)));
    reopen();
    long third = stored(event("acme", T0));
    assertThat(LongStream.of(first, second, third)).isSorted().doesNotHaveDuplicates();
  }

  @Test
  void theSameKeyAgainIsADuplicateOfTheFirst() {
    NewEvent first = keyed("acme", "1", T0, a);
    stored(first);
    var duplicate = new Accepted.Duplicate(first.event().id());
    assertThat(accept(keyed("acme", "1", T0, a))).containsExactly(duplicate);
    reopen();
    assertThat(accept(keyed("acme", "1", T0.plusSeconds(1), a))).containsExactly(duplicate);
    assertThat(page(a, Side.FRESH)).hasSize(1);
  }

  @Test
  void equalKeysInOneBatchAreOneEventWhateverTheOrderOfTheirHashes() {
    var events = new ArrayList<NewEvent>();
    for (int i = 0; i < 40; i++) {
      events.add(keyed("acme", "id-" + i % 20, T0, a));
    }
    List<Accepted> answers = accept(events.toArray(NewEvent[]::new));
    for (int i = 0; i < 20; i++) {
      assertThat(answers.get(i)).isInstanceOf(Accepted.Stored.class);
      assertThat(answers.get(i + 20)).isEqualTo(new Accepted.Duplicate(events.get(i).event().id()));
    }
    assertThat(answers.stream().limit(20).map(s -> ((Accepted.Stored) s).seq())).isSorted();
    assertThat(page(a, Side.FRESH)).hasSize(20);
  }

  @Test
  void equalKeysInTwoPublishesOfOneTransactionAreOneEvent() {
    NewEvent first = keyed("acme", "1", T0, a);
    List<Written> answers =
        store.write(
            List.of(
                new Write.Accept(List.of(first)),
                new Write.Accept(List.of(keyed("acme", "1", T0, a)))));
    assertThat(((Written.Accepts) answers.get(1)).answers())
        .containsExactly(new Accepted.Duplicate(first.event().id()));
  }

  @Test
  void aKeyIsForgottenAfter48Hours() {
    stored(keyed("acme", "1", T0, a));
    Instant last = T0.plus(Retention.DEDUPE).minusMillis(1);
    assertThat(accept(keyed("acme", "1", last, a)).getFirst())
        .isInstanceOf(Accepted.Duplicate.class);
    NewEvent again = keyed("acme", "1", last.plusMillis(1), a);
    assertThat(accept(again).getFirst()).isInstanceOf(Accepted.Stored.class);
    assertThat(accept(keyed("acme", "1", last.plusMillis(2), a)))
        .containsExactly(new Accepted.Duplicate(again.event().id()));
  }

  @Test
  void anEventWithoutKeyIsNeverADuplicate() {
    assertThat(accept(event("acme", T0, a), event("acme", T0, a)))
        .allMatch(Accepted.Stored.class::isInstance);
  }

  @Test
  void anEventWithoutTargetsIsStored() {
    long seq = stored(event("acme", T0));
    assertThat(store.log().load(seq)).isPresent();
    assertThat(store.log().totals().open()).isZero();
  }

  // Outcomes

  @Test
  void aDeliveredDeliveryIsNotOpenAnyMore() {
    long seq = stored(event("acme", T0, a));
    var key = new DeliveryKey(a, seq);
    assertThat(write(new Write.Record(delivered(key, 1, T0), new Next.Delivered())))
        .isEqualTo(new Written.Recorded(true, millis(T0)));
    assertThat(page(a, Side.FRESH)).isEmpty();
    assertThat(store.log().counts(a)).isEqualTo(new Counts(0, 0));
    assertThat(views(seq)).containsExactly(new DeliveryView(a, DeliveryState.DELIVERED, 1, null));
  }

  private List<DeliveryView> views(long seq) {
    return store.log().deliveries(store.log().load(seq).orElseThrow());
  }

  @Test
  void aFailedDeliveryWaitsOnTheRetrySide() {
    long seq = stored(event("acme", T0, a));
    var key = new DeliveryKey(a, seq);
    Instant due = Instant.ofEpochMilli(millis(T0) + 5000);
    assertThat(record(failed(key, 1, T0, due), new Next.Retry(due, null))).isTrue();
    assertThat(page(a, Side.FRESH)).isEmpty();
    assertThat(page(a, Side.RETRY))
        .containsExactly(new OpenDelivery(millis(due), seq, 1, millis(T0)));
    assertThat(store.log().frozenBody(key)).isEmpty();
    assertThat(views(seq)).containsExactly(new DeliveryView(a, DeliveryState.WAITING, 1, due));
  }

  @Test
  void theBodyOfTheFirstFailureStands() {
    long seq = stored(event("acme", T0, a));
    var key = new DeliveryKey(a, seq);
    Instant due = T0.plusSeconds(5);
    record(failed(key, 1, T0, due), new Next.Retry(due, bytes("ca-na-ry first")));
    record(failed(key, 2, T0, due), new Next.Retry(due, bytes("ca-na-ry second")));
    record(failed(key, 3, T0, due), new Next.Retry(due, null));
    reopen();
    assertThat(store.log().frozenBody(key)).hasValue(bytes("ca-na-ry first"));
    assertThat(page(a, Side.RETRY)).extracting(OpenDelivery::attempts).containsExactly(3);
  }

  @Test
  void anEndedDeliveryIsADeadLetter() {
    NewEvent event = event("acme", T0, a);
    long seq = stored(event);
    var key = new DeliveryKey(a, seq);
    record(dead(key, 1, T0), new Next.Dead());
    assertThat(page(a, Side.FRESH)).isEmpty();
    assertThat(store.log().deadLetters("acme", ALL, null).items())
        .containsExactly(
            new DeadLetter(
                key,
                event.event().id(),
                "order.created",
                Instant.ofEpochMilli(millis(T0)),
                OutcomeClass.HTTP_4XX));
    assertThat(store.log().counts(a)).isEqualTo(new Counts(0, 1));
    assertThat(views(seq)).containsExactly(new DeliveryView(a, DeliveryState.DEAD, 1, null));
  }

  @Test
  void aWriteRepeatedAfterAnUnknownCommitWritesNothingTwice() {
    var key = new DeliveryKey(a, stored(event("acme", T0, a)));
    Instant due = T0.plusSeconds(5);
    var failure = new Write.Record(failed(key, 1, T0, due), new Next.Retry(due, null));
    var success = new Write.Record(delivered(key, 2, T0), new Next.Delivered());
    assertThat(store.write(List.of(failure, failure, success, success)))
        .extracting(written -> ((Written.Recorded) written).applied())
        .containsExactly(true, false, true, false);
    assertThat(attempts(ALL, ANY)).hasSize(2);
    assertThat(store.log().totals().open()).isZero();
  }

  @Test
  void anOutcomeOfADeliveryThatIsNotOpenLeavesNothing() {
    var key = new DeliveryKey(a, 99);
    assertThat(record(delivered(key, 1, T0), new Next.Delivered())).isFalse();
    assertThat(record(dead(key, 1, T0), new Next.Dead())).isFalse();
    assertThat(record(failed(key, 1, T0, T0), new Next.Retry(T0, bytes("x")))).isFalse();
    assertThat(store.log().deadLetters("acme", ALL, null).items()).isEmpty();
    assertThat(store.log().totals()).matches(totals -> totals.open() == 0 && totals.dead() == 0);
  }

  @Test
  void anAttemptThatWasPassedIsRefused() {
    var key = new DeliveryKey(a, stored(event("acme", T0, a)));
    record(failed(key, 1, T0, T0), new Next.Retry(T0, null));
    assertThat(record(delivered(key, 1, T0), new Next.Delivered())).isFalse();
    assertThat(record(delivered(key, 3, T0), new Next.Delivered())).isFalse();
    assertThat(page(a, Side.RETRY)).hasSize(1);
  }

  // Pages

  @Test
  void pagesGoOnAfterAKeyUntilOneIsShort() {
    var seqs = new ArrayList<Long>();
    for (int i = 0; i < PageRequest.ROWS + 3; i++) {
      seqs.add(stored(event("acme", T0, a)));
    }
    List<OpenDelivery> first = page(a, Side.FRESH);
    long last = first.getLast().seq();
    Page second = store.pages(List.of(new PageRequest(a, Side.FRESH, 0, last, 7))).getFirst();
    assertThat(first).hasSize(PageRequest.ROWS);
    assertThat(second.request().window()).isEqualTo(7);
    assertThat(second.rows()).hasSize(3);
    first.addAll(second.rows());
    assertThat(first).extracting(OpenDelivery::seq).isEqualTo(seqs);
  }

  @Test
  void retriesArePagedByDueAndThenBySeq() {
    var keys = IntStream.range(0, 70).mapToObj(i -> stored(event("acme", T0, a, b))).toList();
    for (int i = 0; i < 70; i++) {
      Instant due = T0.plusSeconds(i % 3 == 0 ? 1 : 2);
      var key = new DeliveryKey(a, keys.get(i));
      record(failed(key, 1, T0, due), new Next.Retry(due, null));
    }
    List<OpenDelivery> rows = page(a, Side.RETRY);
    OpenDelivery last = rows.getLast();
    rows.addAll(
        store
            .pages(List.of(new PageRequest(a, Side.RETRY, last.due(), last.seq(), 0)))
            .getFirst()
            .rows());
    assertThat(rows).hasSize(70).isSorted();
    assertThat(page(b, Side.RETRY)).isEmpty();
    assertThat(page(b, Side.FRESH)).hasSize(PageRequest.ROWS);
  }

  // Endpoints

  @Test
  void registeringTwiceGivesTheSameNumber() {
    assertThat(number(register("a", "acme"))).isEqualTo(a);
    reopen();
    assertThat(number(register("a", "acme"))).isEqualTo(a);
    assertThat(number(register("c", "acme"))).isNotIn(a, b);
  }

  @Test
  void healthComesBackAsItWasWritten() {
    var health =
        new Health(EndpointState.DISABLED, T0, T0.plusNanos(1), 12, OutcomeClass.HTTP_410, T0, T0);
    write(new Write.Removal(a, T0));
    write(new Write.Health(a, health));
    reopen();
    assertThat(store.endpoints()).hasSize(2);
    EndpointRow row = store.endpoints().getFirst();
    assertThat(row)
        .isEqualTo(new EndpointRow(a, register("a", "acme").name(), "acme", health, Holds.NONE));
    assertThat(((Written.Registered) write(register("a", "acme"))).row()).isEqualTo(row);
    assertThat(store.endpoints().getLast().health())
        .isEqualTo(new Health(EndpointState.HEALTHY, Instant.EPOCH, null, 0, null, null, null));
  }

  @Test
  void anEndpointThatMovesToAnotherTenantTakesNoEventsAlong() {
    var key = new DeliveryKey(a, stored(event("acme", T0, a)));
    record(dead(key, 1, T0), new Next.Dead());
    var moved = new Write.Register(register("a", "acme").name(), "globex", 2);
    assertThat(((Written.Registered) write(moved)).row())
        .matches(row -> row.number() == a && row.tenant().equals("globex"));
    assertThat(store.log().attempts("globex", ALL, ANY).items()).isEmpty();
    assertThat(store.log().deadLetters("globex", ALL, null).items()).isEmpty();
  }

  // Log

  private List<LoggedAttempt> attempts(Range range, AttemptFilter filter) {
    return store.log().attempts("acme", range, filter).items();
  }

  @Test
  void anAttemptComesBackWithHeadersAndBodiesOnlyAlone() {
    NewEvent event = event("acme", T0, a);
    var key = new DeliveryKey(a, stored(event));
    Attempt attempt = failed(key, 1, Instant.ofEpochMilli(5), Instant.ofEpochMilli(6));
    record(attempt, new Next.Retry(Instant.ofEpochMilli(6), null));
    reopen();
    LoggedAttempt listed = attempts(ALL, ANY).getFirst();
    assertThat(store.log().attempt("acme", listed.id()))
        .get()
        .usingRecursiveComparison()
        .isEqualTo(new LoggedAttempt(listed.id(), event.event().id(), attempt));
    AttemptDetail detail = listed.attempt().detail();
    assertThat(detail.request()).isNull();
    assertThat(detail.response()).isNull();
    assertThat(detail.timings()).isEqualTo(attempt.detail().timings());
    assertThat(detail.keyIds()).isEqualTo(attempt.detail().keyIds());
    assertThat(listed.attempt().error()).isEqualTo(attempt.error());
  }

  @Test
  void aDetailWithoutAnythingComesBackToo() {
    var key = new DeliveryKey(a, stored(event("acme", T0, a)));
    var attempt =
        new Attempt(
            key,
            1,
            Instant.ofEpochMilli(5),
            OutcomeClass.POLICY_DENIED,
            0,
            null,
            true,
            null,
            AttemptDetail.NONE);
    record(attempt, new Next.Dead());
    long id = attempts(ALL, ANY).getFirst().id();
    assertThat(store.log().attempt("acme", id))
        .get()
        .extracting(LoggedAttempt::attempt)
        .isEqualTo(attempt);
  }

  @Test
  void attemptsAreListedNewestFirstOverAllEndpointsOfTheTenant() {
    int other = number(register("x", "globex"));
    for (int i = 0; i < 10; i++) {
      long seq = stored(event("acme", T0, a, b));
      record(delivered(new DeliveryKey(a, seq), 1, T0), new Next.Delivered());
      record(delivered(new DeliveryKey(b, seq), 1, T0), new Next.Delivered());
      long foreign = stored(event("globex", T0, other));
      record(delivered(new DeliveryKey(other, foreign), 1, T0), new Next.Delivered());
    }
    List<LoggedAttempt> paged =
        pages(cursor -> store.log().attempts("acme", new Range(3, cursor, null, null), ANY));
    assertThat(paged).hasSize(20).isEqualTo(attempts(ALL, ANY));
    assertThat(paged)
        .extracting(LoggedAttempt::id)
        .isSortedAccordingTo((x, y) -> Long.compare(y, x));
    assertThat(attempts(ALL, new AttemptFilter(b, null, null)))
        .hasSize(10)
        .allMatch(logged -> logged.attempt().delivery().endpoint() == b);
    assertThat(attempts(ALL, new AttemptFilter(other, null, null))).isEmpty();
    assertThat(store.log().attempt("globex", paged.getFirst().id())).isEmpty();
  }

  private static <T> List<T> pages(Function<@Nullable String, Slice<T>> list) {
    var all = new ArrayList<T>();
    String cursor = null;
    do {
      Slice<T> slice = list.apply(cursor);
      all.addAll(slice.items());
      cursor = slice.next();
    } while (cursor != null);
    return all;
  }

  @Test
  void attemptsAreFilteredByEventClassAndTime() {
    NewEvent event = event("acme", T0, a, b);
    long seq = stored(event);
    Instant due = T0.plusSeconds(60);
    record(failed(new DeliveryKey(a, seq), 1, T0, due), new Next.Retry(due, null));
    record(delivered(new DeliveryKey(a, seq), 2, due), new Next.Delivered());
    long later = stored(event("acme", T0, b));
    Instant hours = T0.plusSeconds(7200);
    record(delivered(new DeliveryKey(b, later), 1, hours), new Next.Delivered());
    EventId id = event.event().id();
    assertThat(attempts(ALL, new AttemptFilter(null, id, null))).hasSize(2);
    assertThat(attempts(ALL, new AttemptFilter(b, id, null))).isEmpty();
    assertThat(attempts(ALL, new AttemptFilter(null, null, OutcomeClass.HTTP_5XX))).hasSize(1);
    assertThat(attempts(new Range(9, null, due.minusMillis(1), null), ANY)).hasSize(2);
    assertThat(attempts(new Range(9, null, due.minusMillis(1), hours.minusMillis(1)), ANY))
        .hasSize(1);
    assertThat(attempts(ALL, new AttemptFilter(null, EventId.next(T0, () -> 1), null))).isEmpty();
  }

  @Test
  void eventsAreListedByTenantNewestFirstWithoutPayload() {
    var ids = new ArrayList<EventId>();
    for (int i = 0; i < 7; i++) {
      NewEvent event = event("acme", i % 2 == 0 ? "even" : "odd", null, T0.plusSeconds(i), a);
      ids.addFirst(event.event().id());
      accept(event, event("globex", T0.plusSeconds(i)));
    }
    List<StoredEvent> listed =
        pages(cursor -> store.log().events("acme", new Range(2, cursor, null, null), null));
    assertThat(listed).extracting(stored -> stored.event().id()).isEqualTo(ids);
    assertThat(listed).allMatch(stored -> stored.event().published().data().bytes().length == 0);
    assertThat(pages(cursor -> store.log().events("acme", new Range(2, cursor, null, null), "odd")))
        .hasSize(3);
    var range = new Range(9, null, T0.plusSeconds(2), T0.plusSeconds(4));
    assertThat(store.log().events("acme", range, null).items()).hasSize(2);
    assertThat(store.log().events("nobody", ALL, null).items()).isEmpty();
    assertThat(store.log().event("globex", ids.getFirst())).isEmpty();
  }

  @Test
  void deadLettersArePagedOverEndpoints() {
    var keys = new ArrayList<DeliveryKey>();
    for (int i = 0; i < 5; i++) {
      long seq = stored(event("acme", T0, a, b));
      for (int endpoint : List.of(a, b)) {
        keys.addFirst(new DeliveryKey(endpoint, seq));
        record(dead(keys.getFirst(), 1, T0.plusSeconds(i)), new Next.Dead());
      }
    }
    assertThat(
            pages(
                cursor -> store.log().deadLetters("acme", new Range(3, cursor, null, null), null)))
        .extracting(DeadLetter::delivery)
        .isEqualTo(keys);
    assertThat(store.log().deadLetters("acme", ALL, b).items()).hasSize(5);
    var range = new Range(500, null, T0.plusSeconds(1), T0.plusSeconds(3));
    assertThat(store.log().deadLetters("acme", range, null).items()).hasSize(4);
    assertThat(store.log().totals().dead()).isEqualTo(10);
  }

  @Test
  void aRejectedRecordIsKeptOncePerPosition() {
    RejectedRecord first = Samples.rejected("1-0", Instant.ofEpochMilli(millis(T0)));
    RejectedRecord second = Samples.rejected("2-0", Instant.ofEpochMilli(millis(T0) + 1));
    store.write(
        List.of(new Write.Reject(first), new Write.Reject(first), new Write.Reject(second)));
    List<DeliveryLog.LoggedReject> listed =
        pages(cursor -> store.log().rejected(new Range(1, cursor, null, null)));
    assertThat(listed)
        .extracting(DeliveryLog.LoggedReject::record)
        .usingRecursiveComparison()
        .isEqualTo(List.of(second, first));
  }

  @Test
  void aCharacterThatNoDatabaseKeepsIsReplaced() {
    var record = new RejectedRecord("default/orders", "1-0", T0, "mapping", "no\0type", bytes("x"));
    write(new Write.Reject(record));
    assertThat(store.log().rejected(ALL).items().getFirst().record().message())
        .isEqualTo("no\ufffdtype");
  }

  @Test
  void aBadCursorOrLimitIsTheCallersMistake() {
    assertThatThrownBy(() -> store.log().attempts("acme", new Range(1, "x", null, null), ANY))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("cursor \"x\"");
    assertThatThrownBy(() -> store.log().events("acme", new Range(1, "x", null, null), null))
        .hasMessageContaining("cursor \"x\"");
    assertThatThrownBy(() -> store.log().deadLetters("acme", new Range(1, "x", null, null), null))
        .hasMessageContaining("cursor \"x\"");
    assertThatThrownBy(() -> store.log().rejected(new Range(501, null, null, null)))
        .hasMessageContaining("501");
  }

  @Test
  void totalsAreTheSameAfterAReopening() {
    for (int i = 0; i < 3; i++) {
      long seq = stored(event("acme", T0, a, b));
      record(dead(new DeliveryKey(a, seq), 1, T0), new Next.Dead());
    }
    Counts before = store.log().counts(a);
    reopen();
    assertThat(store.log().counts(a)).isEqualTo(before).isEqualTo(new Counts(0, 3));
    store.close();
    assertThat(store.log().totals())
        .as("also at the very end")
        .matches(totals -> totals.open() == 3 && totals.dead() == 3 && totals.bytes() > 0);
  }

  // Retention

  private static final Retention DAYS =
      new Retention(
          Duration.ofDays(30), Duration.ofDays(90), Duration.ofDays(365), Long.MAX_VALUE, 1000);

  private Written.Retained retain(Instant now, Retention retention, int rows) {
    return (Written.Retained) write(new Write.Retain(now, retention, rows));
  }

  @Test
  void nothingYoungerThanItsRetentionGoes() {
    long seq = stored(event("acme", T0, a));
    retain(T0.plus(DAYS.payload()), DAYS, 500);
    assertThat(store.log().load(seq)).isPresent();
    assertThat(page(a, Side.FRESH)).hasSize(1);
  }

  @Test
  void anOpenDeliveryEndsAsExpiredBeforeItsPayloadGoes() {
    NewEvent event = event("acme", T0, a);
    long seq = stored(event);
    Instant now = T0.plus(DAYS.payload()).plusMillis(2);
    Written.Retained retained = retain(now, DAYS, 500);
    var key = new DeliveryKey(a, seq);
    assertThat(retained.ended())
        .containsExactly(new Written.Ended(key, 1, millis(T0), OutcomeClass.EXPIRED));
    assertThat(store.log().load(seq)).isEmpty();
    assertThat(page(a, Side.FRESH)).isEmpty();
    assertThat(store.log().deadLetters("acme", ALL, null).items())
        .extracting(DeadLetter::outcome)
        .containsExactly(OutcomeClass.EXPIRED);
    assertThat(attempts(ALL, ANY))
        .extracting(logged -> logged.attempt().terminal())
        .containsExactly(true);
    assertThat(store.log().event("acme", event.event().id()))
        .get()
        .matches(stored -> stored.event().published().data().bytes().length == 0);
    assertThat(record(delivered(key, 1, now), new Next.Delivered())).isFalse();
  }

  @Test
  void whatWaitsForAnEndpointThatIsGoneEndsAfterAWeek() {
    var key = new DeliveryKey(a, stored(event("acme", T0, a)));
    long other = stored(event("acme", T0, b));
    write(new Write.Removal(a, T0));
    reopen();
    Instant week = T0.plus(Retention.REMOVED);
    assertThat(retain(week, DAYS, 500).ended()).isEmpty();
    reopen();
    Instant later = week.plusSeconds(1);
    assertThat(retain(later, DAYS, 500).ended())
        .containsExactly(new Written.Ended(key, 1, millis(T0), OutcomeClass.ENDPOINT_REMOVED));
    assertThat(store.log().deadLetters("acme", ALL, null).items())
        .extracting(DeadLetter::outcome)
        .containsExactly(OutcomeClass.ENDPOINT_REMOVED);
    assertThat(page(b, Side.FRESH)).extracting(OpenDelivery::seq).containsExactly(other);
  }

  @Test
  void anEndpointThatIsBackInTimeGoesOnWithWhatWaited() {
    stored(event("acme", T0, a));
    write(new Write.Removal(a, T0));
    write(new Write.Removal(a, null));
    var health = new Health(EndpointState.FAILING, T0, null, 10, OutcomeClass.HTTP_5XX, null, null);
    write(new Write.Health(a, health));
    retain(T0.plus(Retention.REMOVED).plusSeconds(1), DAYS, 500);
    assertThat(page(a, Side.FRESH)).hasSize(1);
  }

  @Test
  void manyThatWaitForAnEndpointThatIsGoneEndInSlices() {
    for (int i = 0; i < 250; i++) {
      stored(event("acme", T0, a));
    }
    write(new Write.Removal(a, T0));
    Instant later = T0.plus(Retention.REMOVED).plusSeconds(1);
    Written.Retained first = retain(later, DAYS, 100);
    assertThat(first.ended()).hasSize(100);
    assertThat(first.more()).isTrue();
    assertThat(retain(later, DAYS, 100).ended()).hasSize(100);
    Written.Retained last = retain(later, DAYS, 100);
    assertThat(last.ended()).hasSize(50);
    assertThat(last.more()).isFalse();
    assertThat(store.log().counts(a)).isEqualTo(new Counts(0, 250));
  }

  @Test
  void excerptsGoWithPayloadsAndRowsWithTheLog() {
    NewEvent event = keyed("acme", "1", T0, a);
    var key = new DeliveryKey(a, stored(event));
    record(dead(key, 1, T0), new Next.Dead());
    write(new Write.Reject(Samples.rejected("1-0", T0)));
    long id = attempts(ALL, ANY).getFirst().id();
    retain(T0.plus(DAYS.payload()).plusMillis(2), DAYS, 500);
    assertThat(store.log().attempt("acme", id))
        .get()
        .matches(logged -> logged.attempt().detail().response() == null);
    Instant end = T0.plus(DAYS.log()).plusSeconds(120);
    retain(end, DAYS, 500);
    assertThat(store.log().attempt("acme", id)).isEmpty();
    assertThat(store.log().event("acme", event.event().id())).isEmpty();
    assertThat(store.log().deadLetters("acme", ALL, null).items()).isEmpty();
    assertThat(store.log().rejected(ALL).items()).isEmpty();
    assertThat(store.log().counts(a)).isEqualTo(new Counts(0, 0));
  }

  @Test
  void numbersAreNotUsedAgainWhenEverythingWasDeleted() {
    var key = new DeliveryKey(a, stored(event("acme", T0, a)));
    record(delivered(key, 1, T0), new Next.Delivered());
    long id = attempts(ALL, ANY).getFirst().id();
    Instant end = T0.plus(DAYS.log()).plusSeconds(1);
    retain(end, DAYS, 500);
    reopen();
    long next = stored(event("acme", end, a));
    record(delivered(new DeliveryKey(a, next), 1, end), new Next.Delivered());
    assertThat(next).isGreaterThan(key.seq());
    assertThat(attempts(ALL, ANY).getFirst().id()).isGreaterThan(id);
  }

  @Test
  void aWriteEndsAndDeletesOnlyASlice() {
    var events = new ArrayList<NewEvent>();
    for (int i = 0; i < 600; i++) {
      events.add(event("acme", T0, a, b));
    }
    accept(events.toArray(NewEvent[]::new));
    Instant end = T0.plus(DAYS.log()).plusSeconds(1);
    int turns = 0;
    boolean more = true;
    while (more) {
      Written.Retained retained = retain(end, DAYS, 100);
      assertThat(retained.ended()).hasSizeLessThanOrEqualTo(500);
      assertThat(openEventsWithoutPayload()).isEmpty();
      more = retained.more();
      turns++;
    }
    assertThat(turns).isBetween(6, 60);
    assertThat(store.log().events("acme", ALL, null).items()).isEmpty();
    assertThat(store.log().totals()).matches(totals -> totals.open() == 0 && totals.dead() == 0);
  }

  private List<OpenDelivery> openEventsWithoutPayload() {
    return page(a, Side.FRESH).stream()
        .filter(open -> store.log().load(open.seq()).isEmpty())
        .toList();
  }

  @Test
  void aStoreThatIsTooLargeForgetsItsOldest() {
    var seqs = new ArrayList<Long>();
    for (int i = 0; i < 200; i++) {
      long seq = stored(event("acme", T0.plusSeconds(i), a));
      record(delivered(new DeliveryKey(a, seq), 1, T0.plusSeconds(i)), new Next.Delivered());
      seqs.add(seq);
    }
    var tiny = new Retention(DAYS.payload(), DAYS.log(), DAYS.audit(), 1, 1000);
    retain(T0.plusSeconds(200), tiny, 500);
    assertThat(store.log().load(seqs.getFirst())).isEmpty();
    assertThat(store.log().load(seqs.getLast())).isPresent();
    assertThat(attempts(ALL, ANY)).hasSizeBetween(190, 199);
  }

  @Test
  void keysBeyondTheCapAreForgotten() {
    var few = new Retention(DAYS.payload(), DAYS.log(), DAYS.audit(), Long.MAX_VALUE, 1);
    stored(keyed("acme", "1", T0));
    stored(keyed("acme", "2", T0));
    retain(T0, few, 10);
    assertThat(accept(keyed("acme", "2", T0)).getFirst()).isInstanceOf(Accepted.Duplicate.class);
    assertThat(accept(keyed("acme", "1", T0)).getFirst()).isInstanceOf(Accepted.Stored.class);
  }

  // Holds

  @Test
  void whenAnEndpointGotNothingIsKept() {
    Holds holds = Holds.NONE.begin(5).end(9).begin(12);
    write(new Write.Hold(a, holds));
    reopen();
    assertThat(store.endpoints().getFirst().holds()).isEqualTo(holds);
    write(new Write.Hold(a, holds.end(20)));
    assertThat(store.endpoints().getFirst().holds()).isEqualTo(holds.end(20));
    assertThatThrownBy(() -> write(new Write.Hold(99, holds)))
        .isInstanceOf(IllegalArgumentException.class);
  }

  // Keys

  private static AuditEntry entry(String tenant, Instant time, String action) {
    return new AuditEntry(
        tenant, time, "ops", "r-1", action, "SigningSecret/orders", "k_1: leaked");
  }

  private List<AuditEntry> audit(String tenant, Range range) {
    return store.log().audit(tenant, range).items().stream().map(LoggedAudit::entry).toList();
  }

  @Test
  void anEventUnderANameIsStoredOnceForAll() {
    var write = new Write.Accept(List.of(event("acme", T0, a)), "ring/k_1/rotated");
    assertThat(((Written.Accepts) write(write)).answers().getFirst())
        .isInstanceOf(Accepted.Stored.class);
    reopen();
    var again = new Write.Accept(List.of(event("acme", T0, a)), "ring/k_1/rotated");
    assertThat(((Written.Accepts) write(again)).answers().getFirst())
        .isInstanceOf(Accepted.Duplicate.class);
    assertThat(page(a, Side.FRESH)).hasSize(1);
  }

  @Test
  void whoAskedForWhatIsListedNewestFirstToItsTenant() {
    Instant second = Instant.ofEpochMilli(millis(T0) + 1000);
    Instant first = Instant.ofEpochMilli(millis(T0));
    write(new Write.Audit(entry("acme", first, "keys.rotate"), null));
    write(new Write.Audit(entry("acme", second, "keys.reveal"), null));
    write(new Write.Audit(entry("globex", first, "keys.rotate"), null));
    reopen();
    assertThat(audit("acme", ALL))
        .containsExactly(entry("acme", second, "keys.reveal"), entry("acme", first, "keys.rotate"));
    assertThat(audit("acme", new Range(500, null, null, second)))
        .containsExactly(entry("acme", first, "keys.rotate"));
    Slice<LoggedAudit> page = store.log().audit("acme", new Range(1, null, null, null));
    assertThat(audit("acme", new Range(1, page.next(), null, null)))
        .containsExactly(entry("acme", first, "keys.rotate"));
  }

  @Test
  void aDeniedKeyStaysDeniedFromItsFirstTime() {
    var denial = new KeyDenial("ring", "k_1", Instant.ofEpochMilli(millis(T0)));
    write(new Write.Audit(entry("acme", T0, "keys.revoke"), denial));
    write(
        new Write.Audit(
            entry("acme", T0, "keys.revoke"), new KeyDenial("ring", "k_1", T0.plusSeconds(9))));
    reopen();
    assertThat(store.denials()).containsExactly(denial);
  }

  @Test
  void theAuditLogHasARetentionOfItsOwn() {
    write(new Write.Audit(entry("acme", T0, "keys.rotate"), null));
    retain(T0.plus(DAYS.log()).plusSeconds(120), DAYS, 500);
    assertThat(audit("acme", ALL)).hasSize(1);
    retain(T0.plus(DAYS.audit()).plusSeconds(120), DAYS, 500);
    assertThat(audit("acme", ALL)).isEmpty();
  }

  @Test
  void aNameIsForgottenLongAfterItsCauseIsNewsNoMore() {
    write(new Write.Accept(List.of(event("acme", T0, a)), "ring/k_1/rotated"));
    retain(T0.plus(Retention.NOTICE).plusSeconds(1), DAYS, 500);
    Instant later = T0.plus(Retention.NOTICE);
    var again = new Write.Accept(List.of(event("acme", later, a)), "ring/k_1/rotated");
    assertThat(((Written.Accepts) write(again)).answers().getFirst())
        .isInstanceOf(Accepted.Stored.class);
  }

  @Test
  void aProbeWritesAndChangesNothing() {
    assertThat(write(new Write.Probe())).isEqualTo(new Written.Done());
    assertThat(store.log().totals().open()).isZero();
  }
}
