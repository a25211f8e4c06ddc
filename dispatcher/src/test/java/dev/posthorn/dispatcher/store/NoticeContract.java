package dev.posthorn.dispatcher.store;

import static dev.posthorn.dispatcher.store.Samples.T0;
import static dev.posthorn.dispatcher.store.Samples.dead;
import static dev.posthorn.dispatcher.store.Samples.event;
import static dev.posthorn.dispatcher.store.Samples.register;
import static org.assertj.core.api.Assertions.assertThat;

import dev.posthorn.core.config.OutcomeClass;
import dev.posthorn.dispatcher.store.DeliveryLog.Range;
import dev.posthorn.dispatcher.store.EndingNotices.Ending;
import dev.posthorn.dispatcher.store.EndpointRow.Health;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every {@link DeliveryStore} does with system events that come with their cause. */
abstract class NoticeContract {
  private static final Range ALL = new Range(500, null, null, null);
  private static final String TOLD = "posthorn.delivery.exhausted";
  private static final Retention DAYS =
      new Retention(
          Duration.ofDays(30), Duration.ofDays(90), Duration.ofDays(365), Long.MAX_VALUE, 1000);
  private static final Instant EXPIRED = T0.plus(DAYS.payload()).plusMillis(2);
  private static final Health FAILING =
      new Health(EndpointState.FAILING, T0, null, 10, OutcomeClass.HTTP_5XX, null, null);

  private final List<Ending> endings = new ArrayList<>();
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

  private static NewEvent told(String tenant, Integer... targets) {
    return event(tenant, TOLD, null, T0, targets);
  }

  private static Write.Accept notice(@Nullable String once, NewEvent... events) {
    return new Write.Accept(List.of(events), once);
  }

  private static Write.Record died(DeliveryKey key, Write.Accept... notices) {
    return new Write.Record(dead(key, 1, T0), new Next.Dead(), List.of(notices));
  }

  private List<String> types(String tenant) {
    return store.log().events(tenant, ALL, null).items().stream()
        .map(each -> each.event().published().type())
        .toList();
  }

  private List<OpenDelivery> open(int endpoint) {
    return store.pages(List.of(new PageRequest(endpoint, Side.FRESH, -1, -1, 0))).getFirst().rows();
  }

  private Written.Retained retain(Instant now) {
    Written answer =
        write(
            new Write.Retain(
                now,
                DAYS,
                500,
                ending -> {
                  endings.add(ending);
                  return notice(null, told("acme", b));
                }));
    return (Written.Retained)
        (answer instanceof Written.Noticed(var plain, var _) ? plain : answer);
  }

  @Test
  void whatAnOutcomeCausesIsStoredWithIt() {
    var key = new DeliveryKey(a, stored(event("acme", T0, a)));
    NewEvent told = told("acme", b);
    var answer = (Written.Noticed) write(died(key, notice(null, told)));
    assertThat(answer.answer()).isEqualTo(new Written.Recorded(true, T0.toEpochMilli()));
    long seq = answer.notices().getFirst().seq();
    assertThat(answer.notices())
        .containsExactly(new Committed.AcceptedEvent(seq, told.event(), List.of(b)));
    store.close();
    store = open();
    assertThat(store.log().load(seq))
        .get()
        .extracting(each -> each.event().id())
        .isEqualTo(told.event().id());
    assertThat(open(b)).containsExactly(new OpenDelivery(0, seq, 0, T0.toEpochMilli()));
    assertThat(store.log().counts(b).waiting()).isEqualTo(1);
  }

  @Test
  void whatWasNotRecordedIsNotTold() {
    var key = new DeliveryKey(a, stored(event("acme", T0, a)));
    write(died(key));
    assertThat(write(died(key, notice(null, told("acme", b)))))
        .isEqualTo(new Written.Recorded(false, 0));
    assertThat(types("acme")).doesNotContain(TOLD);
    assertThat(open(b)).isEmpty();
  }

  @Test
  void aChangeOfHealthIsToldOnceHoweverOftenItIsWritten() {
    var change = new Write.Health(a, FAILING, List.of(notice("failing", told("acme", b))));
    assertThat(write(change)).isInstanceOf(Written.Noticed.class);
    assertThat(write(change)).isEqualTo(new Written.Done());
    store.close();
    store = open();
    assertThat(write(change)).isEqualTo(new Written.Done());
    assertThat(types("acme")).containsExactly(TOLD);
    assertThat(store.endpoints().getFirst().health()).isEqualTo(FAILING);
  }

  @Test
  void aRejectedRecordIsToldWithItAndOnceUnderItsName() {
    var notice = notice("stream/orders/mapping", told("acme", b));
    assertThat(write(new Write.Reject(Samples.rejected("1-0", T0), List.of(notice))))
        .isInstanceOf(Written.Noticed.class);
    assertThat(write(new Write.Reject(Samples.rejected("1-1", T0), List.of(notice))))
        .isEqualTo(new Written.Done());
    assertThat(types("acme")).containsExactly(TOLD);
    assertThat(open(b)).hasSize(1);
  }

  @Test
  void whatRetentionEndsIsToldOnceForEachEndpoint() {
    int c = number(register("c", "acme"));
    for (int i = 0; i < 3; i++) {
      stored(event("acme", T0, a));
    }
    stored(event("acme", T0, a, c));
    assertThat(retain(EXPIRED).ended()).hasSize(5);
    assertThat(endings)
        .containsExactlyInAnyOrder(
            new Ending(a, OutcomeClass.EXPIRED, 4, EXPIRED),
            new Ending(c, OutcomeClass.EXPIRED, 1, EXPIRED));
    assertThat(types("acme").stream().filter(TOLD::equals)).hasSize(2);
    assertThat(open(b)).hasSize(2);
  }

  @Test
  void whatEndsWithItsEndpointIsToldAsThat() {
    stored(event("acme", T0, a));
    write(new Write.Removal(a, T0));
    Instant later = T0.plus(Retention.REMOVED).plusSeconds(1);
    retain(later);
    assertThat(endings).containsExactly(new Ending(a, OutcomeClass.ENDPOINT_REMOVED, 1, later));
  }

  @Test
  void whatRetentionEndsOfSystemEventsIsNotTold() {
    stored(told("acme", a));
    assertThat(retain(EXPIRED).ended()).hasSize(1);
    assertThat(endings).isEmpty();
    assertThat(open(b)).isEmpty();
  }

  @Test
  void aTenantThatIsErasedIsToldNothing() {
    stored(event("acme", T0, a));
    int other = number(register("watch", "ops"));
    var entry = new AuditEntry("acme", T0, "ops", "r-1", "tenant.erase", "Tenant/acme", null);
    write(new Write.Erase(entry, List.of(), List.of()));
    var notice = notice("failing", told("acme", b), told("ops", other));
    assertThat(write(new Write.Health(a, FAILING, List.of(notice)))).isEqualTo(new Written.Done());
    assertThat(open(other)).isEmpty();
    assertThat(types("ops")).isEmpty();
  }

  private void erase(String tenant) {
    var entry = new AuditEntry(tenant, T0, "ops", "r-1", "tenant.erase", "Tenant/t", null);
    write(new Write.Erase(entry, List.of(), List.of()));
    boolean done = false;
    for (int i = 0; i < 50 && !done; i++) {
      store.round(List.of());
      done = ((Written.Sliced) write(new Write.EraseSlice(T0, 500))).completed() != null;
      store.maintain(true);
    }
    assertThat(done).isTrue();
  }

  @Test
  void anErasureTakesWhatOthersWereToldOfTheTenant() {
    int other = number(register("watch", "ops"));
    var notice = notice("failing", told("acme", b), told("ops", other));
    write(new Write.Health(a, FAILING, List.of(notice)));
    write(new Write.Accept(List.of(told("globex"), told("ops", other)), "rotated"));
    stored(event("ops", T0, other));
    assertThat(open(other)).hasSize(3);
    erase("acme");
    assertThat(open(other)).hasSize(2);
    assertThat(types("ops")).hasSize(2);
    erase("globex");
    assertThat(types("ops")).containsExactly("order.created");
    assertThat(store.log().counts(other).waiting()).isEqualTo(1);
  }

  @Test
  void theErasureOfThoseWhoWereToldTakesNothingOfTheTenant() {
    int other = number(register("watch", "ops"));
    write(
        new Write.Health(
            a, FAILING, List.of(notice("failing", told("acme", b), told("ops", other)))));
    erase("ops");
    assertThat(types("ops")).isEmpty();
    assertThat(types("acme")).containsExactly(TOLD);
    assertThat(open(b)).hasSize(1);
    erase("acme");
    assertThat(store.log().totals().open()).isZero();
  }

  @Test
  void othersAreToldOfATenantAlsoWhileOneOfThemIsErased() {
    stored(event("ops", T0));
    var entry = new AuditEntry("ops", T0, "ops", "r-1", "tenant.erase", "Tenant/ops", null);
    write(new Write.Erase(entry, List.of(), List.of()));
    var notice = notice("failing", told("acme", b), told("ops"));
    var answer = (Written.Noticed) write(new Write.Health(a, FAILING, List.of(notice)));
    assertThat(answer.notices()).hasSize(1);
    assertThat(types("acme")).containsExactly(TOLD);
  }
}
