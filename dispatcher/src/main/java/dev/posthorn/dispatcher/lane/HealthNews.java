package dev.posthorn.dispatcher.lane;

import dev.posthorn.core.config.OutcomeClass;
import dev.posthorn.dispatcher.lane.HealthNotice.Kind;
import dev.posthorn.dispatcher.store.EndpointState;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Which changes of an endpoint's health are told. A failed delivery of a system event never brings
 * another: as long as nothing else failed, the endpoint changes in silence.
 */
final class HealthNews {
  private static final long LONGEST_WARNING_MILLIS = Duration.ofDays(1).toMillis();

  /** A delivery that was not of a system event failed since the last success. */
  private boolean failed;

  /** The present state was told. */
  private boolean told;

  private boolean warned;

  /** A state that an earlier life of the process has stored was told with it. */
  HealthNews(EndpointState stored) {
    failed = stored != EndpointState.HEALTHY;
    told = failed;
  }

  /** How long before an endpoint is disabled that is told: a quarter of the time, at most a day. */
  static long warningMillis(long disableAfterMillis) {
    return Math.min(LONGEST_WARNING_MILLIS, disableAfterMillis / 4);
  }

  /**
   * An attempt ended.
   *
   * @param ofSystemEvent whether it was one of a system event
   * @param before the state before it
   * @param after the state that follows
   * @return what is told; null for nothing
   */
  @Nullable Kind observed(
      OutcomeClass outcome, boolean ofSystemEvent, EndpointState before, EndpointState after) {
    if (outcome == OutcomeClass.DELIVERED) {
      return succeeded(before, after);
    }
    if (Health.ours(outcome)) {
      return null;
    }
    failed |= !ofSystemEvent;
    boolean news = failed && after != EndpointState.HEALTHY && (before != after || !told);
    if (!news) {
      return null;
    }
    told = true;
    return after == EndpointState.FAILING ? Kind.FAILING : Kind.DISABLED;
  }

  private @Nullable Kind succeeded(EndpointState before, EndpointState after) {
    boolean recovered = told && before == EndpointState.FAILING;
    if (after == EndpointState.HEALTHY) {
      forget();
      return recovered ? Kind.RECOVERED : null;
    }
    return null;
  }

  /** Somebody re-enabled it. */
  Kind enabled() {
    forget();
    return Kind.ENABLED;
  }

  private void forget() {
    failed = false;
    told = false;
    warned = false;
  }

  /**
   * When to tell that the endpoint is disabled soon; {@link Long#MAX_VALUE} for never.
   *
   * @param failingSince when the failures began; null where there are none
   * @param disableAfterMillis see {@link EndpointPlan}
   */
  long warnAt(EndpointState state, @Nullable Long failingSince, long disableAfterMillis) {
    if (warned || !failed || failingSince == null || state == EndpointState.DISABLED) {
      return Long.MAX_VALUE;
    }
    return disableAfterMillis == 0
        ? Long.MAX_VALUE
        : failingSince + disableAfterMillis - warningMillis(disableAfterMillis);
  }

  /** It was told. */
  void warned() {
    warned = true;
  }
}
