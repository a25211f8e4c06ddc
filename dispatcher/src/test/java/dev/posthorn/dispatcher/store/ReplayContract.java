package dev.posthorn.dispatcher.store;

import static dev.posthorn.dispatcher.store.Samples.T0;
import static dev.posthorn.dispatcher.store.Samples.bytes;
import static dev.posthorn.dispatcher.store.Samples.dead;
import static dev.posthorn.dispatcher.store.Samples.delivered;
import static dev.posthorn.dispatcher.store.Samples.event;
import static dev.posthorn.dispatcher.store.Samples.failed;
import static dev.posthorn.dispatcher.store.Samples.register;
import static org.assertj.core.api.Assertions.assertThat;

import dev.posthorn.core.event.EventId;
import dev.posthorn.dispatcher.store.DeliveryLog.AttemptFilter;
import dev.posthorn.dispatcher.store.DeliveryLog.Counts;
import dev.posthorn.dispatcher.store.DeliveryLog.DeliveryState;
import dev.posthorn.dispatcher.store.DeliveryLog.DeliveryView;
import dev.posthorn.dispatcher.store.DeliveryLog.LoggedAttempt;
import dev.posthorn.dispatcher.store.DeliveryLog.Range;
import dev.posthorn.dispatcher.store.ReplayAnswer.Opening;
import dev.posthorn.dispatcher.store.ReplayLog.Candidate;
import dev.posthorn.dispatcher.store.ReplayLog.Candidates;
import dev.posthorn.dispatcher.store.ReplayLog.Standing;
import dev.posthorn.dispatcher.store.ReplayWish.Select;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every {@link DeliveryStore} does with deliveries that are asked for again. */
abstract class ReplayContract {
  private static final Range ALL = new Range(500, null, null, null);
  private static final Instant ASKED = Instant.ofEpochMilli(T0.toEpochMilli()).plusSeconds(3600);
  private static final Instant LATER = ASKED.plusSeconds(60);
  private static final Retention DAYS =
      new Retention(
          Duration.ofDays(30), Duration.ofDays(90), Duration.ofDays(365), Long.MAX_VALUE, 1000);

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

  private void reopen() {
    store.close();
    store = open();
  }

  private Written write(Write write) {
    return store.write(List.of(write)).getFirst();
  }

  private int number(Write.Register register) {
    return ((Written.Registered) write(register)).row().number();
  }

  private long stored(NewEvent event) {
    var accepts = (Written.Accepts) write(new Write.Accept(List.of(event)));
    return ((Accepted.Stored) accepts.answers().getFirst()).seq();
  }

  private boolean record(Attempt attempt, Next next) {
    return ((Written.Recorded) write(new Write.Record(attempt, next))).applied();
  }

  private DeliveryKey deadLetter(Instant accepted) {
    var key = new DeliveryKey(a, stored(event("acme", accepted, a)));
    record(dead(key, 1, accepted), new Next.Dead());
    return key;
  }

  private Written.Replayed replay(ReplayWrite write) {
    return (Written.Replayed) write(new Write.Replaying(write));
  }

  private static AuditEntry audit(String action) {
    return new AuditEntry("acme", ASKED, "ops", "r-1", action, "Event/x", null);
  }

  private Written.Replayed redeliver(DeliveryKey key, Instant now) {
    return replay(new ReplayWrite.Redeliver(audit("events.redeliver"), key, now));
  }

  private static ReplayAnswer opening(Opening opening) {
    return new ReplayAnswer.Redelivered(opening);
  }

  private List<OpenDelivery> page(int endpoint, Side side) {
    return store.pages(List.of(new PageRequest(endpoint, side, -1, -1, 0))).getFirst().rows();
  }

  private List<DeliveryView> views(long seq) {
    return store.log().deliveries(store.log().load(seq).orElseThrow());
  }

  private List<LoggedAttempt> attempts() {
    return store.log().attempts("acme", ALL, new AttemptFilter(null, null, null)).items();
  }

  private static ReplayWish wish(int endpoint, Select select, EventId... events) {
    return new ReplayWish(endpoint, select, List.of(), null, ASKED, List.of(events), 100);
  }

  private ReplayRow started(ReplayWish wish) {
    var answer = replay(new ReplayWrite.Start(audit("replays.start"), wish, 16)).answer();
    return ((ReplayAnswer.Started) answer).replay();
  }

  private ReplayRow found(ReplayRow replay) {
    return store.log().replays().find("acme", replay.number()).orElseThrow();
  }

  private static ReplayWrite.Advance slice(
      ReplayRow replay, String from, String to, ReplayRow.@Nullable State end, Long... seqs) {
    return new ReplayWrite.Advance(replay.number(), from, to, T0, List.of(seqs), 0, end, LATER);
  }

  private Candidates candidates(ReplayRow replay, int limit) {
    return store.log().replays().candidates(replay, limit, LATER);
  }

  // One delivery

  @Test
  void aDeadDeliveryIsOpenAgainAndDueNow() {
    DeliveryKey key = deadLetter(T0);
    Written.Replayed replayed = redeliver(key, LATER);
    long now = LATER.toEpochMilli();
    var row = new OpenDelivery(now, key.seq(), 0, now);
    assertThat(replayed.answer()).isEqualTo(opening(Opening.OPENED));
    assertThat(replayed.due()).containsExactly(new Committed.DueNow(a, row, null));
    reopen();
    assertThat(page(a, Side.RETRY)).containsExactly(row);
    assertThat(page(a, Side.FRESH)).isEmpty();
    assertThat(store.log().counts(a)).isEqualTo(new Counts(1, 0));
    assertThat(store.log().deadLetters("acme", ALL, null).items()).isEmpty();
    assertThat(views(key.seq()))
        .containsExactly(new DeliveryView(a, DeliveryState.WAITING, 0, LATER));
  }

  @Test
  void aDeliveredOneIsOpenAgainToo() {
    var key = new DeliveryKey(a, stored(event("acme", T0, a)));
    record(delivered(key, 1, T0), new Next.Delivered());
    assertThat(redeliver(key, LATER).answer()).isEqualTo(opening(Opening.OPENED));
    assertThat(store.log().counts(a)).isEqualTo(new Counts(1, 0));
  }

  @Test
  void aRetryThatWaitsIsDueNowWithItsNumberAndItsBody() {
    var key = new DeliveryKey(a, stored(event("acme", T0, a)));
    Instant due = LATER.plusSeconds(9000);
    record(failed(key, 1, T0, due), new Next.Retry(due, bytes("first")));
    Written.Replayed replayed = redeliver(key, LATER);
    var row = new OpenDelivery(LATER.toEpochMilli(), key.seq(), 1, T0.toEpochMilli());
    assertThat(replayed.answer()).isEqualTo(opening(Opening.HASTENED));
    assertThat(replayed.due()).containsExactly(new Committed.DueNow(a, row, due.toEpochMilli()));
    assertThat(page(a, Side.RETRY)).containsExactly(row);
    assertThat(store.log().frozenBody(key)).hasValue(bytes("first"));
    assertThat(store.log().counts(a)).isEqualTo(new Counts(1, 0));
  }

  @Test
  void whatIsDueAlreadyIsLeftAsItIs() {
    var fresh = new DeliveryKey(a, stored(event("acme", T0, a)));
    DeliveryKey again = deadLetter(T0);
    redeliver(again, LATER);
    for (DeliveryKey key : List.of(fresh, again)) {
      Written.Replayed replayed = redeliver(key, LATER.plusSeconds(1));
      assertThat(replayed.answer()).isEqualTo(opening(Opening.DUE_ALREADY));
      assertThat(replayed.due()).isEmpty();
    }
    assertThat(page(a, Side.FRESH)).hasSize(1);
    assertThat(page(a, Side.RETRY)).hasSize(1);
    assertThat(store.log().counts(a)).isEqualTo(new Counts(2, 0));
  }

  @Test
  void anEventMayBeDeliveredWhereItWasNotToGo() {
    long seq = stored(event("acme", T0, a));
    assertThat(redeliver(new DeliveryKey(b, seq), LATER).answer())
        .isEqualTo(opening(Opening.OPENED));
    assertThat(views(seq)).extracting(DeliveryView::endpoint).containsExactly(a, b);
  }

  @Test
  void aSecondLifeHasItsOwnAttemptsAndOneEnd() {
    DeliveryKey key = deadLetter(T0);
    redeliver(key, ASKED);
    Instant due = ASKED.plusSeconds(5);
    assertThat(record(failed(key, 1, ASKED, due), new Next.Retry(due, bytes("anew")))).isTrue();
    assertThat(record(dead(key, 2, due), new Next.Dead())).isTrue();
    redeliver(key, LATER);
    assertThat(store.log().frozenBody(key)).as("the transform runs anew").isEmpty();
    assertThat(record(delivered(key, 1, LATER), new Next.Delivered())).isTrue();
    assertThat(record(delivered(key, 1, LATER), new Next.Delivered())).isFalse();
    assertThat(attempts().reversed())
        .extracting(each -> each.replay() + "/" + each.attempt().n())
        .containsExactly("0/1", "1/1", "1/2", "2/1");
    assertThat(attempts().stream().filter(each -> each.attempt().terminal())).hasSize(3);
    assertThat(views(key.seq()))
        .containsExactly(new DeliveryView(a, DeliveryState.DELIVERED, 1, null));
    assertThat(store.log().counts(a)).isEqualTo(new Counts(0, 0));
  }

  @Test
  void anEventWhoseDataIsGoneIsNotOpenedAgain() {
    DeliveryKey key = deadLetter(T0);
    Instant end = T0.plus(DAYS.payload()).plusSeconds(1);
    write(new Write.Retain(end, DAYS, 500));
    assertThat(redeliver(key, end).answer()).isEqualTo(opening(Opening.EXPIRED));
    assertThat(redeliver(new DeliveryKey(a, 99), end).answer()).isEqualTo(opening(Opening.EXPIRED));
    assertThat(store.log().counts(a)).isEqualTo(new Counts(0, 1));
  }

  /** Retention looks at endpoints one by one, and may have passed this one. */
  @Test
  void whatRetentionIsAboutToDeleteIsNotOpenedAgain() {
    var events = new ArrayList<NewEvent>();
    DeliveryKey key = deadLetter(T0);
    for (int i = 0; i < 600; i++) {
      events.add(event("acme", T0, b));
    }
    write(new Write.Accept(events));
    Instant end = T0.plus(DAYS.payload()).plusSeconds(1);
    var retained = (Written.Retained) write(new Write.Retain(end, DAYS, 1));
    assertThat(retained.more()).isTrue();
    assertThat(redeliver(key, end).answer()).isEqualTo(opening(Opening.EXPIRED));
    assertThat(page(a, Side.RETRY)).isEmpty();
  }

  @Test
  void whoAskedForItIsWrittenWithIt() {
    redeliver(deadLetter(T0), LATER);
    assertThat(store.log().audit("acme", ALL).items())
        .extracting(each -> each.entry().action())
        .containsExactly("events.redeliver");
  }

  // Many

  @Test
  void aReplayComesBackAsItWasAskedFor() {
    var wish =
        new ReplayWish(
            a,
            Select.FAILED,
            List.of("order.*", "invoice.paid"),
            ASKED.minusSeconds(60),
            ASKED,
            List.of(EventId.next(T0, () -> 1), EventId.next(T0, () -> 2)),
            7);
    long last = stored(event("acme", T0, a));
    ReplayRow replay = started(wish);
    assertThat(replay)
        .isEqualTo(
            new ReplayRow(
                replay.number(),
                "acme",
                wish,
                last,
                "ops",
                ASKED,
                ReplayRow.State.RUNNING,
                ASKED,
                "",
                null,
                ReplayRow.Counts.NONE));
    reopen();
    assertThat(found(replay)).isEqualTo(replay);
    assertThat(store.log().replays().running()).containsExactly(replay.number());
    assertThat(store.log().replays().find(replay.number())).contains(replay);
    assertThat(store.log().replays().find(replay.number() + 1)).isEmpty();
    assertThat(store.log().replays().find("globex", replay.number())).isEmpty();
    assertThat(store.log().replays().find("acme", replay.number() + 1)).isEmpty();
  }

  @Test
  void replaysAreListedNewestFirstToTheirTenant() {
    ReplayRow first = started(wish(a, Select.ALL));
    ReplayRow second = started(wish(b, Select.ALL));
    var page = store.log().replays().list("acme", new Range(1, null, null, null));
    assertThat(page.items()).containsExactly(second);
    assertThat(store.log().replays().list("acme", new Range(5, page.next(), null, null)).items())
        .containsExactly(first);
    assertThat(store.log().replays().list("globex", ALL).items()).isEmpty();
  }

  @Test
  void aTenantHasOnlySoManyAtOnce() {
    ReplayRow first = started(wish(a, Select.ALL));
    var second = new ReplayWrite.Start(audit("replays.start"), wish(a, Select.ALL), 1);
    assertThat(replay(second).answer()).isInstanceOf(ReplayAnswer.TooMany.class);
    replay(new ReplayWrite.Cancel(audit("replays.cancel"), first.number()));
    assertThat(replay(second).answer()).isInstanceOf(ReplayAnswer.Started.class);
  }

  @Test
  void aSliceOpensCountsAndMovesOnInOne() {
    DeliveryKey dead = deadLetter(T0);
    var fresh = new DeliveryKey(a, stored(event("acme", T0, a)));
    var waiting = new DeliveryKey(a, stored(event("acme", T0, a)));
    Instant due = LATER.plusSeconds(9);
    record(failed(waiting, 1, T0, due), new Next.Retry(due, null));
    ReplayRow replay = started(wish(a, Select.ALL));
    var slice =
        new ReplayWrite.Advance(
            replay.number(),
            "",
            "x",
            ASKED,
            List.of(dead.seq(), fresh.seq(), waiting.seq(), 99L),
            2,
            null,
            LATER);
    Written.Replayed replayed = replay(slice);
    assertThat(replayed.answer()).isEqualTo(new ReplayAnswer.Advanced(true, 2));
    assertThat(replayed.due())
        .extracting(each -> each.row().seq())
        .as("what is open already is never offered again")
        .containsExactly(dead.seq(), waiting.seq());
    reopen();
    ReplayRow after = found(replay);
    assertThat(after.cursor()).isEqualTo("x");
    assertThat(after.reached()).isEqualTo(ASKED);
    assertThat(after.counts()).isEqualTo(new ReplayRow.Counts(6, 1, 1, 4, 3));
    assertThat(store.log().counts(a)).isEqualTo(new Counts(3, 0));
  }

  @Test
  void aSliceThatIsRepeatedWritesNothing() {
    DeliveryKey dead = deadLetter(T0);
    ReplayRow replay = started(wish(a, Select.DEAD_LETTERS));
    var slice = slice(replay, "", "1", null, dead.seq());
    replay(slice);
    record(delivered(dead, 1, LATER), new Next.Delivered());
    Written.Replayed again = replay(slice);
    assertThat(again.answer()).isEqualTo(new ReplayAnswer.Advanced(false, 0));
    assertThat(again.due()).isEmpty();
    assertThat(store.log().counts(a)).isEqualTo(new Counts(0, 0));
    assertThat(found(replay).counts().opened()).isEqualTo(1);
  }

  @Test
  void whatHasEndedStaysAsItEnded() {
    ReplayRow replay = started(wish(a, Select.ALL));
    replay(slice(replay, "", "1", ReplayRow.State.DONE));
    var cancel = new ReplayWrite.Cancel(audit("replays.cancel"), replay.number());
    assertThat(replay(cancel).answer()).isEqualTo(new ReplayAnswer.Cancelled(found(replay)));
    assertThat(found(replay).state()).isEqualTo(ReplayRow.State.DONE);
    assertThat(found(replay).since()).isEqualTo(LATER);
    assertThat(store.log().replays().running()).isEmpty();
  }

  @Test
  void aCancelledReplayOpensNothingMore() {
    DeliveryKey dead = deadLetter(T0);
    ReplayRow replay = started(wish(a, Select.ALL));
    var answer = replay(new ReplayWrite.Cancel(audit("replays.cancel"), replay.number())).answer();
    assertThat(((ReplayAnswer.Cancelled) answer).replay())
        .isNotNull()
        .matches(row -> row.state() == ReplayRow.State.CANCELLED);
    assertThat(replay(slice(replay, "", "1", null, dead.seq())).answer())
        .isEqualTo(new ReplayAnswer.Advanced(false, 0));
    assertThat(store.log().counts(a)).isEqualTo(new Counts(0, 1));
    assertThat(replay(new ReplayWrite.Cancel(audit("replays.cancel"), 99)).answer())
        .isEqualTo(new ReplayAnswer.Cancelled(null));
  }

  @Test
  void replaysGoWithTheLog() {
    ReplayRow replay = started(wish(a, Select.ALL));
    write(new Write.Retain(ASKED.plus(DAYS.log()), DAYS, 500));
    assertThat(store.log().replays().find("acme", replay.number())).isPresent();
    write(new Write.Retain(ASKED.plus(DAYS.log()).plusMillis(1), DAYS, 500));
    assertThat(store.log().replays().find("acme", replay.number())).isEmpty();
    assertThat(started(wish(a, Select.ALL)).number()).isGreaterThan(replay.number());
  }

  // What a replay looks at

  private List<Standing> standings(ReplayRow replay) {
    return candidates(replay, 100).events().stream().map(Candidate::standing).toList();
  }

  @Test
  void eachEventIsShownWithWhatBecameOfIt() {
    var due = ASKED.plusSeconds(9);
    deadLetter(T0);
    stored(event("acme", T0.plusSeconds(1), a));
    var waiting = new DeliveryKey(a, stored(event("acme", T0.plusSeconds(2), a)));
    record(failed(waiting, 1, T0, due), new Next.Retry(due, null));
    var done = new DeliveryKey(a, stored(event("acme", T0.plusSeconds(3), a)));
    record(delivered(done, 1, T0), new Next.Delivered());
    long never = stored(event("acme", T0.plusSeconds(4), b));
    var elsewhere = new DeliveryKey(a, stored(event("acme", T0.plusSeconds(5), b)));
    redeliver(elsewhere, ASKED);
    record(delivered(elsewhere, 1, ASKED), new Next.Delivered());
    stored(event("globex", T0));
    List<Standing> all =
        List.of(
            Standing.DEAD,
            Standing.FRESH,
            Standing.RETRY,
            Standing.DELIVERED,
            Standing.NOWHERE,
            Standing.DELIVERED);
    assertThat(standings(started(wish(a, Select.ALL)))).isEqualTo(all);
    assertThat(standings(started(wish(a, Select.MISSING)))).isEqualTo(all);
    assertThat(standings(started(wish(a, Select.DEAD_LETTERS)))).containsExactly(Standing.DEAD);
    assertThat(standings(started(wish(a, Select.FAILED))))
        .containsExactly(Standing.DEAD, Standing.FRESH, Standing.RETRY);
    EventId id = store.log().load(never).orElseThrow().event().id();
    EventId unknown = EventId.next(T0, () -> 5);
    assertThat(candidates(started(wish(a, Select.MISSING, id, unknown)), 9).events())
        .extracting(Candidate::seq)
        .containsExactly(never, -1L);
  }

  @Test
  void slicesGoOnWhereTheLastOneEnded() {
    for (int i = 0; i < 7; i++) {
      deadLetter(T0.plusSeconds(i));
    }
    for (Select select : Select.values()) {
      var seen = new ArrayList<Long>();
      ReplayRow replay = started(wish(a, select));
      boolean end = false;
      while (!end) {
        Candidates slice = candidates(found(replay), 3);
        slice.events().forEach(each -> seen.add(each.seq()));
        end = slice.end();
        replay(
            slice(replay, found(replay).cursor(), slice.next(), end ? ReplayRow.State.DONE : null));
      }
      assertThat(seen).as("%s", select).hasSize(7).isSorted().doesNotHaveDuplicates();
    }
  }

  @Test
  void aMarkIsTheCursorBehindItsEvent() {
    for (int i = 0; i < 3; i++) {
      deadLetter(T0.plusSeconds(i));
    }
    for (Select select : Select.values()) {
      ReplayRow replay = started(wish(a, select));
      List<Candidate> all = candidates(replay, 9).events();
      replay(slice(replay, "", all.getFirst().mark(), null));
      assertThat(candidates(found(replay), 9).events())
          .as("%s", select)
          .isEqualTo(all.subList(1, 3));
    }
  }

  @Test
  void whatDiesAfterwardsIsNotPartOfIt() {
    ReplayRow replay = started(wish(a, Select.DEAD_LETTERS));
    deadLetter(T0);
    assertThat(candidates(replay, 9)).isEqualTo(new Candidates(List.of(), "", true));
  }

  @Test
  void theEndWaitsForEventsOnTheirWayToTheStore() {
    stored(event("acme", ASKED.minusMillis(1), a));
    ReplayRow replay = started(wish(a, Select.ALL));
    ReplayLog log = store.log().replays();
    assertThat(log.candidates(replay, 9, ASKED.minusMillis(1)))
        .matches(slice -> slice.events().isEmpty() && !slice.end());
    assertThat(log.candidates(replay, 9, ASKED))
        .matches(slice -> slice.events().size() == 1 && slice.end());
  }

  @Test
  void eventsBeforeTheRangeAreNotLookedAtWhereTheLogIsReadByTime() {
    for (int i = 0; i < 9; i++) {
      stored(event("acme", T0.plusSeconds(i), b));
    }
    var wish =
        new ReplayWish(
            a, Select.ALL, List.of(), T0.plusSeconds(6), T0.plusSeconds(8), List.of(), 100);
    assertThat(candidates(started(wish), 100).events()).hasSize(2);
  }

  @Test
  void anEventWithoutDataIsShownAsSuch() {
    deadLetter(T0);
    ReplayRow replay = started(wish(a, Select.DEAD_LETTERS));
    write(new Write.Retain(T0.plus(DAYS.payload()).plusSeconds(1), DAYS, 500));
    assertThat(candidates(replay, 9).events()).extracting(Candidate::kept).containsExactly(false);
  }
}
