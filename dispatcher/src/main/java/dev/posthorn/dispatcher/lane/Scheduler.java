package dev.posthorn.dispatcher.lane;

import dev.posthorn.core.config.OutcomeClass;
import dev.posthorn.dispatcher.store.Attempt;
import dev.posthorn.dispatcher.store.Committed;
import dev.posthorn.dispatcher.store.DeliveryKey;
import dev.posthorn.dispatcher.store.EndpointState;
import dev.posthorn.dispatcher.store.Next;
import dev.posthorn.dispatcher.store.OpenDelivery;
import dev.posthorn.dispatcher.store.Page;
import dev.posthorn.dispatcher.store.PageRequest;
import dev.posthorn.dispatcher.store.Shared;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Decides what is sent next, over all tenants and endpoints of this process.
 *
 * <p>Not thread-safe: one thread gives it messages in their order and, after a few of them, calls
 * {@link #pump}. Everything it holds can be lost: it is read again from the store.
 */
public final class Scheduler {
  private final RandomGenerator random;
  private final int windowRows;
  private final Map<Integer, Endpoint> endpoints = new HashMap<>();
  private final Map<String, Tenant> tenants = new HashMap<>();
  private final RoundRobin<Tenant> turns = new RoundRobin<>();
  private final Set<Endpoint> touched = new LinkedHashSet<>();
  private final Alarms alarms = new Alarms();

  /** Stopped tenants, each with how many erasures the store is asked for and has not begun. */
  private final Map<String, Integer> stopped = new HashMap<>();

  private Plan plan = Plan.NOTHING;
  private int sending;

  /** Deliveries from the start of a try until its outcome is stored: what a crash may repeat. */
  private int unrecorded;

  private boolean draining;

  private final Ownership owned = new Ownership();

  /**
   * Creates a scheduler that knows nothing yet.
   *
   * @param random for jitter
   */
  public Scheduler(RandomGenerator random) {
    this(random, PageRequest.ROWS);
  }

  /** The same with other windows: small ones come to their ends more often. */
  Scheduler(RandomGenerator random, int windowRows) {
    this.random = random;
    this.windowRows = windowRows;
  }

  /** Takes a message in. Commands go to {@code out} in the order in which they must be done. */
  public void handle(Message message, long now, Consumer<Command> out) {
    switch (message) {
      case Message.Stored(var committed) -> stored(committed, now, out);
      case Message.Finished(var delivery, var result) -> finished(delivery, result, now, out);
      case Message.Configured(var newPlan) -> configured(newPlan, now, out);
      case Message.Enable(var endpoint) -> enable(endpoints.get(endpoint), now, now, out);
      case Message.StopTenant stop -> stop(stop, out);
      case Message.Drain() -> drain(out);
    }
  }

  /** Starts all that may start now, and asks for the pages that are missing. */
  public void pump(long now, Consumer<Command> out) {
    alarms.due(now, touched::add);
    arrange(now, out);
    while (maySend(now)) {
      Tenant tenant = turns.next();
      if (tenant == null) {
        break;
      }
      sendOne(tenant, now, out);
      arrange(now, out);
    }
    owned.release(endpoints.values(), out);
  }

  /** When {@link #pump} is needed next although no message comes; epoch milliseconds. */
  public long wakeAt() {
    return draining ? Long.MAX_VALUE : alarms.next();
  }

  /** How many tries are under way. */
  public int sending() {
    return sending;
  }

  /** What it holds of an endpoint, for checks; null where it was never configured. */
  @Nullable Endpoint endpoint(int number) {
    return endpoints.get(number);
  }

  private boolean maySend(long now) {
    return !draining
        && !plan.suspended()
        && unrecorded < plan.maxConcurrency()
        && owned.maySend(now);
  }

  private void stored(Committed committed, long now, Consumer<Command> out) {
    Shared shared = committed.shared();
    Set<Integer> gained = owned.take(shared);
    if (committed.reopened() || owned.anew(shared)) {
      endpoints.values().forEach(Endpoint::forget);
      touched.addAll(endpoints.values());
    }
    if (shared.ownership() != null) {
      configured(plan, now, out);
      gained.forEach(number -> with(number, endpoint -> endpoint.takeOver(owned.row(number), now)));
    }
    for (Committed.AcceptedEvent event : committed.accepted()) {
      long accepted = event.event().accepted().toEpochMilli();
      for (int target : event.targets()) {
        with(target, endpoint -> endpoint.offerNew(event.seq(), accepted));
      }
    }
    for (Committed.Recorded recorded : committed.recorded()) {
      with(
          recorded.delivery().endpoint(),
          endpoint -> unrecorded -= endpoint.recorded(recorded) ? 1 : 0);
    }
    committed.erased().forEach(this::erased);
    for (Committed.DueNow due : committed.due()) {
      with(due.endpoint(), endpoint -> endpoint.hasten(due));
    }
    shared.reread().forEach(number -> with(number, Endpoint::forget));
    for (Page page : committed.pages()) {
      with(page.request().endpoint(), endpoint -> endpoint.merge(page));
    }
    for (Shared.FedEvent event : shared.fed()) {
      for (int target : event.targets()) {
        with(target, endpoint -> endpoint.offerNew(event.seq(), event.acceptedMillis()));
      }
    }
    shared.enable().forEach(number -> enable(endpoints.get(number), now, now, out));
  }

  /** An endpoint that was never configured here is in the store only: its rows wait there. */
  private void with(int number, Consumer<Endpoint> action) {
    Endpoint endpoint = endpoints.get(number);
    if (endpoint != null) {
      action.accept(endpoint);
      touched.add(endpoint);
    }
  }

  private void configured(Plan newPlan, long now, Consumer<Command> out) {
    plan = newPlan;
    tenants.forEach((name, tenant) -> tenant.setPlan(share(name)));
    var configured = new HashSet<Integer>();
    for (EndpointPlan each : newPlan.endpoints()) {
      configured.add(each.row().number());
      configured(each, now, out);
    }
    for (Endpoint endpoint : endpoints.values()) {
      if (!configured.contains(endpoint.number())) {
        endpoint.configure(null, now);
      }
    }
    touched.addAll(endpoints.values());
    tenants.values().forEach(this::settle);
  }

  private void configured(EndpointPlan each, long now, Consumer<Command> out) {
    boolean own = owned.has(each.row().tenant());
    if (!own && !endpoints.containsKey(each.row().number())) {
      return;
    }
    Endpoint endpoint = endpoints.computeIfAbsent(each.row().number(), _ -> create(each));
    endpoint.own(own);
    if (endpoint.configure(each, now) && own) {
      out.accept(new Command.SaveHolds(endpoint.number(), endpoint.holds()));
    }
    wish(endpoint, now, out);
  }

  private Endpoint create(EndpointPlan each) {
    String name = each.row().tenant();
    var endpoint =
        new Endpoint(
            each, tenants.computeIfAbsent(name, _ -> new Tenant(name, share(name))), windowRows);
    if (stopped.containsKey(name)) {
      endpoint.stop(name);
    }
    return endpoint;
  }

  private void stop(Message.StopTenant stop, Consumer<Command> out) {
    String tenant = stop.tenant();
    stopped.merge(tenant, stop.asked() ? 1 : 0, Integer::sum);
    for (Endpoint endpoint : endpoints.values()) {
      if (endpoint.tenant().name().equals(tenant) || stop.endpoints().contains(endpoint.number())) {
        endpoint.stop(tenant);
        touched.add(endpoint);
      }
    }
    out.accept(new Command.TenantStopped(tenant));
  }

  /** An end that was told before the next erasure has begun is not the end. */
  private void erased(Committed.Erased erased) {
    String tenant = erased.tenant();
    if (erased.begun()) {
      stopped.merge(tenant, -1, Integer::sum);
    }
    if (erased.completed() != null && stopped.getOrDefault(tenant, 0) == 0) {
      stopped.remove(tenant);
      endpoints.values().forEach(endpoint -> endpoint.resume(tenant));
      touched.addAll(endpoints.values());
    }
  }

  private TenantPlan share(String tenant) {
    return plan.tenants().getOrDefault(tenant, plan.tenantDefault());
  }

  private void wish(Endpoint endpoint, long now, Consumer<Command> out) {
    EndpointPlan known = endpoint.isOwned() ? endpoint.plan() : null;
    Long wish = known == null ? null : known.ignoreFailuresBefore();
    if (wish != null && wish > now) {
      alarms.set(endpoint, wish);
    } else if (wish != null && endpoint.health().wishActs(wish, now)) {
      enable(endpoint, wish, now, out);
    }
  }

  private void enable(@Nullable Endpoint endpoint, long wish, long now, Consumer<Command> out) {
    if (endpoint == null || endpoint.health().state() == EndpointState.HEALTHY) {
      return;
    }
    EndpointState before = endpoint.health().state();
    var notice = new HealthNotice(endpoint.news().enabled(), endpoint.health().began());
    endpoint.health().enable(wish, now);
    endpoint.restart();
    endpoint.settle();
    touched.add(endpoint);
    save(endpoint, before, notice, out);
  }

  private static void save(
      Endpoint endpoint,
      EndpointState before,
      @Nullable HealthNotice notice,
      Consumer<Command> out) {
    out.accept(
        new Command.SaveHealth(endpoint.number(), before, endpoint.health().stored(), notice));
  }

  /** Tells that an endpoint is disabled soon, unless its next failure disables it anyway. */
  private static void warn(Endpoint endpoint, long now, Consumer<Command> out) {
    if (endpoint.warnAt() > now) {
      return;
    }
    boolean early = now < endpoint.deadline();
    endpoint.news().warned();
    if (early) {
      var notice = new HealthNotice(HealthNotice.Kind.DISABLING_SOON, endpoint.health().began());
      save(endpoint, endpoint.health().state(), notice, out);
    }
  }

  private void drain(Consumer<Command> out) {
    draining = true;
    if (sending == 0) {
      out.accept(new Command.Drained());
    }
  }

  private void finished(
      DeliveryKey delivery, Message.Result result, long now, Consumer<Command> out) {
    Endpoint endpoint = endpoints.get(delivery.endpoint());
    if (endpoint == null) {
      throw new IllegalStateException("a try of an endpoint that is not known: " + delivery);
    }
    OpenDelivery row = endpoint.ended(delivery.seq(), result);
    sending--;
    touched.add(endpoint);
    settle(endpoint.tenant());
    if (endpoint.forgets(delivery.seq())) {
      unrecorded--;
    } else {
      observe(endpoint, result, now, out);
      conclude(endpoint, row, delivery, result, out);
    }
    if (draining && sending == 0) {
      out.accept(new Command.Drained());
    }
  }

  private void conclude(
      Endpoint endpoint,
      OpenDelivery row,
      DeliveryKey delivery,
      Message.Result result,
      Consumer<Command> out) {
    if (result.outcome() == OutcomeClass.SHUTDOWN) {
      endpoint.putBack(row);
      unrecorded--;
    } else {
      record(endpoint, row, delivery, result, out);
    }
  }

  private void observe(Endpoint endpoint, Message.Result result, long now, Consumer<Command> out) {
    EndpointState before = endpoint.health().state();
    Instant former = endpoint.health().began();
    EndpointPlan known = endpoint.plan();
    long disableAfter = known == null ? 0 : known.disableAfterMillis();
    boolean changed = endpoint.health().observe(result.outcome(), disableAfter, now);
    HealthNotice notice = notice(endpoint, result, before, former);
    if (changed || notice != null) {
      save(endpoint, before, notice, out);
    }
    if (changed) {
      if (endpoint.health().state() == EndpointState.HEALTHY) {
        endpoint.restart();
      }
      endpoint.settle();
    }
    if (result.outcome() != OutcomeClass.DELIVERED) {
      endpoint.pauseIfFailing(now, random);
    }
  }

  private static @Nullable HealthNotice notice(
      Endpoint endpoint, Message.Result result, EndpointState before, Instant former) {
    boolean ofSystemEvent = result.event() != null && result.event().ofSystem();
    EndpointState after = endpoint.health().state();
    HealthNotice.Kind kind =
        endpoint.news().observed(result.outcome(), ofSystemEvent, before, after);
    if (kind == null) {
      return null;
    }
    boolean over = kind == HealthNotice.Kind.RECOVERED;
    return new HealthNotice(kind, over ? former : endpoint.health().began());
  }

  private void record(
      Endpoint endpoint,
      OpenDelivery row,
      DeliveryKey delivery,
      Message.Result result,
      Consumer<Command> out) {
    int n = row.attempts() + 1;
    Next next = next(endpoint, row, n, result);
    Instant nextTime = next instanceof Next.Retry(var due, var _) ? due : null;
    out.accept(
        new Command.RecordAttempt(
            new Attempt(
                delivery,
                n,
                Instant.ofEpochMilli(result.startMillis()),
                result.outcome(),
                result.status(),
                result.error(),
                nextTime == null,
                nextTime,
                result.detail()),
            next,
            result.event()));
  }

  private Next next(Endpoint endpoint, OpenDelivery row, int n, Message.Result result) {
    EndpointPlan known = endpoint.plan();
    if (result.outcome() == OutcomeClass.DELIVERED) {
      return new Next.Delivered();
    }
    if (result.outcome().consequence() == OutcomeClass.Consequence.END) {
      return new Next.Dead();
    }
    boolean disabled = endpoint.health().state() == EndpointState.DISABLED;
    if (known == null || disabled) {
      return new Next.Retry(Instant.ofEpochMilli(result.endMillis()), result.body());
    }
    long ends = endpoint.ends(row, known.maxAgeMillis(), result.endMillis());
    return RetrySchedule.afterFailure(known.delayMillis(), n, ends, result, random);
  }

  /** Brings rings, alarms and page requests up to date for all endpoints that something befell. */
  private void arrange(long now, Consumer<Command> out) {
    for (Endpoint endpoint : touched) {
      wish(endpoint, now, out);
      warn(endpoint, now, out);
      endpoint.ask(request -> out.accept(new Command.ReadPage(request)));
      endpoint.tenant().arrange(endpoint, now);
      setAlarm(endpoint, now);
      settle(endpoint.tenant());
    }
    touched.clear();
  }

  /** What can be done now needs no alarm: it has its turn, or waits for room. */
  private void setAlarm(Endpoint endpoint, long now) {
    long at = endpoint.wakeAt();
    if (at > now) {
      alarms.set(endpoint, at);
    }
    alarms.set(endpoint, endpoint.warnAt());
  }

  private void settle(Tenant tenant) {
    if (tenant.hasRoom() && tenant.hasWork()) {
      turns.join(tenant);
    } else {
      turns.leave(tenant);
    }
  }

  private void sendOne(Tenant tenant, long now, Consumer<Command> out) {
    Endpoint.Queue queue = tenant.next();
    if (queue == null) {
      throw new IllegalStateException("tenant " + tenant.name() + " had its turn without work");
    }
    Endpoint endpoint = queue.endpoint();
    OpenDelivery row = endpoint.begin(queue, now);
    sending++;
    unrecorded++;
    turns.charge(tenant, endpoint.expectedMillis());
    tenant.charge(queue, endpoint.expectedMillis());
    touched.add(endpoint);
    out.accept(new Command.Send(new DeliveryKey(endpoint.number(), row.seq()), row.attempts() + 1));
  }
}
