package dev.posthorn.dispatcher.store;

import static dev.posthorn.dispatcher.store.Samples.T0;
import static dev.posthorn.dispatcher.store.Samples.bytes;
import static dev.posthorn.dispatcher.store.Samples.dead;
import static dev.posthorn.dispatcher.store.Samples.delivered;
import static dev.posthorn.dispatcher.store.Samples.event;
import static dev.posthorn.dispatcher.store.Samples.failed;
import static dev.posthorn.dispatcher.store.Samples.keyed;
import static dev.posthorn.dispatcher.store.Samples.register;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.posthorn.dispatcher.store.DeliveryLog.AttemptFilter;
import dev.posthorn.dispatcher.store.DeliveryLog.Counts;
import dev.posthorn.dispatcher.store.DeliveryLog.Range;
import dev.posthorn.dispatcher.store.EndpointRow.Health;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every {@link DeliveryStore} does when a tenant is erased. */
abstract class ErasureContract {
  private static final Range ALL = new Range(500, null, null, null);
  private static final AttemptFilter ANY = new AttemptFilter(null, null, null);
  private static final Instant MILLIS = Instant.ofEpochMilli(T0.toEpochMilli());

  DeliveryStore store;
  int a;
  int gone;
  int other;
  private int histories;

  /** Opens the store under test; the same one again after {@link DeliveryStore#close}. */
  abstract DeliveryStore open();

  @BeforeEach
  void openWithTwoTenants() {
    store = open();
    a = number(register("a", "acme"));
    gone = number(register("gone", "acme"));
    other = number(register("other", "globex"));
  }

  @AfterEach
  void close() {
    store.close();
  }

  void reopen() {
    store.close();
    store = open();
  }

  int number(Write.Register register) {
    return ((Written.Registered) write(register)).row().number();
  }

  Written write(Write write) {
    return store.write(List.of(write)).getFirst();
  }

  long stored(NewEvent event) {
    var accepts = (Written.Accepts) write(new Write.Accept(List.of(event)));
    return ((Accepted.Stored) accepts.answers().getFirst()).seq();
  }

  private boolean record(Attempt attempt, Next next) {
    return ((Written.Recorded) write(new Write.Record(attempt, next))).applied();
  }

  /** Three events of a tenant: one delivered, one dead, one waiting for its retry. */
  void history(String tenant, int endpoint) {
    String name = tenant + "-" + histories++;
    var first = new DeliveryKey(endpoint, stored(keyed(tenant, name, T0, endpoint)));
    record(delivered(first, 1, T0), new Next.Delivered());
    var second = new DeliveryKey(endpoint, stored(event(tenant, T0, endpoint)));
    record(dead(second, 1, T0), new Next.Dead());
    var third = new DeliveryKey(endpoint, stored(event(tenant, T0, endpoint)));
    record(failed(third, 1, T0, T0), new Next.Retry(T0, bytes("ca-na-ry body")));
    write(new Write.Accept(List.of(event(tenant, T0, endpoint)), name));
    write(new Write.Audit(entry(tenant, "keys.rotate"), null));
  }

  static AuditEntry entry(String tenant, String action) {
    return new AuditEntry(tenant, MILLIS, "ops", "r-1", action, "Tenant/" + tenant, null);
  }

  Write.Erase erase(String tenant) {
    return new Write.Erase(
        entry(tenant, "tenant.erase"), List.of(gone), List.of(tenant + "/orders"));
  }

  Written.Begun begin(String tenant) {
    return (Written.Begun) write(erase(tenant));
  }

  private Written.Sliced slice(int rows) {
    store.round(List.of());
    var sliced = (Written.Sliced) write(new Write.EraseSlice(T0.plusSeconds(9), rows));
    store.maintain(false);
    return sliced;
  }

  /** Slices until the erasure is complete. */
  Erasure finish(int rows) {
    Written.Sliced last = slice(rows);
    for (int i = 0; last.completed() == null; i++) {
      assertThat(i).as("slices").isLessThan(2_000);
      last = slice(rows);
    }
    return requireNonNull(last.completed());
  }

  private List<Object> everythingOf(String tenant, int endpoint) {
    var all = new ArrayList<Object>();
    all.addAll(store.log().events(tenant, ALL, null).items());
    for (var logged : store.log().attempts(tenant, ALL, ANY).items()) {
      all.add(store.log().attempt(tenant, logged.id()).orElseThrow());
    }
    all.addAll(store.log().deadLetters(tenant, ALL, null).items());
    all.addAll(store.log().audit(tenant, ALL).items());
    all.add(store.log().counts(endpoint));
    for (Side side : Side.values()) {
      all.addAll(
          store.pages(List.of(new PageRequest(endpoint, side, -1, -1, 0))).getFirst().rows());
    }
    return all;
  }

  @Test
  void everythingOfTheTenantGoesAndNothingOfAnother() {
    history("globex", other);
    history("acme", a);
    long seq = stored(event("acme", T0, a, gone));
    write(new Write.Reject(rejected("acme/orders", "1-0")));
    write(new Write.Reject(rejected("acme/other", "1-0")));
    List<Object> before = everythingOf("globex", other);
    assertThat(begin("acme").begins()).isTrue();
    Erasure erasure = finish(500);

    assertThat(everythingOf("globex", other)).usingRecursiveComparison().isEqualTo(before);
    assertThat(store.log().events("acme", ALL, null).items()).isEmpty();
    assertThat(store.log().attempts("acme", ALL, ANY).items()).isEmpty();
    assertThat(store.log().deadLetters("acme", ALL, null).items()).isEmpty();
    assertThat(store.log().load(seq)).isEmpty();
    assertThat(store.log().frozenBody(new DeliveryKey(a, seq - 2))).isEmpty();
    assertThat(store.log().counts(a)).isEqualTo(new Counts(0, 0));
    assertThat(store.log().rejected(ALL).items())
        .extracting(logged -> logged.record().source())
        .containsExactly("acme/other");
    assertThat(erasure.deleted())
        .isEqualTo(
            Map.of(
                ErasedKind.EVENTS, 5L,
                ErasedKind.PAYLOADS, 5L,
                ErasedKind.DELIVERIES, 4L,
                ErasedKind.DEAD_LETTERS, 1L,
                ErasedKind.ATTEMPTS, 3L,
                ErasedKind.EXCHANGES, 3L,
                ErasedKind.IDEMPOTENCY_KEYS, 1L,
                ErasedKind.REJECTED, 1L,
                ErasedKind.NOTICES, 1L,
                ErasedKind.ENDPOINTS, 1L));
    reopen();
    assertThat(everythingOf("globex", other)).usingRecursiveComparison().isEqualTo(before);
    assertThat(store.log().totals()).matches(totals -> totals.open() == 2 && totals.dead() == 1);
  }

  @Test
  void replaysEndWithTheirTenantAndNoneOfItBegins() {
    history("acme", a);
    var wish =
        new ReplayWish(a, ReplayWish.Select.ALL, List.of(), null, T0.plusSeconds(1), List.of(), 10);
    var start = new ReplayWrite.Start(entry("acme", "replays.start"), wish, 16);
    var started = (Written.Replayed) write(new Write.Replaying(start));
    long number = ((ReplayAnswer.Started) started.answer()).replay().number();
    begin("acme");

    assertThat(write(new Write.Replaying(start))).isEqualTo(new Written.Refused("acme"));
    var slice =
        new ReplayWrite.Advance(number, "", "1", null, List.of(1L, 2L, 3L), 0, null, MILLIS);
    assertThat(write(new Write.Replaying(slice)))
        .isEqualTo(new Written.Replayed(new ReplayAnswer.Advanced(false, 0), List.of()));
    assertThat(finish(500).deleted(ErasedKind.REPLAYS)).isEqualTo(1);
    assertThat(store.log().replays().find(number)).isEmpty();
    assertThat(store.log().counts(a)).isEqualTo(new Counts(0, 0));
  }

  static RejectedRecord rejected(String source, String position) {
    return new RejectedRecord(source, position, T0, "mapping", "no type", bytes("ca-na-ry"));
  }

  @Test
  void theReceiptSaysWhoAskedWhenAndWhatWentAlsoAfterAReopening() {
    history("acme", a);
    begin("acme");
    assertThat(store.log().erasure("acme"))
        .get()
        .matches(running -> running.completed() == null && running.requested().equals(MILLIS));
    Erasure erasure = finish(500);
    assertThat(erasure.caller()).isEqualTo("ops");
    assertThat(erasure.completed()).isEqualTo(MILLIS.plusSeconds(9));
    reopen();
    assertThat(store.log().erasure("acme")).contains(erasure);
    assertThat(store.log().erasure("globex")).isEmpty();
  }

  @Test
  void theAuditLogKeepsWhoTouchedKeysAndWhoErased() {
    history("acme", a);
    begin("acme");
    assertThat(store.log().audit("acme", ALL).items())
        .as("while it runs")
        .extracting(logged -> logged.entry().action())
        .containsExactly("tenant.erase", "keys.rotate");
    finish(500);
    write(new Write.Audit(entry("acme", "keys.reveal"), null));
    assertThat(store.log().audit("acme", ALL).items())
        .extracting(logged -> logged.entry().action())
        .containsExactly("keys.reveal", "tenant.erase", "keys.rotate");
  }

  @Test
  void nothingCanBeReadFromTheFirstTransactionOn() {
    NewEvent event = event("acme", T0, a);
    long seq = stored(event);
    assertThat(store.log().event("acme", event.event().id())).isPresent();
    begin("acme");
    assertThat(store.log().event("acme", event.event().id())).isEmpty();
    assertThat(store.log().load(seq)).isEmpty();
    assertThat(store.log().events("acme", ALL, null).items()).isEmpty();
    assertThat(store.erasing()).containsExactly("acme");
    reopen();
    assertThat(store.log().load(seq)).isEmpty();
    assertThat(store.erasing()).containsExactly("acme");
    finish(500);
    assertThat(store.erasing()).isEmpty();
  }

  @Test
  void aPublishForTheTenantIsRefusedAsAWholeUntilItIsDone() {
    stored(event("acme", T0, a));
    begin("acme");
    var batch = new Write.Accept(List.of(event("globex", T0, other), event("acme", T0, a)));
    assertThat(write(batch)).isEqualTo(new Written.Refused("acme"));
    assertThat(store.log().events("globex", ALL, null).items()).isEmpty();
    stored(event("globex", T0, other));
    finish(500);
    long seq = stored(event("acme", T0, a));
    assertThat(store.log().load(seq)).isPresent();
    var key = new DeliveryKey(a, seq);
    assertThat(record(failed(key, 1, T0, T0), new Next.Retry(T0, bytes("b")))).isTrue();
    reopen();
    assertThat(store.log().load(seq)).isPresent();
    assertThat(store.log().frozenBody(key)).hasValue(bytes("b"));
    assertThat(store.log().attempts("acme", ALL, ANY).items()).hasSize(1);
  }

  @Test
  void anOutcomeThatComesMeanwhileOrLaterLeavesNothing() {
    var key = new DeliveryKey(a, stored(event("acme", T0, a)));
    begin("acme");
    assertThat(record(delivered(key, 1, T0), new Next.Delivered())).isFalse();
    assertThat(record(failed(key, 1, T0, T0), new Next.Retry(T0, bytes("b")))).isFalse();
    assertThat(store.log().counts(a).waiting()).isEqualTo(1);
    assertThat(finish(500).deleted(ErasedKind.DELIVERIES)).isEqualTo(1);
    assertThat(record(dead(key, 1, T0), new Next.Dead())).isFalse();
    assertThat(store.log().totals()).matches(totals -> totals.open() == 0 && totals.dead() == 0);
  }

  @Test
  void anIdIsNoDuplicateAfterwardsAndNoNumberIsUsedAgain() {
    long first = stored(keyed("acme", "1", T0, a));
    record(delivered(new DeliveryKey(a, first), 1, T0), new Next.Delivered());
    long attempt = store.log().attempts("acme", ALL, ANY).items().getFirst().id();
    begin("acme");
    finish(500);
    reopen();
    long second = stored(keyed("acme", "1", T0, a));
    assertThat(second).isGreaterThan(first);
    record(delivered(new DeliveryKey(a, second), 1, T0), new Next.Delivered());
    assertThat(store.log().attempts("acme", ALL, ANY).items().getFirst().id())
        .isGreaterThan(attempt);
  }

  @Test
  void aSliceIsBoundedAndOthersWriteInBetween() {
    for (int i = 0; i < 40; i++) {
      history("acme", a);
    }
    begin("acme");
    int slices = 0;
    Written.Sliced last;
    do {
      long before = store.log().counts(a).waiting() + store.log().counts(a).deadLetters();
      stored(event("globex", T0, other));
      last = slice(10);
      long after = store.log().counts(a).waiting() + store.log().counts(a).deadLetters();
      assertThat(before - after).isLessThanOrEqualTo(12);
      slices++;
    } while (last.completed() == null);
    assertThat(slices).isGreaterThan(40);
    assertThat(store.log().counts(other).waiting()).isEqualTo(slices);
    assertThat(requireNonNull(last.completed()).deleted(ErasedKind.EVENTS)).isEqualTo(160);
  }

  @Test
  void itGoesOnAfterAReopening() {
    for (int i = 0; i < 10; i++) {
      history("acme", a);
    }
    history("globex", other);
    List<Object> before = everythingOf("globex", other);
    begin("acme");
    for (int i = 0; i < 3; i++) {
      slice(7);
      reopen();
    }
    Erasure erasure = finish(7);
    assertThat(erasure.deleted(ErasedKind.EVENTS)).isEqualTo(40);
    assertThat(erasure.deleted(ErasedKind.DELIVERIES)).isEqualTo(20);
    assertThat(everythingOf("globex", other)).usingRecursiveComparison().isEqualTo(before);
  }

  @Test
  void askedForAgainItIsTheSameOneUntilItIsDone() {
    stored(event("acme", T0, a));
    Erasure first = requireNonNull(begin("acme").erasure());
    assertThat(begin("acme"))
        .matches(again -> !again.begins() && requireNonNull(again.erasure()).id() == first.id());
    finish(500);
    assertThat(begin("acme"))
        .matches(next -> next.begins() && requireNonNull(next.erasure()).id() > first.id());
    assertThat(finish(500).deleted()).isEmpty();
  }

  @Test
  void twoTenantsAreErasedOneAfterTheOther() {
    history("acme", a);
    history("globex", other);
    begin("acme");
    begin("globex");
    assertThat(store.erasing()).containsExactlyInAnyOrder("acme", "globex");
    assertThat(finish(500).tenant()).isEqualTo("acme");
    assertThat(finish(500).tenant()).isEqualTo("globex");
    assertThat(slice(500)).isEqualTo(new Written.Sliced(null, 0, false, null));
    assertThat(store.log().totals()).matches(totals -> totals.open() == 0 && totals.dead() == 0);
  }

  @Test
  void aTenantThatTheStoreDoesNotKnowCannotBeErased() {
    assertThat(begin("nobody")).isEqualTo(new Written.Begun(null, false));
    assertThat(store.log().knows("nobody")).isFalse();
    assertThat(store.log().knows("acme")).isTrue();
    assertThat(slice(500).tenant()).isNull();
  }

  @Test
  void aDeclaredEndpointKeepsItsNumberAndHealthAndAGoneOneFreesItsName() {
    var health = new Health(EndpointState.DISABLED, T0, null, 3, null, null, null);
    write(new Write.Health(a, health));
    write(new Write.Hold(a, Holds.NONE.begin(5)));
    begin("acme");
    int again = number(register("gone", "acme"));
    assertThat(again).isGreaterThan(gone);
    reopen();
    assertThat(store.endpoints()).extracting(EndpointRow::number).contains(a, again);
    finish(500);
    assertThat(store.endpoints()).extracting(EndpointRow::number).containsExactly(a, other, again);
    assertThat(store.endpoints().getFirst())
        .matches(row -> row.health().equals(health) && row.holds().equals(Holds.NONE.begin(5)));
  }

  @Test
  void eventsThatWentToAnEndpointWhichMovedAwayGoAndItsOwnStay() {
    long seq = stored(event("acme", T0, a));
    record(failed(new DeliveryKey(a, seq), 1, T0, T0), new Next.Retry(T0, null));
    long untried = stored(event("acme", T0, a));
    write(new Write.Register(register("a", "acme").name(), "globex", 2));
    long own = stored(event("globex", T0, a));
    begin("acme");
    assertThat(finish(500).deleted(ErasedKind.DELIVERIES)).isEqualTo(2);
    assertThat(store.log().load(untried)).isEmpty();
    assertThat(store.log().counts(a)).isEqualTo(new Counts(1, 0));
    begin("globex");
    assertThat(finish(500).deleted(ErasedKind.DELIVERIES)).isEqualTo(1);
    assertThat(store.log().load(own)).isEmpty();
  }

  @Test
  void anEndpointThatCameFromAnotherTenantLeavesThatOnesRows() {
    long seq = stored(event("acme", T0, a));
    record(failed(new DeliveryKey(a, seq), 1, T0, T0), new Next.Retry(T0, null));
    write(new Write.Register(register("a", "acme").name(), "globex", 2));
    begin("globex");
    finish(500);
    assertThat(store.log().counts(a)).isEqualTo(new Counts(1, 0));
    assertThat(store.log().load(seq)).isPresent();
    assertThat(record(delivered(new DeliveryKey(a, seq), 2, T0), new Next.Delivered())).isTrue();
  }

  @Test
  void retentionLeavesToAnErasureWhatItHasNotComeTo() {
    stored(event("acme", T0, a));
    begin("acme");
    Instant end = T0.plus(Retention.DEFAULT.log()).plusSeconds(120);
    var retained = (Written.Retained) write(new Write.Retain(end, Retention.DEFAULT, 500));
    assertThat(retained.ended()).isEmpty();
    write(new Write.Retain(end, Retention.DEFAULT, 500));
    assertThat(finish(500).deleted(ErasedKind.DELIVERIES)).isEqualTo(1);
    assertThat(store.log().totals()).matches(totals -> totals.open() == 0 && totals.dead() == 0);
  }
}
