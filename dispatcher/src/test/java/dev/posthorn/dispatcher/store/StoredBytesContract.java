package dev.posthorn.dispatcher.store;

import static dev.posthorn.dispatcher.store.Samples.T0;
import static dev.posthorn.dispatcher.store.Samples.delivered;
import static dev.posthorn.dispatcher.store.Samples.event;
import static dev.posthorn.dispatcher.store.Samples.failed;
import static dev.posthorn.dispatcher.store.Samples.keyed;
import static dev.posthorn.dispatcher.store.Samples.register;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.posthorn.dispatcher.store.EndpointRow.Health;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** That every {@link DeliveryStore} knows how many bytes of payloads each tenant has. */
abstract class StoredBytesContract {
  private static final Retention DAYS =
      new Retention(
          Duration.ofDays(30), Duration.ofDays(90), Duration.ofDays(365), Long.MAX_VALUE, 1000);

  DeliveryStore store;
  private int a;
  private int other;

  /** Opens the store under test; the same one again after {@link DeliveryStore#close}. */
  abstract DeliveryStore open();

  /** The first column of the first row, as the database has it. */
  abstract String query(String sql);

  @BeforeEach
  void openWithTwoTenants() {
    store = open();
    a = number(register("a", "acme"));
    other = number(register("other", "globex"));
  }

  @AfterEach
  void close() {
    store.close();
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

  private Accepted accept(NewEvent event) {
    return ((Written.Accepts) write(new Write.Accept(List.of(event)))).answers().getFirst();
  }

  private long stored(NewEvent event) {
    return ((Accepted.Stored) accept(event)).seq();
  }

  private void begin(String tenant) {
    write(new Write.Erase(ErasureContract.entry(tenant, "tenant.erase"), List.of(), List.of()));
  }

  private long bytes(String tenant) {
    long known = store.log().storedBytes(tenant);
    assertThat(known).as("counted for %s", tenant).isEqualTo(scanned(tenant));
    return known;
  }

  private long scanned(String tenant) {
    return Long.parseLong(
        query(
            "SELECT coalesce(sum(length(p.data)), 0) FROM payload p JOIN event e ON e.seq = p.seq"
                + " JOIN tenant t ON t.number = e.tenant WHERE t.name = '"
                + tenant
                + "'"));
  }

  @Test
  void whatIsAcceptedCountsForItsTenantAlone() {
    assertThat(bytes("acme")).isZero();
    stored(event("acme", T0, a));
    long one = bytes("acme");
    assertThat(one).as("sealed").isGreaterThan("{\"canary\":\"ca-na-ry payload\"}".length());
    assertThat(bytes("globex")).isZero();
    store.write(
        List.of(
            new Write.Accept(List.of(event("acme", T0, a), event("globex", T0, other))),
            new Write.Accept(List.of(event("acme", T0)))));
    assertThat(bytes("acme")).isEqualTo(3 * one);
    assertThat(bytes("globex")).isEqualTo(one);
    assertThat(store.log().storedBytes("nobody")).isZero();
  }

  @Test
  void itIsTheSameAfterAReopening() {
    stored(event("acme", T0, a));
    stored(event("globex", T0, other));
    stored(event("acme", T0, a));
    long before = bytes("acme");
    reopen();
    assertThat(bytes("acme")).isEqualTo(before);
    stored(event("acme", T0, a));
    reopen();
    assertThat(bytes("acme")).isEqualTo(before / 2 * 3);
    assertThat(bytes("globex")).isEqualTo(before / 2);
  }

  @Test
  void aDuplicateAddsNothing() {
    stored(keyed("acme", "1", T0, a));
    long before = bytes("acme");
    assertThat(accept(keyed("acme", "1", T0, a))).isInstanceOf(Accepted.Duplicate.class);
    write(new Write.Accept(List.of(event("acme", T0, a)), "once"));
    write(new Write.Accept(List.of(event("acme", T0, a)), "once"));
    assertThat(bytes("acme")).isEqualTo(2 * before);
  }

  @Test
  void whatIsRolledBackAddsNothing() {
    stored(event("acme", T0, a));
    long before = bytes("acme");
    var health = new Health(EndpointState.FAILING, T0, null, 1, null, null, null);
    assertThatThrownBy(() ->
            store.write(
                List.of(
                    new Write.Accept(List.of(event("acme", T0, a), event("umbrella", T0))),
                    new Write.Health(4711, health))))
        .isInstanceOf(IllegalArgumentException.class);
    assertThat(bytes("acme")).isEqualTo(before);
    assertThat(bytes("umbrella")).isZero();
    stored(event("acme", T0, a));
    assertThat(bytes("acme")).isEqualTo(2 * before);
  }

  @Test
  void deliveringChangesNothingAndRetentionFreesItInSlices() {
    for (int i = 0; i < 10; i++) {
      var key = new DeliveryKey(a, stored(event("acme", T0, a)));
      write(new Write.Record(failed(key, 1, T0, T0), new Next.Retry(T0, null)));
      write(new Write.Record(delivered(key, 2, T0), new Next.Delivered()));
      stored(event("globex", T0));
    }
    stored(event("globex", T0.plus(DAYS.payload())));
    long one = bytes("acme") / 10;
    assertThat(bytes("globex")).isEqualTo(11 * one);
    var retain = new Write.Retain(T0.plus(DAYS.payload()).plusSeconds(1), DAYS, 10);
    write(retain);
    assertThat(List.of(bytes("acme"), bytes("globex"))).containsExactly(5 * one, 6 * one);
    reopen();
    assertThat(List.of(bytes("acme"), bytes("globex"))).containsExactly(5 * one, 6 * one);
    while (((Written.Retained) write(retain)).more()) {
      assertThat(bytes("globex")).isGreaterThanOrEqualTo(one);
    }
    assertThat(List.of(bytes("acme"), bytes("globex"))).containsExactly(0L, one);
  }

  @Test
  void anErasureFreesItAndWhatComesAfterwardsCounts() {
    for (int i = 0; i < 5; i++) {
      stored(event("acme", T0, a));
      stored(event("globex", T0, other));
    }
    long five = bytes("globex");
    begin("acme");
    assertThat(store.log().storedBytes("acme")).as("until its rows go").isEqualTo(five);
    Written.Sliced sliced;
    do {
      store.round(List.of());
      sliced = (Written.Sliced) write(new Write.EraseSlice(T0, 4));
      store.maintain(false);
      assertThat(bytes("acme")).isBetween(0L, five);
    } while (sliced.completed() == null);
    assertThat(List.of(bytes("acme"), bytes("globex"))).containsExactly(0L, five);
    stored(event("acme", T0, a));
    reopen();
    assertThat(bytes("acme")).isEqualTo(five / 5);
  }
}
