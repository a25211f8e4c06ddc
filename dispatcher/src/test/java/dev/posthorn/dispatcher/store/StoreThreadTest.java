package dev.posthorn.dispatcher.store;

import static dev.posthorn.dispatcher.store.Samples.T0;
import static dev.posthorn.dispatcher.store.Samples.dead;
import static dev.posthorn.dispatcher.store.Samples.delivered;
import static dev.posthorn.dispatcher.store.Samples.event;
import static dev.posthorn.dispatcher.store.Samples.failed;
import static dev.posthorn.dispatcher.store.Samples.register;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.posthorn.core.event.Event;
import dev.posthorn.core.event.EventData;
import dev.posthorn.core.event.PublishedEvent;
import dev.posthorn.dispatcher.store.Committed.AcceptedEvent;
import dev.posthorn.dispatcher.store.Committed.Recorded;
import dev.posthorn.dispatcher.store.DeliveryLog.Range;
import dev.posthorn.dispatcher.store.DeliveryLog.StoredEvent;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

class StoreThreadTest {
  private static final StoreThread.Limits QUICK =
      new StoreThread.Limits(1000, 1 << 20, 1000, 1 << 20, Duration.ofMillis(20));

  @TempDir Path directory;

  private final FaultyConnector connector = new FaultyConnector();
  private final List<Committed> heard = new CopyOnWriteArrayList<>();
  private final CompletableFuture<Throwable> defect = new CompletableFuture<>();
  private volatile Instant now = T0;
  private SqliteDeliveryStore store;
  private StoreThread thread;

  @BeforeEach
  void start() {
    store = SqliteDeliveryStore.open(directory, connector);
    thread = thread(QUICK);
    thread.start();
  }

  private StoreThread thread(StoreThread.Limits limits) {
    return new StoreThread(
        store,
        limits,
        () -> Retention.DEFAULT,
        EndingNotices.NONE,
        () -> now,
        heard::add,
        defect::complete);
  }

  @AfterEach
  void stop() throws SQLException {
    connector.disarm();
    thread.close();
    store.close();
    connector.close();
  }

  private int endpoint(String name) throws Exception {
    return get(thread.register(register(name, "acme"))).number();
  }

  private long stored(NewEvent event) throws Exception {
    return ((Accepted.Stored) get(thread.accept(List.of(event))).getFirst()).seq();
  }

  private static <T> T get(CompletableFuture<T> future) throws Exception {
    return requireNonNull(future.get(20, TimeUnit.SECONDS));
  }

  private List<Recorded> recorded() {
    return heard.stream().flatMap(committed -> committed.recorded().stream()).toList();
  }

  private static StoreUnavailableException refusal(CompletableFuture<?> future) {
    try {
      future.get(20, TimeUnit.SECONDS);
      throw new AssertionError("it was accepted");
    } catch (ExecutionException e) {
      return (StoreUnavailableException) requireNonNull(e.getCause());
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void anAnswerComesAfterTheCommitAndAfterTheListenerHeard() throws Exception {
    int a = endpoint("a");
    NewEvent event = event("acme", T0, a);
    long seq = stored(event);
    assertThat(heard)
        .extracting(Committed::accepted)
        .containsExactly(List.of(new AcceptedEvent(seq, event.event(), List.of(a))));
    assertThat(store.log().load(seq)).isPresent();
  }

  @Test
  void duplicatesAreAnsweredButNotTold() throws Exception {
    NewEvent first = Samples.keyed("acme", "1", T0);
    stored(first);
    assertThat(get(thread.accept(List.of(Samples.keyed("acme", "1", T0)))))
        .containsExactly(new Accepted.Duplicate(first.event().id()));
    assertThat(heard).hasSize(1);
  }

  @Test
  void aDeliveryOpenedAgainIsToldBeforeItsCallerHasTheAnswer() throws Exception {
    int a = endpoint("a");
    var key = new DeliveryKey(a, stored(event("acme", T0, a)));
    thread.record(dead(key, 1, T0), new Next.Dead());
    ReplayAnswer answer = get(thread.replay(redeliver(key)));
    assertThat(answer).isEqualTo(new ReplayAnswer.Redelivered(ReplayAnswer.Opening.OPENED));
    assertThat(due()).extracting(each -> each.row().seq()).containsExactly(key.seq());
  }

  private static ReplayWrite redeliver(DeliveryKey key) {
    var entry = new AuditEntry("acme", T0, "ops", "r-1", "events.redeliver", "Event/x", null);
    return new ReplayWrite.Redeliver(entry, key, T0);
  }

  private List<Committed.DueNow> due() {
    return heard.stream().flatMap(committed -> committed.due().stream()).toList();
  }

  /** Else the scheduler would hold it twice: as the outcome left it, and as it was before. */
  @Test
  void anOutcomeInTheSameTransactionSaysWhatIsDue() throws Exception {
    int a = endpoint("a");
    var key = new DeliveryKey(a, stored(event("acme", T0, a)));
    Instant due = T0.plusSeconds(60);
    thread.record(failed(key, 1, T0, due), new Next.Retry(due, null));
    endpoint("a");
    var committing = new CountDownLatch(1);
    var goOn = new CountDownLatch(1);
    holdFirstCommit(committing, goOn);
    var first = thread.accept(List.of(event("acme", T0)));
    committing.await();
    var hastened = thread.replay(redeliver(key));
    thread.record(failed(key, 2, T0, due), new Next.Retry(due, null));
    goOn.countDown();
    get(first);
    assertThat(get(hastened))
        .isEqualTo(new ReplayAnswer.Redelivered(ReplayAnswer.Opening.HASTENED));
    assertThat(recorded()).extracting(Recorded::n).containsExactly(1, 2);
    assertThat(due()).isEmpty();
  }

  @Test
  void aPageShowsTheOutcomesToldWithIt() throws Exception {
    int a = endpoint("a");
    long seq = stored(event("acme", T0, a));
    thread.record(delivered(new DeliveryKey(a, seq), 1, T0), new Next.Delivered());
    thread.page(new PageRequest(a, Side.FRESH, -1, -1, 3));
    await().until(() -> heard.stream().anyMatch(committed -> !committed.pages().isEmpty()));
    Committed last = heard.getLast();
    assertThat(last.pages().getFirst().rows()).isEmpty();
    assertThat(recorded())
        .containsExactly(
            new Recorded(
                new DeliveryKey(a, seq), 1, new Next.Delivered(), T0.toEpochMilli(), true));
  }

  @Test
  void whatWaitsDuringACommitSharesTheNextOne() throws Exception {
    var committing = new CountDownLatch(1);
    var goOn = new CountDownLatch(1);
    holdFirstCommit(committing, goOn);
    var futures = new ArrayList<CompletableFuture<List<Accepted>>>();
    futures.add(thread.accept(List.of(event("acme", T0))));
    committing.await();
    for (int i = 0; i < 50; i++) {
      futures.add(thread.accept(List.of(event("acme", T0))));
    }
    goOn.countDown();
    for (var future : futures) {
      get(future);
    }
    assertThat(heard).extracting(committed -> committed.accepted().size()).containsExactly(1, 50);
  }

  private void holdFirstCommit(CountDownLatch committing, CountDownLatch goOn) {
    connector.arm(
        new FaultyConnector.Fault() {
          @Override
          public void before(String sql) {
            if (sql.equals("COMMIT")) {
              committing.countDown();
              try {
                goOn.await();
              } catch (InterruptedException e) {
                throw new AssertionError(e);
              }
            }
          }
        });
  }

  @Test
  void aFullQueueRefusesPublishesButNoOutcomes() throws Exception {
    thread.close();
    thread = thread(new StoreThread.Limits(2, 1 << 20, 1000, 1 << 20, Duration.ofMillis(20)));
    var first = thread.accept(List.of(event("acme", T0)));
    var second = thread.accept(List.of(event("acme", T0)));
    var third = thread.accept(List.of(event("acme", T0)));
    thread.record(delivered(new DeliveryKey(1, 1), 1, T0), new Next.Delivered());
    assertThat(refusal(third)).hasMessageContaining("publish again later");
    thread.start();
    get(first);
    get(second);
    await().until(() -> recorded().size() == 1);
    assertThat(recorded().getFirst().applied()).isFalse();
  }

  @Test
  void aQueueFullOfBytesRefusesPublishes() {
    thread.close();
    thread = thread(new StoreThread.Limits(100, 3000, 1000, 1 << 20, Duration.ofMillis(20)));
    var first = thread.accept(List.of(large(5000)));
    var second = thread.accept(List.of(large(10)));
    assertThat(refusal(second).unknown()).isFalse();
    thread.start();
    assertThat(first).succeedsWithin(Duration.ofSeconds(20));
  }

  private static NewEvent large(int bytes) {
    var data = new EventData(new byte[bytes], null, EventData.Form.BINARY);
    Event base = event("acme", T0).event();
    return new NewEvent(
        new Event(base.id(), T0, PublishedEvent.of("acme", "t", data)), new byte[0], List.of());
  }

  @Test
  void aFullDiskRefusesPublishesKeepsOutcomesAndGoesOnWhenThereIsRoom() throws Exception {
    int a = endpoint("a");
    long early = stored(event("acme", T0, a));
    connector.maxPages(60);
    reconnect();
    var acknowledged = new ArrayList<Accepted>();
    StoreUnavailableException refusal = fill(acknowledged);
    assertThat(refusal)
        .hasMessageContainingAll("no space left", "posthorn.db", "free space")
        .matches(e -> !e.unknown());
    assertThat(thread.available()).isFalse();
    int told = recorded().size();
    thread.record(delivered(new DeliveryKey(a, early), 1, T0), new Next.Delivered());
    var register = thread.register(register("b", "acme"));
    assertThat(refusal(thread.accept(List.of(event("acme", T0, a))))).hasMessageContaining("space");
    assertThat(recorded()).hasSize(told);
    connector.maxPages(1L << 30);
    assertThat(get(register).number()).isGreaterThan(a);
    await().until(thread::available);
    await().until(() -> recorded().size() == told + 1);
    assertThat(recorded().getLast().applied()).isTrue();
    acknowledged.add(get(thread.accept(List.of(event("acme", T0, a)))).getFirst());
    assertThat(storedEvents()).hasSize(acknowledged.size() + 1);
    assertThat(store.log().counts(a).waiting()).isEqualTo(1);
    assertThat(heard).noneMatch(Committed::reopened);
  }

  /** Makes the store open a new connection, which has the disk size set last. */
  private void reconnect() {
    connector.arm(failOnce("BEGIN IMMEDIATE", SQLiteErrorCode.SQLITE_BUSY));
    refusal(thread.accept(List.of(event("acme", T0))));
    await().until(thread::available);
  }

  private StoreUnavailableException fill(List<Accepted> acknowledged) throws Exception {
    while (true) {
      var future = thread.accept(List.of(large(8000)));
      try {
        acknowledged.addAll(get(future));
      } catch (ExecutionException e) {
        return (StoreUnavailableException) requireNonNull(e.getCause());
      }
    }
  }

  private List<StoredEvent> storedEvents() {
    return store.log().events("acme", new Range(500, null, null, null), null).items();
  }

  private FaultyConnector.Fault failOnce(String at, SQLiteErrorCode code) {
    return new FaultyConnector.Fault() {
      @Override
      public void before(String sql) throws SQLException {
        if (sql.equals(at)) {
          connector.disarm();
          throw new SQLiteException("as the test wants", code);
        }
      }
    };
  }

  private FaultyConnector.Fault failOnceAfterCommit() {
    return new FaultyConnector.Fault() {
      @Override
      public void after(String sql) throws SQLException {
        if (sql.equals("COMMIT")) {
          connector.disarm();
          throw new SQLiteException("as the test wants", SQLiteErrorCode.SQLITE_IOERR_FSYNC);
        }
      }
    };
  }

  @Test
  void anUnknownCommitIsSaidAndItsOutcomesAreWrittenOnce() throws Exception {
    int a = endpoint("a");
    long seq = stored(event("acme", T0, a));
    connector.arm(failOnceAfterCommit());
    var key = new DeliveryKey(a, seq);
    thread.record(failed(key, 1, T0, T0), new Next.Retry(T0, null));
    await().until(() -> recorded().size() == 1);
    assertThat(recorded().getFirst().applied()).isFalse();
    assertThat(heard).extracting(Committed::reopened).containsExactly(false, true);
    assertThat(
            store
                .log()
                .attempts(
                    "acme",
                    new Range(9, null, null, null),
                    new DeliveryLog.AttemptFilter(null, null, null))
                .items())
        .hasSize(1);
    stored(event("acme", T0, a));
    assertThat(heard.getLast().reopened()).isFalse();
  }

  @Test
  void anUnknownCommitOfAPublishIsRefusedAndMayHaveBeenStored() throws Exception {
    int a = endpoint("a");
    connector.arm(failOnceAfterCommit());
    StoreUnavailableException refusal = refusal(thread.accept(List.of(event("acme", T0, a))));
    assertThat(refusal.unknown()).isTrue();
    await().until(() -> heard.stream().anyMatch(Committed::reopened));
    assertThat(store.log().counts(a).waiting()).isEqualTo(1);
    assertThat(heard).allMatch(committed -> committed.accepted().isEmpty());
  }

  @Test
  void closingWritesTheOutcomesThatWait() throws Exception {
    int a = endpoint("a");
    for (int i = 0; i < 20; i++) {
      long seq = stored(event("acme", T0, a));
      thread.record(delivered(new DeliveryKey(a, seq), 1, T0), new Next.Delivered());
    }
    thread.close();
    assertThat(recorded()).hasSize(20).allMatch(Recorded::applied);
    assertThat(store.log().totals().open()).isZero();
    assertThat(refusal(thread.accept(List.of(event("acme", T0)))))
        .hasMessageContaining("has stopped");
    assertThatThrownBy(() -> get(thread.register(register("z", "acme"))))
        .hasMessageContaining("stopped");
    assertThat(defect).isNotDone();
  }

  @Test
  void closingEndsAlsoWhileTheDiskIsFull() throws Exception {
    connector.arm(
        new FaultyConnector.Fault() {
          @Override
          public void before(String sql) throws SQLException {
            throw new SQLiteException("as the test wants", SQLiteErrorCode.SQLITE_FULL);
          }
        });
    refusal(thread.accept(List.of(event("acme", T0))));
    var register = thread.register(register("a", "acme"));
    thread.close();
    assertThat(refusal(register)).hasMessageContaining("stopped");
  }

  @Test
  void aDefectEndsTheThreadLoudly() throws Exception {
    connector.arm(
        new FaultyConnector.Fault() {
          @Override
          public void before(String sql) throws SQLException {
            throw new SQLException("a defect");
          }
        });
    var future = thread.accept(List.of(event("acme", T0)));
    assertThat(get(defect))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("a defect");
    assertThat(future).isCompletedExceptionally();
    assertThat(thread.available()).isFalse();
    assertThat(refusal(thread.accept(List.of(event("acme", T0))))).hasMessageContaining("stopped");
  }

  @Test
  void deliveriesThatRetentionEndsAreTold() throws Exception {
    int a = endpoint("a");
    long seq = stored(event("acme", T0, a));
    now = T0.plus(Duration.ofDays(31));
    await().until(() -> !recorded().isEmpty());
    assertThat(recorded())
        .containsExactly(
            new Recorded(new DeliveryKey(a, seq), 1, new Next.Dead(), T0.toEpochMilli(), true));
    assertThat(heard.stream().mapToInt(Committed::expired).sum()).isEqualTo(1);
    await().until(() -> store.log().load(seq).isEmpty());
  }

  @Test
  void aRejectedRecordIsAnsweredWhenItIsKept() throws Exception {
    assertThat(thread.reject(Samples.rejected("1-0", T0), List.of()))
        .succeedsWithin(Duration.ofSeconds(20));
    assertThat(store.log().rejected(new Range(9, null, null, null)).items()).hasSize(1);
  }
}
