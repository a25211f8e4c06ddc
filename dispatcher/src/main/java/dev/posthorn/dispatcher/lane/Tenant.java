package dev.posthorn.dispatcher.lane;

import org.jspecify.annotations.Nullable;

/** A tenant as the scheduler sees it: its endpoints with work, and its share. */
final class Tenant extends RoundRobin.Member {
  /** Every so many turns belong to retries, so that steady traffic cannot starve them. */
  private static final int RETRY_TURN = 5;

  private final String name;
  private final RoundRobin<Endpoint.Queue> fresh = new RoundRobin<>();
  private final RoundRobin<Endpoint.Queue> retries = new RoundRobin<>();
  private TenantPlan plan;
  private int sending;
  private int turns;

  Tenant(String name, TenantPlan plan) {
    this.name = name;
    this.plan = plan;
  }

  String name() {
    return name;
  }

  void setPlan(TenantPlan newPlan) {
    plan = newPlan;
  }

  @Override
  int weight() {
    return plan.weight();
  }

  /** Whether it may have another request under way. */
  boolean hasRoom() {
    return sending < plan.maxConcurrency();
  }

  void began() {
    sending++;
  }

  void ended() {
    sending--;
  }

  /** Lets an endpoint's queues take part according to what they have to send now. */
  void arrange(Endpoint endpoint, long now) {
    arrange(fresh, endpoint.freshQueue(), endpoint.hasFresh(now));
    arrange(retries, endpoint.retryQueue(), endpoint.hasDueRetry(now));
  }

  private static void arrange(
      RoundRobin<Endpoint.Queue> ring, Endpoint.Queue queue, boolean ready) {
    if (ready) {
      ring.join(queue);
    } else {
      ring.leave(queue);
    }
  }

  /** Whose turn it is: first attempts before retries, but for every fifth turn. */
  Endpoint.@Nullable Queue next() {
    turns++;
    boolean retriesFirst = turns % RETRY_TURN == 0;
    Endpoint.Queue first = retriesFirst ? retries.next() : fresh.next();
    if (first != null) {
      return first;
    }
    return retriesFirst ? fresh.next() : retries.next();
  }

  /** Whether any of its endpoints has something to send. */
  boolean hasWork() {
    return !fresh.isEmpty() || !retries.isEmpty();
  }

  void charge(Endpoint.Queue queue, double cost) {
    (queue.isRetry() ? retries : fresh).charge(queue, cost);
  }
}
