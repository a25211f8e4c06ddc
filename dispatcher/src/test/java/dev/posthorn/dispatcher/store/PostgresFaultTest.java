package dev.posthorn.dispatcher.store;

import static dev.posthorn.dispatcher.store.Samples.T0;
import static dev.posthorn.dispatcher.store.Samples.delivered;
import static dev.posthorn.dispatcher.store.Samples.event;
import static dev.posthorn.dispatcher.store.Samples.keyed;
import static dev.posthorn.dispatcher.store.Samples.register;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;

/** Server, connection or node go at the worst moment; nothing acknowledged goes with them. */
class PostgresFaultTest {
  private static final Duration LEASE = Duration.ofSeconds(2);

  private static final StoreThread.Limits QUICK =
      new StoreThread.Limits(1000, 1 << 20, 20, 1 << 20, Duration.ofMillis(20));

  private final PostgresProcess server = PostgresProcess.durable();
  private final String database = server.create();
  private final List<Committed> heard = new CopyOnWriteArrayList<>();
  private final CompletableFuture<Throwable> defect = new CompletableFuture<>();

  private PostgresDeliveryStore open(String name) {
    return open(server.url(database), name);
  }

  static PostgresDeliveryStore open(String url, String name) {
    return PostgresDeliveryStore.open(
        new PostgresDeliveryStore.Options(
            url, new SecretKeySpec(new byte[32], "AES"), tenant -> 1, name, LEASE, true));
  }

  private StoreThread thread(DeliveryStore store) {
    var thread =
        new StoreThread(
            store,
            QUICK,
            () -> Retention.DEFAULT,
            EndingNotices.NONE,
            () -> T0,
            heard::add,
            defect::complete);
    thread.start();
    return thread;
  }

  private static <T> T get(CompletableFuture<T> future) throws Exception {
    return requireNonNull(future.get(20, TimeUnit.SECONDS));
  }

  private static long accept(DeliveryStore store, NewEvent event) {
    var accepts =
        (Written.Accepts) store.write(List.of(new Write.Accept(List.of(event)))).getFirst();
    return ((Accepted.Stored) accepts.answers().getFirst()).seq();
  }

  private long nodes() {
    return Long.parseLong(server.query(database, "SELECT count(*) FROM node"));
  }

  /** What a producer saw of one publish. */
  private record Seen(NewEvent event, CompletableFuture<List<Accepted>> answer) {
    boolean stored() {
      return answer.isDone() && !answer.isCompletedExceptionally();
    }

    boolean unknown() {
      try {
        answer.join();
        return false;
      } catch (java.util.concurrent.CompletionException e) {
        return ((StoreUnavailableException) requireNonNull(e.getCause())).unknown();
      }
    }
  }

  @Test
  void aKilledServerKeepsWhatWasAcknowledgedAndWhatIsUnknownIsSaid() throws Exception {
    var random = new Random(7);
    var all = new ArrayList<Seen>();
    try (PostgresDeliveryStore store = open("writer");
        StoreThread thread = thread(store)) {
      int endpoint = get(thread.register(register("a", "acme"))).number();
      for (int round = 0; round < 3; round++) {
        List<Seen> seen = publishDuringAKill(thread, endpoint, round, random);
        await().atMost(Duration.ofSeconds(30)).until(thread::available);
        all.addAll(seen);
        check(store, all);
      }
      assertThat(all.stream().filter(Seen::stored).count()).isPositive();
      assertThat(all.stream().filter(each -> !each.stored()).count()).isPositive();
      assertThat(defect).isNotDone();
    }
    try (PostgresDeliveryStore again = open("next")) {
      check(again, all);
    }
  }

  private List<Seen> publishDuringAKill(StoreThread thread, int endpoint, int round, Random random)
      throws Exception {
    var seen = new ArrayList<Seen>();
    int millis = 100 + random.nextInt(400);
    var killed =
        CompletableFuture.runAsync(
            server::kill, CompletableFuture.delayedExecutor(millis, TimeUnit.MILLISECONDS));
    while (!killed.isDone()) {
      NewEvent event = keyed("acme", round + "-" + seen.size(), T0, endpoint);
      var answer = thread.accept(List.of(event));
      seen.add(new Seen(event, answer));
      TimeUnit.MICROSECONDS.sleep(random.nextInt(1000));
    }
    for (Seen each : seen) {
      try {
        each.answer().get(30, TimeUnit.SECONDS);
      } catch (ExecutionException e) {
        assertThat(e).hasCauseInstanceOf(StoreUnavailableException.class);
      }
    }
    server.start();
    return seen;
  }

  /** Stored once if acknowledged, never if refused, once or never if unknown. */
  private void check(DeliveryStore store, List<Seen> all) {
    List<String> ids =
        List.of(
            server
                .query(
                    database,
                    "SELECT string_agg(id, ' ') FROM event JOIN payload USING (seq)"
                        + " JOIN delivery USING (seq)")
                .split(" "));
    assertThat(ids).doesNotHaveDuplicates();
    var present = new HashSet<>(ids);
    for (Seen each : all) {
      if (each.stored() || !each.unknown()) {
        assertThat(present.contains(each.event().event().id().value())).isEqualTo(each.stored());
      }
    }
    assertThat(store.log().totals().open()).isEqualTo(ids.size());
  }

  @Test
  void aConnectionCutAfterItsCommitIsUnknownAndTheRepetitionWritesNothingTwice() throws Exception {
    try (var proxy = new CuttingProxy(server.port());
        PostgresDeliveryStore store = open(proxy.url(database), "cut");
        StoreThread thread = thread(store)) {
      int a = get(thread.register(register("a", "acme"))).number();
      long seq =
          ((Accepted.Stored) get(thread.accept(List.of(event("acme", T0, a)))).getFirst()).seq();
      proxy.cutAnswerTo("COMMIT");
      thread.record(delivered(new DeliveryKey(a, seq), 1, T0), new Next.Delivered());
      Committed told =
          await()
              .atMost(Duration.ofSeconds(20))
              .until(
                  () -> heard.stream().filter(each -> !each.recorded().isEmpty()).findFirst(),
                  Optional::isPresent)
              .orElseThrow();
      assertThat(told.recorded()).extracting(Committed.Recorded::applied).containsExactly(false);
      assertThat(told.reopened()).isTrue();
      assertThat(server.query(database, "SELECT count(*) FROM attempt")).isEqualTo("1");
      assertThat(store.log().totals().open()).isZero();
    }
  }

  @Test
  void aPublishWhoseCommitIsCutIsRefusedAsUnknown() throws Exception {
    try (var proxy = new CuttingProxy(server.port());
        PostgresDeliveryStore store = open(proxy.url(database), "cut")) {
      NewEvent event = keyed("acme", "1", T0);
      proxy.cutAnswerTo("COMMIT");
      assertThatThrownBy(() -> accept(store, event))
          .isInstanceOfSatisfying(
              StoreUnavailableException.class, e -> assertThat(e.unknown()).isTrue());
      List<Written> again = store.write(List.of(new Write.Accept(List.of(keyed("acme", "1", T0)))));
      assertThat(((Written.Accepts) again.getFirst()).answers())
          .containsExactly(new Accepted.Duplicate(event.event().id()));
    }
  }

  @Test
  void aConnectionCutBeforeItsCommitHasWrittenNothing() throws Exception {
    try (var proxy = new CuttingProxy(server.port());
        PostgresDeliveryStore store = open(proxy.url(database), "cut")) {
      NewEvent event = keyed("acme", "1", T0);
      proxy.cutAnswerTo("INSERT INTO payload");
      assertThatThrownBy(() -> accept(store, event))
          .isInstanceOfSatisfying(
              StoreUnavailableException.class, e -> assertThat(e.unknown()).isFalse());
      assertThat(accept(store, keyed("acme", "1", T0))).isPositive();
      assertThat(server.query(database, "SELECT count(*) FROM event")).isEqualTo("1");
    }
  }

  /** The former connection's server process still holds its transaction when the next one joins. */
  @Test
  void aTransactionOfAFormerConnectionEndsBeforeTheNextOneWrites() throws Exception {
    try (PostgresDeliveryStore store = open("slow")) {
      long former = Long.parseLong(server.query(database, "SELECT id FROM node"));
      try (Connection late = server.connect(database);
          var statement = late.createStatement()) {
        late.setAutoCommit(false);
        statement.execute("SELECT 1 FROM node WHERE id = " + former + " FOR KEY SHARE");
        endConnections();
        var next = CompletableFuture.supplyAsync(() -> acceptSoon(store));
        assertThatThrownBy(() -> next.get(1, TimeUnit.SECONDS))
            .isInstanceOf(java.util.concurrent.TimeoutException.class);
        statement.execute(
            "INSERT INTO event SELECT nextval('event_seq'), 'late', 1, 0, 't', '', '', 1, "
                + former);
        late.commit();
        long seq = get(next);
        assertThat(server.query(database, "SELECT max(seq) FROM event WHERE id = 'late'"))
            .satisfies(late1 -> assertThat(Long.parseLong(late1)).isLessThan(seq));
      }
      assertThat(server.query(database, "SELECT count(*) FROM node WHERE id = " + former))
          .isEqualTo("0");
    }
  }

  private static long acceptSoon(DeliveryStore store) {
    while (true) {
      try {
        return accept(store, event("acme", T0));
      } catch (StoreUnavailableException e) {
        // The first one finds its connection cut.
      }
    }
  }

  /** Ends what the store has open, but for the lease: as a failing network does. */
  private void endConnections() {
    server.execute(
        database,
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database()"
            + " AND application_name = 'posthorn'");
  }

  @Test
  void aQueryOnAConnectionThatWasCutIsAskedAgain() {
    try (PostgresDeliveryStore store = open("reader")) {
      long seq = accept(store, event("acme", T0));
      assertThat(store.log().load(seq)).isPresent();
      endConnections();
      assertThat(store.log().load(seq)).isPresent();
    }
  }

  @Test
  void withoutItsRowANodeWritesNothingMore() throws Exception {
    try (PostgresDeliveryStore store = open("fenced");
        StoreThread thread = thread(store)) {
      get(thread.register(register("a", "acme")));
      server.execute(database, "DELETE FROM node");
      var answer = thread.accept(List.of(event("acme", T0)));
      assertThat(get(defect))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContainingAll("has taken over", "this one ends");
      assertThat(answer).isCompletedExceptionally();
      assertThat(server.query(database, "SELECT count(*) FROM event")).isEqualTo("0");
      assertThatThrownBy(() -> accept(store, event("acme", T0)))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("this one ends");
      assertThat(nodes()).isZero();
    }
  }

  @Test
  void anIdleNodeNoticesToo() throws Exception {
    try (PostgresDeliveryStore store = open("fenced");
        StoreThread _ = thread(store)) {
      server.execute(database, "DELETE FROM node");
      assertThat(get(defect)).hasMessageContaining("this one ends");
    }
  }

  @Test
  void aReadOnlyDatabaseIsUnavailable() throws SQLException, IOException {
    try (PostgresDeliveryStore store = open("primary")) {
      server.execute(
          database, "ALTER DATABASE " + database + " SET default_transaction_read_only = on");
      endConnections();
      assertThatThrownBy(
              () -> {
                for (int i = 0; i < 2; i++) {
                  unavailable(store);
                }
                accept(store, event("acme", T0));
              })
          .isInstanceOfSatisfying(
              StoreUnavailableException.class, e -> assertThat(e.unknown()).isFalse())
          .hasMessageContaining("primary");
      server.execute(
          "postgres", "ALTER DATABASE " + database + " RESET default_transaction_read_only");
      endConnections();
      unavailable(store);
      assertThat(accept(store, event("acme", T0))).isPositive();
    }
  }

  private static void unavailable(DeliveryStore store) {
    try {
      store.maintain(true);
      accept(store, event("acme", T0));
    } catch (StoreUnavailableException e) {
      assertThat(e.unknown()).isFalse();
    }
  }
}
