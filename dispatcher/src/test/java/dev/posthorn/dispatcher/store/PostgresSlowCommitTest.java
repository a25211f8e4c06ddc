package dev.posthorn.dispatcher.store;

import static dev.posthorn.dispatcher.store.Samples.T0;
import static dev.posthorn.dispatcher.store.Samples.delivered;
import static dev.posthorn.dispatcher.store.Samples.event;
import static dev.posthorn.dispatcher.store.Samples.register;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

/** A server whose every commit takes 100 ms, as with a slow disk or a synchronous standby. */
class PostgresSlowCommitTest {
  private static final int EVENTS = 500;

  private final PostgresProcess server = PostgresProcess.durable();
  private final List<Committed> heard = new CopyOnWriteArrayList<>();
  private final CompletableFuture<Throwable> defect = new CompletableFuture<>();

  @Test
  void commitsServeAllWhoCameMeanwhileAndTheLeaseIsKept() {
    String database = server.create();
    server.execute("postgres", "ALTER DATABASE " + database + " SET commit_delay = 100000");
    server.execute("postgres", "ALTER DATABASE " + database + " SET commit_siblings = 0");
    try (PostgresDeliveryStore store = PostgresFaultTest.open(server.url(database), "slow");
        StoreThread thread =
            new StoreThread(
                store,
                StoreThread.Limits.DEFAULT,
                () -> Retention.DEFAULT,
                EndingNotices.NONE,
                () -> T0,
                heard::add,
                defect::complete)) {
      thread.start();
      int endpoint = thread.register(register("a", "acme")).join().number();
      String node = server.query(database, "SELECT id FROM node");
      for (DeliveryKey each : accept(thread, endpoint)) {
        thread.record(delivered(each, 1, T0), new Next.Delivered());
      }
      await().atMost(Duration.ofSeconds(60)).until(() -> recorded() == EVENTS);
      assertThat(commits()).as("transactions for %d events", EVENTS).isLessThan(EVENTS / 10);
      assertThat(server.query(database, "SELECT count(*) FROM attempt"))
          .isEqualTo(Integer.toString(EVENTS));
      assertThat(server.query(database, "SELECT count(*) FROM delivery")).isEqualTo("0");
      assertThat(server.query(database, "SELECT id FROM node WHERE until > clock_timestamp()"))
          .isEqualTo(node);
      assertThat(store.maySend()).isTrue();
      assertThat(defect).isNotDone();
    }
  }

  /** One by one, as callers come; each is answered. */
  private static List<DeliveryKey> accept(StoreThread thread, int endpoint) {
    var answers = new ArrayList<CompletableFuture<List<Accepted>>>();
    for (int i = 0; i < EVENTS; i++) {
      answers.add(thread.accept(List.of(event("acme", T0, endpoint))));
    }
    return answers.stream()
        .map(answer -> (Accepted.Stored) answer.join().getFirst())
        .map(stored -> new DeliveryKey(endpoint, stored.seq()))
        .toList();
  }

  private long recorded() {
    return heard.stream().mapToLong(committed -> committed.recorded().size()).sum();
  }

  private long commits() {
    return heard.stream()
        .filter(each -> !each.accepted().isEmpty() || !each.recorded().isEmpty())
        .count();
  }
}
