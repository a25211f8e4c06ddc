package dev.posthorn.dispatcher.lane;

import dev.posthorn.core.config.OutcomeClass;
import dev.posthorn.core.config.OutcomeClass.Consequence;
import dev.posthorn.dispatcher.store.EndpointRow;
import dev.posthorn.dispatcher.store.EndpointState;
import java.time.Instant;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** An endpoint's health: it counts failures, and says which state follows and when to probe. */
final class Health {
  /** So many failures in a row make an endpoint failing. */
  static final int FAILURES_TO_FAIL = 10;

  private static final long FIRST_PROBE_MILLIS = 5_000;
  private static final long LONGEST_PROBE_MILLIS = 300_000;

  private EndpointRow.Health stored;
  private @Nullable Long failingSince;
  private int failures;
  private int probes;

  Health(EndpointRow.Health stored) {
    this.stored = stored;
    this.failures = stored.failures();
    this.failingSince =
        stored.state() == EndpointState.FAILING ? stored.since().toEpochMilli() : null;
  }

  EndpointState state() {
    return stored.state();
  }

  /** When the failures began; null where nothing failed since the last success. */
  @Nullable Long failingSince() {
    return failingSince;
  }

  /** When the failures began, as far as is known, or the present state. */
  Instant began() {
    return failingSince == null ? stored.since() : Instant.ofEpochMilli(failingSince);
  }

  /** As it should be stored now. */
  EndpointRow.Health stored() {
    return stored;
  }

  /**
   * Takes an attempt's outcome in.
   *
   * @param disableAfterMillis see {@link EndpointPlan}
   * @return whether the state changed
   */
  boolean observe(OutcomeClass outcome, long disableAfterMillis, long now) {
    if (outcome == OutcomeClass.DELIVERED) {
      failures = 0;
      failingSince = null;
      probes = 0;
      return move(HealthSignal.SUCCESS, outcome, now);
    }
    if (ours(outcome)) {
      return false;
    }
    failures++;
    failingSince = failingSince == null ? Long.valueOf(now) : failingSince;
    return move(failureSignal(outcome, disableAfterMillis, now), outcome, now);
  }

  private HealthSignal failureSignal(OutcomeClass outcome, long disableAfterMillis, long now) {
    boolean disables = disableAfterMillis > 0;
    if (disables && outcome.consequence() == Consequence.DISABLE) {
      return HealthSignal.GONE;
    }
    if (disables && failingSince != null && now - failingSince >= disableAfterMillis) {
      return HealthSignal.FAILED_TOO_LONG;
    }
    return failures >= FAILURES_TO_FAIL ? HealthSignal.FAILED_OFTEN : HealthSignal.FAILURE;
  }

  /** What failed on our side says nothing about the receiver. */
  static boolean ours(OutcomeClass outcome) {
    return switch (outcome) {
      case SIGNING_UNAVAILABLE, PAYLOAD_ERROR, SHUTDOWN, EXPIRED, ENDPOINT_REMOVED, PROXY_ERROR ->
          true;
      default -> false;
    };
  }

  private boolean move(HealthSignal signal, OutcomeClass outcome, long now) {
    EndpointState next = signal.from(stored.state());
    if (next == stored.state()) {
      return false;
    }
    boolean success = outcome == OutcomeClass.DELIVERED;
    long since = next == EndpointState.FAILING && failingSince != null ? failingSince : now;
    stored =
        new EndpointRow.Health(
            next,
            Instant.ofEpochMilli(since),
            success ? Instant.ofEpochMilli(now) : stored.lastSuccess(),
            failures,
            success ? stored.lastError() : outcome,
            stored.enabledTime(),
            stored.removedTime());
    return true;
  }

  /** Whether a wish to ignore failures before {@code wish} has not acted yet and does so now. */
  boolean wishActs(@Nullable Long wish, long now) {
    if (wish == null || wish > now || stored.state() == EndpointState.HEALTHY) {
      return false;
    }
    Instant enabled = stored.enabledTime();
    return stored.since().toEpochMilli() < wish
        && (enabled == null || enabled.toEpochMilli() < wish);
  }

  /** Forgets all failures. */
  void enable(long wish, long now) {
    failures = 0;
    failingSince = null;
    probes = 0;
    stored =
        new EndpointRow.Health(
            HealthSignal.ENABLED.from(stored.state()),
            Instant.ofEpochMilli(now),
            stored.lastSuccess(),
            0,
            stored.lastError(),
            Instant.ofEpochMilli(wish),
            stored.removedTime());
  }

  /** How long a failing endpoint is left alone after a failed probe. */
  long probePauseMillis(RandomGenerator random) {
    long pause = Math.min(LONGEST_PROBE_MILLIS, FIRST_PROBE_MILLIS << Math.min(probes, 10));
    probes++;
    return RetrySchedule.jittered(pause, random);
  }
}
