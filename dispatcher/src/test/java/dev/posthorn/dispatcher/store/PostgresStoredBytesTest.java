package dev.posthorn.dispatcher.store;

import static dev.posthorn.dispatcher.store.Samples.T0;
import static dev.posthorn.dispatcher.store.Samples.event;
import static dev.posthorn.dispatcher.store.Samples.keyed;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Also where several processes add to the same tenant. */
class PostgresStoredBytesTest extends StoredBytesContract {
  private static final String ROWS = "SELECT count(*) FROM stored_bytes";
  private static final String SUM = "SELECT sum(bytes) FROM stored_bytes";

  private static final String TABLE = " WHERE relname = 'stored_bytes'";

  private final PostgresProcess server = PostgresProcess.shared();
  private final String database = server.create();

  @Override
  PostgresDeliveryStore open() {
    return server.open(database);
  }

  @Override
  String query(String sql) {
    return server.query(database, sql);
  }

  private static void accept(DeliveryStore store, NewEvent event) {
    store.write(List.of(new Write.Accept(List.of(event))));
  }

  @Test
  void whatOthersStoreIsKnownByARecount() {
    accept(store, event("acme", T0));
    long one = store.log().storedBytes("acme");
    try (PostgresDeliveryStore second = open()) {
      assertThat(second.log().storedBytes("acme")).as("from the start").isEqualTo(one);
      accept(second, event("acme", T0));
      accept(store, event("acme", T0));
      second.recount();
      assertThat(second.log().storedBytes("acme")).isEqualTo(3 * one);
      ((PostgresDeliveryStore) store).recount();
      assertThat(store.log().storedBytes("acme")).isEqualTo(3 * one);
    }
  }

  @Test
  void whoWasAloneAgainCountsOnceMore() {
    var first = (PostgresDeliveryStore) store;
    first.round(List.of());
    first.recount();
    assertThat(first.others()).isFalse();
    try (PostgresDeliveryStore second = open()) {
      first.round(List.of());
      accept(second, event("acme", T0));
    }
    first.round(List.of());
    assertThat(first.others()).as("what the other stored is not counted yet").isTrue();
    await("who is gone is forgotten")
        .atMost(Duration.ofSeconds(30))
        .until(() -> {
          first.round(List.of());
          first.recount();
          return !first.others();
        });
    assertThat(first.log().storedBytes("acme")).isPositive();
  }

  @Test
  void rowsArePutTogetherAndTheSumStays() {
    try (PostgresDeliveryStore second = open()) {
      accept(second, event("acme", T0));
      accept(second, event("globex", T0));
    }
    accept(store, event("acme", T0));
    accept(store, event("acme", T0));
    long one = Long.parseLong(query("SELECT min(bytes) FROM stored_bytes"));
    assertThat(query(ROWS)).as("one a transaction").isEqualTo("4");
    store.round(List.of());
    assertThat(store.keeps()).isTrue();
    store.maintain(true);
    assertThat(query(ROWS)).as("acme and globex").isEqualTo("2");
    assertThat(query(SUM)).isEqualTo("" + 4 * one);
    store.close();
    store = open();
    assertThat(store.log().storedBytes("acme")).isEqualTo(3 * one);
  }

  /** Nothing is changed in place, so that no version of a row is in another's way. */
  @Test
  void noRowIsUpdated() {
    for (int i = 0; i < 20; i++) {
      accept(store, event("acme", T0));
    }
    store.close();
    await("statistics")
        .atMost(Duration.ofSeconds(20))
        .until(() -> query("SELECT n_tup_ins FROM pg_stat_user_tables" + TABLE).equals("20"));
    assertThat(query("SELECT n_tup_upd FROM pg_stat_user_tables" + TABLE)).isEqualTo("0");
    store = open();
  }

  @Test
  void afterACommitWithAnUnknownOutcomeItIsReadAgain() throws Exception {
    try (var proxy = new CuttingProxy(server.port());
        PostgresDeliveryStore cut = PostgresFaultTest.open(proxy.url(database), "cut")) {
      accept(cut, keyed("acme", "1", T0));
      long one = cut.log().storedBytes("acme");
      proxy.cutAnswerTo("COMMIT");
      assertThatThrownBy(() -> accept(cut, keyed("acme", "2", T0)))
          .isInstanceOf(StoreUnavailableException.class);
      accept(cut, keyed("acme", "2", T0));
      assertThat(cut.log().storedBytes("acme")).isEqualTo(2 * one);
      await()
          .atMost(Duration.ofSeconds(10))
          .until(() -> query("SELECT sum(bytes) FROM stored_bytes").equals("" + 2 * one));
    }
  }
}
