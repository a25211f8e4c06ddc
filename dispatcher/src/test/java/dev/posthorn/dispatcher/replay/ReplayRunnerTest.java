package dev.posthorn.dispatcher.replay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.posthorn.core.config.OutcomeClass;
import dev.posthorn.core.config.ResourceName;
import dev.posthorn.core.event.Event;
import dev.posthorn.core.event.EventData;
import dev.posthorn.core.event.EventId;
import dev.posthorn.core.event.PublishedEvent;
import dev.posthorn.core.event.Subscription;
import dev.posthorn.dispatcher.snapshot.Subscriber;
import dev.posthorn.dispatcher.store.Accepted;
import dev.posthorn.dispatcher.store.Attempt;
import dev.posthorn.dispatcher.store.AttemptDetail;
import dev.posthorn.dispatcher.store.AuditEntry;
import dev.posthorn.dispatcher.store.DeliveryKey;
import dev.posthorn.dispatcher.store.DeliveryLog.Counts;
import dev.posthorn.dispatcher.store.NewEvent;
import dev.posthorn.dispatcher.store.Next;
import dev.posthorn.dispatcher.store.PageRequest;
import dev.posthorn.dispatcher.store.ReplayAnswer;
import dev.posthorn.dispatcher.store.ReplayRow;
import dev.posthorn.dispatcher.store.ReplayWish;
import dev.posthorn.dispatcher.store.ReplayWish.Select;
import dev.posthorn.dispatcher.store.ReplayWrite;
import dev.posthorn.dispatcher.store.Side;
import dev.posthorn.dispatcher.store.SqliteDeliveryStore;
import dev.posthorn.dispatcher.store.StoreUnavailableException;
import dev.posthorn.dispatcher.store.Write;
import dev.posthorn.dispatcher.store.Written;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Replays over a real file. */
class ReplayRunnerTest {
  private static final Instant T0 = Instant.parse("2026-11-22T10:00:00Z");
  private static final Instant NOW = T0.plusSeconds(60);

  @TempDir private Path directory;
  private final Random random = new Random(1);
  private SqliteDeliveryStore store;
  private Optional<Subscriber> subscriber = Optional.empty();
  private int erp;

  @BeforeEach
  void open() {
    store = SqliteDeliveryStore.open(directory);
    var name = new ResourceName("acme", "erp");
    erp = ((Written.Registered) one(new Write.Register(name, "acme", 1))).row().number();
    subscriber =
        Optional.of(new Subscriber(erp, name, Subscription.parse(List.of("*")), Optional.empty()));
  }

  @AfterEach
  void close() {
    store.close();
  }

  /** What a process leaves that is killed: nothing but the file. */
  private void crash() {
    store.close();
    store = SqliteDeliveryStore.open(directory);
  }

  private synchronized Written one(Write write) {
    return store.write(List.of(write)).getFirst();
  }

  private ReplayAnswer write(ReplayWrite write) {
    return ((Written.Replayed) one(new Write.Replaying(write))).answer();
  }

  private ReplayStep step() {
    return new ReplayStep((_, _) -> subscriber, store.log(), this::write);
  }

  private long stored(Integer... targets) {
    var published = PublishedEvent.of("acme", "order.paid", EventData.none());
    var event = new Event(EventId.next(T0, random), T0, published);
    var accepts =
        (Written.Accepts)
            one(new Write.Accept(List.of(new NewEvent(event, new byte[0], List.of(targets)))));
    return ((Accepted.Stored) accepts.answers().getFirst()).seq();
  }

  private List<Long> deadLetters(int count) {
    return IntStream.range(0, count).mapToObj(_ -> deadLetter()).toList();
  }

  private long deadLetter() {
    long seq = stored(erp);
    end(seq, OutcomeClass.HTTP_4XX, new Next.Dead());
    return seq;
  }

  private void end(long seq, OutcomeClass outcome, Next next) {
    var attempt =
        new Attempt(
            new DeliveryKey(erp, seq), 1, T0, outcome, 0, null, true, null, AttemptDetail.NONE);
    assertThat(((Written.Recorded) one(new Write.Record(attempt, next))).applied()).isTrue();
  }

  private ReplayRow start(Select select, int rate) {
    var wish = new ReplayWish(erp, select, List.of(), null, T0.plusSeconds(1), List.of(), rate);
    var audit = new AuditEntry("acme", NOW, "ops", "r-1", "replays.start", "x", null);
    return ((ReplayAnswer.Started) write(new ReplayWrite.Start(audit, wish, 16))).replay();
  }

  private ReplayRow found(ReplayRow replay) {
    return store.log().replays().find("acme", replay.number()).orElseThrow();
  }

  private List<Long> due() {
    return store
        .pages(List.of(new PageRequest(erp, Side.RETRY, -1, -1, 0)))
        .getFirst()
        .rows()
        .stream()
        .map(row -> row.seq())
        .toList();
  }

  @Test
  void aReplayGoesOnAfterACrashWhereItsLastSliceWasCommitted() {
    List<Long> dead = deadLetters(25);
    ReplayRow replay = start(Select.DEAD_LETTERS, 4);
    var delivered = new ArrayList<Long>();
    int slices = 0;
    while (found(replay).state() == ReplayRow.State.RUNNING) {
      assertThat(step().advance(found(replay), NOW)).isGreaterThanOrEqualTo(10);
      slices++;
      crash();
      for (long seq : due()) {
        end(seq, OutcomeClass.DELIVERED, new Next.Delivered());
        delivered.add(seq);
      }
    }
    assertThat(delivered).as("each exactly once").isEqualTo(dead);
    assertThat(slices).isEqualTo(7);
    assertThat(found(replay).counts()).isEqualTo(new ReplayRow.Counts(25, 25, 0, 0, 0));
    assertThat(store.log().counts(erp)).isEqualTo(new Counts(0, 0));
  }

  @Test
  void aSliceWhoseAnswerWasLostIsNotDoneTwice() {
    deadLetters(4);
    ReplayRow replay = start(Select.DEAD_LETTERS, 2);
    var losing =
        new ReplayStep(
            (_, _) -> subscriber,
            store.log(),
            write -> {
              write(write);
              throw new StoreUnavailableException("unknown", true, null);
            });
    try {
      losing.advance(replay, NOW);
    } catch (StoreUnavailableException lost) {
      crash();
    }
    step().advance(found(replay), NOW);
    assertThat(found(replay).counts().opened()).isEqualTo(4);
    assertThat(due()).hasSize(4);
  }

  @Test
  void thePauseFollowsTheRate() {
    deadLetters(4);
    assertThat(step().advance(start(Select.DEAD_LETTERS, 2), NOW)).isEqualTo(1_000);
  }

  @Test
  void missingIsWhatAnEndpointAddedLaterWouldHaveGot() {
    long missing = stored();
    stored(erp);
    deadLetter();
    ReplayRow replay = start(Select.MISSING, 100);
    step().advance(replay, NOW);
    assertThat(due()).containsExactly(missing);
    assertThat(found(replay).state()).isEqualTo(ReplayRow.State.DONE);
    ReplayRow again = start(Select.MISSING, 100);
    step().advance(again, NOW);
    assertThat(found(again).counts()).isEqualTo(ReplayRow.Counts.NONE);
  }

  @Test
  void withoutItsEndpointAReplayWaits() {
    deadLetters(1);
    ReplayRow replay = start(Select.DEAD_LETTERS, 100);
    subscriber = Optional.empty();
    assertThat(step().advance(replay, NOW)).isGreaterThanOrEqualTo(500);
    assertThat(found(replay)).isEqualTo(replay);
  }

  @Test
  void untilAcceptedEventsAreSettledAReplayIsNotDone() {
    ReplayRow replay = start(Select.ALL, 100);
    step().advance(replay, T0.plusSeconds(1));
    assertThat(found(replay)).isEqualTo(replay);
    step().advance(replay, T0.plusSeconds(3));
    assertThat(found(replay).state()).isEqualTo(ReplayRow.State.DONE);
  }

  private ReplayRunner runner(ReplayStep step) {
    return new ReplayRunner(
        store.log().replays(),
        step,
        _ -> true,
        InstantSource.system(),
        failure -> {
          throw new AssertionError(failure);
        });
  }

  private void awaitState(ReplayRow replay, ReplayRow.State state) {
    await().atMost(Duration.ofSeconds(20)).until(() -> found(replay).state() == state);
  }

  @Test
  void theRunnerTakesAllThatRunToTheirEnds() {
    deadLetters(30);
    ReplayRow first = start(Select.DEAD_LETTERS, 1_000);
    ReplayRow second = start(Select.ALL, 1_000);
    try (var runner = runner(step())) {
      runner.start();
      awaitState(first, ReplayRow.State.DONE);
      awaitState(second, ReplayRow.State.DONE);
      ReplayRow third = start(Select.MISSING, 1_000);
      runner.wake();
      awaitState(third, ReplayRow.State.DONE);
    }
    assertThat(due()).hasSize(30);
    assertThat(found(first).counts().opened() + found(second).counts().opened()).isEqualTo(30);
  }

  @Test
  void aStoreThatIsAwayIsAskedAgain() {
    deadLetters(1);
    ReplayRow replay = start(Select.DEAD_LETTERS, 1_000);
    var tries = new AtomicInteger();
    var step =
        new ReplayStep(
            (_, _) -> subscriber,
            store.log(),
            write -> {
              if (tries.incrementAndGet() == 1) {
                throw new StoreUnavailableException("disk full", false, null);
              }
              return write(write);
            });
    try (var runner = runner(step)) {
      runner.start();
      awaitState(replay, ReplayRow.State.DONE);
    }
    assertThat(tries).hasValue(2);
  }

  @Test
  void aDefectEndsOneReplayAndNotTheOthers() {
    deadLetters(1);
    ReplayRow broken = start(Select.DEAD_LETTERS, 1_000);
    ReplayRow good = start(Select.DEAD_LETTERS, 1_000);
    var asked = new AtomicInteger();
    var step =
        new ReplayStep(
            (_, _) -> {
              if (asked.incrementAndGet() == 1) {
                throw new IllegalStateException("test");
              }
              return subscriber;
            },
            store.log(),
            this::write);
    try (var runner = runner(step)) {
      runner.start();
      awaitState(broken, ReplayRow.State.FAILED);
      awaitState(good, ReplayRow.State.DONE);
    }
  }
}
