package dev.posthorn.dispatcher.lane;

import dev.posthorn.dispatcher.store.Committed;
import dev.posthorn.dispatcher.store.EndpointRow;
import dev.posthorn.dispatcher.store.EndpointState;
import dev.posthorn.dispatcher.store.Holds;
import dev.posthorn.dispatcher.store.Next;
import dev.posthorn.dispatcher.store.OpenDelivery;
import dev.posthorn.dispatcher.store.Page;
import dev.posthorn.dispatcher.store.PageRequest;
import dev.posthorn.dispatcher.store.Side;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * An endpoint as the scheduler sees it: the heads of its two sets of open deliveries, what is in
 * flight, and how much it may get now. An endpoint that is not configured, or is held, is
 * <em>blocked</em>: it keeps nothing in memory, its rows wait in the store.
 */
final class Endpoint {
  private static final double FIRST_GUESS_MILLIS = 50;
  private static final double SMOOTHING = 0.2;

  private final int number;
  private final Tenant tenant;
  private Health health;
  private HealthNews news;
  private final AdaptiveLimit limit = new AdaptiveLimit(1);
  private final int windowRows;

  /** From the start of a try until its outcome is stored. */
  private final Map<Long, OpenDelivery> inFlight = new HashMap<>();

  /** Those in flight whose outcome is not known yet. */
  private final Set<Long> trying = new HashSet<>();

  private final Queue freshQueue = new Queue(false);
  private final Queue retryQueue = new Queue(true);

  /** Those in flight whose deliveries an erasure deletes: their outcomes are nobody's. */
  private final Set<Long> erased = new HashSet<>();

  private Holds holds;
  private @Nullable EndpointPlan plan;
  private @Nullable String stoppedFor;
  private boolean blocked = true;
  private boolean owned = true;
  private Window fresh;
  private Window retry;
  private long windows;
  private long quietUntil;
  private RateLimit rate = RateLimit.NONE;
  private double expectedMillis = FIRST_GUESS_MILLIS;

  Endpoint(EndpointPlan plan, Tenant tenant, int windowRows) {
    this.number = plan.row().number();
    this.tenant = tenant;
    this.windowRows = windowRows;
    this.health = new Health(plan.row().health());
    this.news = new HealthNews(plan.row().health().state());
    this.holds = plan.row().holds();
    this.fresh = new Window(number, Side.FRESH, windows, windowRows);
    this.retry = new Window(number, Side.RETRY, windows, windowRows);
  }

  /** One of an endpoint's two sets, as it takes turns in its tenant. */
  final class Queue extends RoundRobin.Member {
    private final boolean isRetry;

    private Queue(boolean isRetry) {
      this.isRetry = isRetry;
    }

    @Override
    int weight() {
      return 1;
    }

    boolean isRetry() {
      return isRetry;
    }

    Endpoint endpoint() {
      return Endpoint.this;
    }
  }

  int number() {
    return number;
  }

  Tenant tenant() {
    return tenant;
  }

  Health health() {
    return health;
  }

  HealthNews news() {
    return news;
  }

  /** When to tell that it is disabled soon; {@link Long#MAX_VALUE} while nothing is sent to it. */
  long warnAt() {
    return blocked || plan == null
        ? Long.MAX_VALUE
        : news.warnAt(health.state(), health.failingSince(), plan.disableAfterMillis());
  }

  /** When the next failure disables it; {@link Long#MAX_VALUE} for never. */
  long deadline() {
    Long since = health.failingSince();
    return since == null || plan == null || plan.disableAfterMillis() == 0
        ? Long.MAX_VALUE
        : since + plan.disableAfterMillis();
  }

  @Nullable EndpointPlan plan() {
    return plan;
  }

  Queue freshQueue() {
    return freshQueue;
  }

  Queue retryQueue() {
    return retryQueue;
  }

  /** Milliseconds that a request to it is expected to take: its price of a turn. */
  double expectedMillis() {
    return expectedMillis;
  }

  /**
   * Takes the configuration in; null for an endpoint that is gone.
   *
   * @return whether it is held from now on, or no longer: {@link #holds} changed
   */
  boolean configure(@Nullable EndpointPlan newPlan, long now) {
    plan = newPlan;
    Holds before = holds;
    if (newPlan != null) {
      limit.setMax(newPlan.maxConcurrency());
      rate = newPlan.rate() == null ? RateLimit.NONE : rate.as(newPlan.rate());
      holds = newPlan.hold() == EndpointPlan.Hold.NONE ? holds.end(now) : holds.begin(now);
    }
    settle();
    return !holds.equals(before);
  }

  /** Whether this process sends to it. What is in flight goes on as it was. */
  void own(boolean isOwned) {
    owned = isOwned;
    settle();
  }

  boolean isOwned() {
    return owned;
  }

  /**
   * Its lane was another process's until now, which knew its health. That one may have a request
   * under way: where the order counts, nothing begins before that has ended.
   */
  void takeOver(EndpointRow row, long now) {
    owned = true;
    health = new Health(row.health());
    news = new HealthNews(row.health().state());
    holds = row.holds();
    forget();
    settle();
    if (ordered() && plan != null) {
      quietUntil = now + plan.timeoutMillis();
    }
  }

  /** Whether anything is under way whose outcome is not stored. */
  boolean idle() {
    return inFlight.isEmpty();
  }

  /** When it got nothing on purpose. */
  Holds holds() {
    return holds;
  }

  /** When a delivery is too old: its age stands still while the endpoint is held. */
  long ends(OpenDelivery row, long maxAgeMillis, long now) {
    return row.acceptedMillis() + maxAgeMillis + holds.within(row.acceptedMillis(), now);
  }

  /**
   * Blocks or unblocks it, according to plan and health. Unblocked, it reads from the store anew.
   */
  void settle() {
    boolean nowBlocked =
        plan == null
            || !owned
            || stoppedFor != null
            || plan.hold() != EndpointPlan.Hold.NONE
            || health.state() == EndpointState.DISABLED;
    if (nowBlocked != blocked) {
      blocked = nowBlocked;
      forget();
    }
  }

  /** Forgets which rows there are; they are read again where it is not blocked. */
  void forget() {
    windows++;
    fresh = new Window(number, Side.FRESH, windows, windowRows);
    retry = new Window(number, Side.RETRY, windows, windowRows);
  }

  /** Gets nothing, whatever its plan, until {@link #resume}; forgets what is in flight. */
  void stop(String erasedTenant) {
    stoppedFor = erasedTenant;
    erased.addAll(trying);
    settle();
  }

  /** The erasure of a tenant is complete. */
  void resume(String erasedTenant) {
    if (erasedTenant.equals(stoppedFor)) {
      stoppedFor = null;
      settle();
    }
  }

  /** Whether a try that ended was of a delivery that an erasure deletes: it is forgotten. */
  boolean forgets(long seq) {
    boolean forgotten = erased.remove(seq);
    if (forgotten) {
      inFlight.remove(seq);
    }
    return forgotten;
  }

  /** It recovered or was re-enabled: on at once, from one request at a time upwards. */
  void restart() {
    quietUntil = 0;
    limit.restart();
  }

  /** Takes note of a delivery that was just stored. */
  void offerNew(long seq, long acceptedMillis) {
    if (!inFlight.containsKey(seq)) {
      fresh.offer(new OpenDelivery(0, seq, 0, acceptedMillis));
    }
  }

  /**
   * Takes note of an outcome that was just stored: the row is not in flight any more. What
   * retention ended during a try stays in flight until the try has its own outcome.
   *
   * @return whether it was in flight until now
   */
  boolean recorded(Committed.Recorded recorded) {
    if (trying.contains(recorded.delivery().seq())) {
      return false;
    }
    boolean wasInFlight = inFlight.remove(recorded.delivery().seq()) != null;
    if (recorded.applied() && recorded.next() instanceof Next.Retry(var due, var _)) {
      retry.offer(
          new OpenDelivery(
              due.toEpochMilli(),
              recorded.delivery().seq(),
              recorded.n(),
              recorded.acceptedMillis()));
    }
    return wasInFlight;
  }

  /**
   * Takes note of a delivery that was just opened again, or made due before its time. One in flight
   * goes on: its outcome says what follows.
   */
  void hasten(Committed.DueNow due) {
    OpenDelivery row = due.row();
    if (inFlight.replace(row.seq(), row) != null) {
      return;
    }
    Long before = due.before();
    if (before != null) {
      retry.take(new OpenDelivery(before, row.seq(), row.attempts(), row.acceptedMillis()));
    }
    retry.offer(row);
  }

  void merge(Page page) {
    Window window = page.request().side() == Side.FRESH ? fresh : retry;
    window.merge(page, inFlight::containsKey);
  }

  /** Whether a row that is in the store will be sent: in flight, held, or read later. */
  boolean accountsFor(Side side, OpenDelivery row) {
    return inFlight.containsKey(row.seq()) || (side == Side.FRESH ? fresh : retry).accountsFor(row);
  }

  /** How many deliveries it knows that are not in flight. */
  int held() {
    return fresh.size() + retry.size();
  }

  /** Hands out the pages that it needs. */
  void ask(Consumer<PageRequest> pages) {
    if (blocked) {
      return;
    }
    askOne(fresh, pages);
    askOne(retry, pages);
  }

  private static void askOne(Window window, Consumer<PageRequest> pages) {
    PageRequest request = window.ask();
    if (request != null) {
      pages.accept(request);
    }
  }

  /** A failing endpoint is probed with what failed before, so that new deliveries are spared. */
  boolean hasFresh(long now) {
    if (ordered()) {
      OpenDelivery first = firstInOrder();
      return first != null && first.due() == 0 && maySend(now);
    }
    boolean spared = health.state() == EndpointState.FAILING && hasDueRetry(now);
    return maySend(now) && fresh.first() != null && !spared;
  }

  boolean hasDueRetry(long now) {
    OpenDelivery first = ordered() ? firstInOrder() : retry.first();
    return first != null && first.due() > 0 && first.due() <= now && maySend(now);
  }

  private boolean ordered() {
    return plan != null && plan.ordered();
  }

  /**
   * Of both sets the delivery that was accepted first; null while that is not known. A replay may
   * bring more retries than are held: while one beyond them may be the one that holds the next,
   * they go first, as they are due.
   */
  private @Nullable OpenDelivery firstInOrder() {
    if (!fresh.complete() || !retry.complete()) {
      return null;
    }
    if (!retry.whole()) {
      return retry.first();
    }
    OpenDelivery next = fresh.first();
    OpenDelivery failed = retry.oldest();
    if (next == null || failed == null) {
      return next == null ? failed : next;
    }
    return next.seq() < failed.seq() ? next : failed;
  }

  private boolean maySend(long now) {
    return !blocked
        && fresh.loaded()
        && retry.loaded()
        && hasRoom()
        && now >= quietUntil
        && now >= rate.freeAt();
  }

  /** In order, the next one waits until the outcome of the one before is stored. */
  private boolean hasRoom() {
    return ordered() ? inFlight.isEmpty() : trying.size() < allowed();
  }

  private int allowed() {
    return health.state() == EndpointState.FAILING ? 1 : limit.value();
  }

  /** When it has something to do next that only time brings; {@link Long#MAX_VALUE} for never. */
  long wakeAt() {
    if (blocked || !hasRoom()) {
      return Long.MAX_VALUE;
    }
    OpenDelivery first = ordered() ? firstInOrder() : firstInTime();
    return first == null
        ? Long.MAX_VALUE
        : Math.max(first.due(), Math.max(quietUntil, rate.freeAt()));
  }

  private @Nullable OpenDelivery firstInTime() {
    return fresh.first() != null ? fresh.first() : retry.first();
  }

  /** Takes the next delivery of a queue: it is in flight from now on. */
  OpenDelivery begin(Queue queue, long now) {
    Window window = queue.isRetry() ? retry : fresh;
    OpenDelivery row = ordered() ? firstInOrder() : window.first();
    if (row == null) {
      throw new IllegalStateException("endpoint " + number + " had its turn without a delivery");
    }
    window.take(row);
    rate.begin(now);
    inFlight.put(row.seq(), row);
    trying.add(row.seq());
    tenant.began();
    return row;
  }

  /** What is in flight under {@code seq}. */
  OpenDelivery ended(long seq, Message.Result result) {
    OpenDelivery row = inFlight.get(seq);
    if (row == null) {
      throw new IllegalStateException("endpoint " + number + " had no seq " + seq + " in flight");
    }
    trying.remove(seq);
    tenant.ended();
    expectedMillis +=
        SMOOTHING * (Math.max(1, result.endMillis() - result.startMillis()) - expectedMillis);
    limit.observe(result.outcome(), result.status());
    return row;
  }

  /** A try that did not happen: the delivery waits where it was. */
  void putBack(OpenDelivery row) {
    inFlight.remove(row.seq());
    (row.due() == 0 ? fresh : retry).offer(row);
  }

  /** A failing endpoint is left alone between probes. */
  void pauseIfFailing(long now, RandomGenerator random) {
    if (health.state() == EndpointState.FAILING) {
      quietUntil = now + health.probePauseMillis(random);
    }
  }
}
