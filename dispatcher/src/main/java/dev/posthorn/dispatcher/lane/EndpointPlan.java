package dev.posthorn.dispatcher.lane;

import dev.posthorn.dispatcher.store.EndpointRow;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the scheduler must know of a configured endpoint.
 *
 * @param row number, tenant and stored health; the health counts only where the scheduler does not
 *     know the endpoint yet
 * @param hold why nothing may be sent although the endpoint is configured
 * @param maxConcurrency most requests at once, from 1
 * @param delayMillis waiting times between attempts: k of them allow k + 1 attempts
 * @param maxAgeMillis how long after the event's acceptance a delivery may be tried
 * @param disableAfterMillis how long nothing may succeed before the endpoint is disabled; 0 for
 *     never, and then a 410 does not disable it either
 * @param ignoreFailuresBefore epoch milliseconds: failures before it are forgotten, once; null for
 *     no such wish
 * @param ordered whether one delivery waits for the one before, through all of its attempts
 * @param timeoutMillis how long a request may take at most
 * @param rate most requests in a time; null for no limit
 */
public record EndpointPlan(
    EndpointRow row,
    Hold hold,
    int maxConcurrency,
    List<Long> delayMillis,
    long maxAgeMillis,
    long disableAfterMillis,
    @Nullable Long ignoreFailuresBefore,
    boolean ordered,
    long timeoutMillis,
    @Nullable Rate rate) {
  /**
   * How often requests may begin.
   *
   * @param requests so many, from 1
   * @param periodMillis in any time of this length
   */
  public record Rate(int requests, long periodMillis) {}

  /** Why a configured endpoint gets nothing. */
  public enum Hold {
    /** It gets its deliveries. */
    NONE,
    /** The user asked to wait. */
    SUSPENDED,
    /** There is no key to sign with. */
    PAUSED,
    /** The configuration may be too old: a revocation may be missing. */
    STALE
  }
}
