package dev.posthorn.dispatcher.store;

import static dev.posthorn.dispatcher.store.Samples.T0;
import static dev.posthorn.dispatcher.store.Samples.delivered;
import static dev.posthorn.dispatcher.store.Samples.event;
import static dev.posthorn.dispatcher.store.Samples.register;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.posthorn.dispatcher.store.Committed.Erased;
import dev.posthorn.dispatcher.store.Committed.Recorded;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/** An erasure between the writes of others. */
class ErasureThreadTest {
  @TempDir Path directory;

  private final FaultyConnector connector = new FaultyConnector();
  private final List<Committed> heard = new CopyOnWriteArrayList<>();
  private final CompletableFuture<Throwable> defect = new CompletableFuture<>();
  private SqliteDeliveryStore store;
  private StoreThread thread;
  private int acme;
  private int globex;

  @BeforeEach
  void start() throws Exception {
    store = SqliteDeliveryStore.open(directory, connector);
    startThread();
    acme = get(thread.register(register("a", "acme"))).number();
    globex = get(thread.register(register("g", "globex"))).number();
  }

  private void startThread() {
    var limits = new StoreThread.Limits(100_000, 1 << 26, 1000, 1 << 24, Duration.ofMillis(20));
    thread =
        new StoreThread(
            store,
            limits,
            () -> Retention.DEFAULT,
            EndingNotices.NONE,
            () -> T0,
            heard::add,
            defect::complete);
    thread.start();
  }

  @AfterEach
  void stop() throws SQLException {
    connector.disarm();
    thread.close();
    store.close();
    connector.close();
    assertThat(defect).isNotDone();
  }

  private static <T> T get(CompletableFuture<T> future) throws Exception {
    return requireNonNull(future.get(20, TimeUnit.SECONDS));
  }

  private void fill(int events) throws Exception {
    var batch = new ArrayList<NewEvent>();
    for (int i = 0; i < events; i++) {
      batch.add(event("acme", T0, acme));
    }
    get(thread.accept(batch));
  }

  private Write.Erase erase() {
    return new Write.Erase(ErasureContract.entry("acme", "tenant.erase"), List.of(), List.of());
  }

  private List<Erased> erased() {
    return heard.stream().flatMap(committed -> committed.erased().stream()).toList();
  }

  private Erasure completed() {
    await().until(() -> erased().stream().anyMatch(each -> each.completed() != null));
    return requireNonNull(erased().getLast().completed());
  }

  @Test
  void itGoesOnByItselfAndTheListenerHearsOfEachDeliveryOnce() throws Exception {
    fill(2_000);
    assertThat(get(thread.erase(erase())).begins()).isTrue();
    assertThat(completed().deleted(ErasedKind.EVENTS)).isEqualTo(2_000);
    assertThat(erased().stream().mapToLong(Erased::deliveries).sum()).isEqualTo(2_000);
    assertThat(erased()).hasSizeGreaterThan(4);
    assertThat(store.log().totals().open()).isZero();
  }

  @Test
  void publishesOfOthersGoOnAndItsOwnAreRefusedUntilItIsDone() throws Exception {
    fill(3_000);
    get(thread.erase(erase()));
    int others = 0;
    var refusals = new ArrayList<Throwable>();
    boolean taken = false;
    while (!taken) {
      get(thread.accept(List.of(event("globex", T0, globex))));
      others++;
      try {
        get(thread.accept(List.of(event("acme", T0, acme))));
        taken = true;
      } catch (ExecutionException refused) {
        refusals.add(requireNonNull(refused.getCause()));
      }
    }
    completed();
    assertThat(refusals)
        .hasSizeGreaterThan(3)
        .allSatisfy(each ->
            assertThat(each)
                .isInstanceOf(TenantErasingException.class)
                .hasMessageContaining("acme is being erased"));
    assertThat(store.log().counts(globex).waiting()).isEqualTo(others);
    assertThat(store.log().counts(acme).waiting()).isEqualTo(1);
  }

  @Test
  void anOutcomeQueuedAfterItIsToldAsNotApplied() throws Exception {
    fill(1);
    long seq = heard.getLast().accepted().getFirst().seq();
    var begun = thread.erase(erase());
    thread.record(delivered(new DeliveryKey(acme, seq), 1, T0), new Next.Delivered());
    get(begun);
    await().until(() -> heard.stream().anyMatch(committed -> !committed.recorded().isEmpty()));
    assertThat(heard.stream().flatMap(committed -> committed.recorded().stream()))
        .extracting(Recorded::applied)
        .containsExactly(false);
    assertThat(completed().deleted(ErasedKind.DELIVERIES)).isEqualTo(1);
  }

  @Test
  void stoppedInTheMiddleItGoesOnInTheNextLife() throws Exception {
    fill(5_000);
    get(thread.erase(erase()));
    thread.close();
    store.close();
    store = SqliteDeliveryStore.open(directory, connector);
    assertThat(store.erasing()).containsExactly("acme");
    assertThat(store.log().totals().open()).isPositive();
    startThread();
    assertThat(completed().deleted(ErasedKind.EVENTS)).isEqualTo(5_000);
    assertThat(store.log().totals().open()).isZero();
  }

  @Test
  void aCommitThatFailsOrIsUnknownIsTriedAgainAndNothingIsCountedTwice() throws Exception {
    fill(2_000);
    connector.arm(failing(false));
    get(thread.erase(erase()));
    connector.arm(failing(true));
    assertThat(completed().deleted(ErasedKind.EVENTS)).isEqualTo(2_000);
    assertThat(store.log().audit("acme", new DeliveryLog.Range(9, null, null, null)).items())
        .hasSize(1);
    assertThat(store.log().totals().open()).isZero();
  }

  @Test
  void aBeginningWhoseCommitIsUnknownLetsNobodyKeepTheKey() throws Exception {
    fill(1);
    assertThat(store.log().load(1)).as("a reader knows the key").isPresent();
    connector.arm(failing(true));
    get(thread.erase(erase()));
    completed();
    assertThat(store.log().load(1)).isEmpty();
    fill(1);
    assertThat(store.log().load(heard.getLast().accepted().getFirst().seq())).isPresent();
  }

  @Test
  void anEndWhoseCommitIsUnknownIsToldLater() throws Exception {
    fill(10);
    connector.arm(
        new FaultyConnector.Fault() {
          private boolean ends;

          @Override
          public void before(String sql) {
            ends |= sql.startsWith("UPDATE erasure SET completed");
          }

          @Override
          public void after(String sql) throws SQLException {
            if (ends && sql.equals("COMMIT")) {
              connector.disarm();
              throw new SQLiteException("as the test wants", SQLiteErrorCode.SQLITE_IOERR_FSYNC);
            }
          }
        });
    get(thread.erase(erase()));
    assertThat(completed().deleted(ErasedKind.EVENTS)).isEqualTo(10);
    assertThat(heard).anyMatch(Committed::reopened);
  }

  private FaultyConnector.Fault failing(boolean after) {
    return new FaultyConnector.Fault() {
      @Override
      public void before(String sql) throws SQLException {
        if (!after && sql.equals("COMMIT")) {
          fail();
        }
      }

      @Override
      public void after(String sql) throws SQLException {
        if (after && sql.equals("COMMIT")) {
          fail();
        }
      }

      private void fail() throws SQLException {
        connector.disarm();
        throw new SQLiteException("as the test wants", SQLiteErrorCode.SQLITE_IOERR_FSYNC);
      }
    };
  }

  @Test
  void withoutAnErasureNobodyIsKeptBusy() throws Exception {
    var statements = new AtomicInteger();
    fill(1);
    connector.arm(
        new FaultyConnector.Fault() {
          @Override
          public void before(String sql) {
            if (sql.contains("FROM erasure")) {
              statements.incrementAndGet();
            }
          }
        });
    fill(1);
    fill(1);
    assertThat(statements).hasValue(0);
  }
}
