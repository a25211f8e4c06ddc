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
  private static final String OF_THE_GONE = "SELECT sum(bytes) FROM stored_bytes WHERE writer = 0";

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
  void eachWriterHasRowsOfItsOwnAndWhatOthersStoreIsKnownByARecount() {
    accept(store, event("acme", T0));
    long one = store.log().storedBytes("acme");
    try (PostgresDeliveryStore second = open()) {
      assertThat(second.log().storedBytes("acme")).as("from the start").isEqualTo(one);
      accept(second, event("acme", T0));
      accept(store, event("acme", T0));
      assertThat(query(ROWS)).isEqualTo("2");
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
  void rowsOfWritersThatAreGoneArePutTogether() {
    try (PostgresDeliveryStore second = open()) {
      accept(second, event("acme", T0));
      accept(second, event("globex", T0));
    }
    accept(store, event("acme", T0));
    long one = Long.parseLong(query("SELECT min(bytes) FROM stored_bytes"));
    store.round(List.of());
    assertThat(store.keeps()).isTrue();
    store.maintain(true);
    assertThat(query(ROWS)).isEqualTo("3");
    assertThat(query(OF_THE_GONE)).isEqualTo("" + 2 * one);
    store.close();
    store = open();
    assertThat(store.log().storedBytes("acme")).isEqualTo(2 * one);
    store.round(List.of());
    store.maintain(true);
    assertThat(query(ROWS)).as("acme and globex, under 0").isEqualTo("2");
    assertThat(query(OF_THE_GONE)).isEqualTo("" + 3 * one);
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
