package dev.posthorn.dispatcher.store;

import static dev.posthorn.dispatcher.store.Samples.T0;
import static dev.posthorn.dispatcher.store.Samples.bytes;
import static dev.posthorn.dispatcher.store.Samples.dead;
import static dev.posthorn.dispatcher.store.Samples.delivered;
import static dev.posthorn.dispatcher.store.Samples.failed;
import static dev.posthorn.dispatcher.store.Samples.keyed;
import static java.util.Objects.requireNonNull;

import dev.posthorn.core.config.KeyDenial;
import dev.posthorn.core.config.OutcomeClass;
import dev.posthorn.core.config.ResourceName;
import dev.posthorn.dispatcher.store.EndpointRow.Health;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A fixed sequence of writes of every kind for two tenants of its own. The same point of each call
 * of the store fails; what it then refuses as unavailable is written again, as its callers do.
 */
final class EveryWrite {
  static final int LANE = 1;

  private static final int OTHER_LANE = 7;

  /** Longer than anything is kept. */
  private static final Duration BETWEEN = Duration.ofDays(1000);

  private static final Retention KEPT =
      new Retention(
          Duration.ofDays(30), Duration.ofDays(90), Duration.ofDays(365), Long.MAX_VALUE, 1000);

  private final DeliveryStore store;
  private final Countdown fault;
  private final int point;
  private final Tenants names;
  private final Instant now;
  private final Instant later;
  private int refused;

  /** What sets one run apart from another in the same store, whose events are of a later time. */
  record Tenants(int run) {
    Instant now() {
      return T0.plus(BETWEEN.multipliedBy(run));
    }

    String acme() {
      return "acme-" + run;
    }

    String globex() {
      return "globex-" + run;
    }

    String source() {
      return "default/orders-" + run;
    }

    String ring() {
      return "ring-" + run;
    }
  }

  /**
   * Prepares it.
   *
   * @param point of each call, at which {@code fault} strikes; 0 for none
   */
  EveryWrite(DeliveryStore store, Countdown fault, int point, int run) {
    this.store = store;
    this.fault = fault;
    this.point = point;
    names = new Tenants(run);
    now = names.now();
    later = now.plusSeconds(3600);
  }

  /** Plays it; returns what can be read afterwards. */
  List<String> play() {
    DeliveryLog.Totals before = store.log().totals();
    insist(() -> store.round(List.of()));
    write(
        register("a", names.acme(), LANE),
        register("b", names.acme(), LANE),
        register("c", names.acme(), OTHER_LANE),
        register("g", names.globex(), LANE));
    accept();
    attempts();
    notes();
    replays();
    write(new Write.Retain(now, KEPT, 100));
    erase();
    if (store.isShared()) {
      lanes();
    }
    return new EverythingRead(store, names).read(before);
  }

  /** Leaves nothing to the next run. */
  void clear() {
    var all = new Write.Retain(now.plus(BETWEEN.dividedBy(2)), KEPT, 1000);
    while (((Written.Retained) store.write(List.of(all)).getFirst()).more()) {
      // Again.
    }
  }

  /** How often it was told that the store is unavailable. */
  int refused() {
    return refused;
  }

  private static Write.Register register(String name, String tenant, int lane) {
    return new Write.Register(new ResourceName(tenant, name), tenant, lane);
  }

  private void accept() {
    int a = endpoint("a");
    int b = endpoint("b");
    write(
        new Write.Accept(
            List.of(
                keyed(names.acme(), "old", now.minus(Duration.ofDays(31)), a),
                keyed(names.acme(), "1", now, a, b),
                keyed(names.acme(), "2", now, b))),
        new Write.Accept(
            List.of(
                keyed(names.acme(), "1", now, a, b),
                keyed(names.globex(), "1", now, endpoint("g")))),
        new Write.Accept(
            List.of(Samples.event(names.acme(), now, a)), names.ring() + "/k_1/revoked"),
        new Write.Reject(
            new RejectedRecord(names.source(), "1-0", now, "mapping", "no type", bytes("x"))));
  }

  private void attempts() {
    int a = endpoint("a");
    var first = new DeliveryKey(a, seq("1"));
    Instant due = now.plusSeconds(5);
    write(
        new Write.Record(failed(first, 1, now, due), new Next.Retry(due, bytes("frozen"))),
        new Write.Record(
            delivered(new DeliveryKey(endpoint("b"), first.seq()), 1, now), new Next.Delivered()),
        new Write.Health(
            a, new Health(EndpointState.FAILING, now, now, 1, OutcomeClass.HTTP_5XX, null, null)));
    write(
        new Write.Record(
            dead(first, 2, now),
            new Next.Dead(),
            List.of(
                new Write.Accept(
                    List.of(Samples.event(names.acme(), "exhausted", null, now, endpoint("b"))),
                    names.ring() + "/exhausted"))));
  }

  private void notes() {
    write(
        new Write.Hold(endpoint("a"), Holds.NONE.begin(now.toEpochMilli())),
        new Write.Removal(endpoint("b"), now),
        new Write.Probe());
    asked("r-revoke", new Write.Audit(entry("r-revoke"), new KeyDenial(names.ring(), "k_1", now)));
  }

  private void replays() {
    int a = endpoint("a");
    asked(
        "r-redeliver",
        new Write.Replaying(
            new ReplayWrite.Redeliver(entry("r-redeliver"), new DeliveryKey(a, seq("1")), later)));
    var wish = new ReplayWish(a, ReplayWish.Select.ALL, List.of(), null, later, List.of(), 100);
    asked("r-first", new Write.Replaying(new ReplayWrite.Start(entry("r-first"), wish, 16)));
    long first = newestReplay();
    asked("r-second", new Write.Replaying(new ReplayWrite.Start(entry("r-second"), wish, 16)));
    long second = newestReplay();
    write(
        new Write.Replaying(
            new ReplayWrite.Advance(
                first, "", "x", now, List.of(seq("1"), seq("2")), 1, null, later)));
    write(
        new Write.Replaying(
            new ReplayWrite.Advance(
                first, "x", "y", now, List.of(), 0, ReplayRow.State.DONE, later)));
    asked("r-cancel", new Write.Replaying(new ReplayWrite.Cancel(entry("r-cancel"), second)));
  }

  private void erase() {
    write(
        new Write.Erase(
            new AuditEntry(names.globex(), now, "ops", "r-erase", "tenant.erase", "Tenant/g", null),
            List.of(endpoint("g")),
            List.of()));
    // What empties the log remembers it in the session: were each disturbed, it would not end.
    for (int slice = 0; !erased(); slice++) {
      if (slice == 20) {
        throw new AssertionError("the erasure does not end");
      }
      store.round(List.of());
      var rows = new Write.EraseSlice(later, 100);
      insist(slice < 3 ? point : 0, () -> store.write(List.of(rows)), () -> false);
      maintain(slice == 0 ? point : 0);
    }
  }

  private boolean erased() {
    return store.log().erasure(names.globex()).orElseThrow().completed() != null;
  }

  private void lanes() {
    int other = endpoint("c");
    write(new Write.Release(OTHER_LANE), new Write.AskEnable(other));
    boolean heard = false;
    for (int round = 0; !heard; round++) {
      if (round == 5) {
        throw new AssertionError("what was asked of an endpoint's owner is not heard");
      }
      Round read = insist(() -> store.round(List.of()));
      heard = read.shared().enable().contains(other);
    }
    maintain(point);
  }

  private void maintain(int at) {
    Supplier<Boolean> work =
        () -> {
          store.maintain(false);
          return true;
        };
    insist(at, work, () -> false);
  }

  private AuditEntry entry(String request) {
    return new AuditEntry(names.acme(), now, "ops", request, "action", "Object/x", null);
  }

  private int endpoint(String name) {
    return store.endpoints().stream()
        .filter(each -> each.name().name().equals(name))
        .filter(each -> each.name().namespace().endsWith("-" + names.run()))
        .findFirst()
        .orElseThrow()
        .number();
  }

  private long seq(String id) {
    return store.log().events(names.acme(), EverythingRead.ALL, null).items().stream()
        .filter(each -> id.equals(each.event().published().id()))
        .findFirst()
        .orElseThrow()
        .seq();
  }

  private long newestReplay() {
    return store.log().replays().list(names.acme(), EverythingRead.ALL).items().getFirst().number();
  }

  private void write(Write... writes) {
    insist(() -> store.write(List.of(writes)));
  }

  /** What is asked twice is done twice: who does not know looks at the log first. */
  private void asked(String request, Write write) {
    BooleanSupplier isDone =
        () ->
            store.log().audit(names.acme(), EverythingRead.ALL).items().stream()
                .anyMatch(each -> each.entry().request().equals(request));
    insist(point, () -> store.write(List.of(write)), isDone);
  }

  private <T> T insist(Supplier<T> work) {
    return requireNonNull(insist(point, work, () -> false));
  }

  private <T> @Nullable T insist(int at, Supplier<T> work, BooleanSupplier isDone) {
    try {
      return fault.during(at, work);
    } catch (StoreUnavailableException e) {
      refused++;
      return e.unknown() && isDone.getAsBoolean() ? null : work.get();
    }
  }
}
