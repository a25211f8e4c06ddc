package dev.posthorn.dispatcher.store;

import java.time.Duration;

/**
 * What the store keeps, whichever bound is reached first.
 *
 * @param payload how long payloads and excerpts are kept, from acceptance and from the attempt
 * @param log how long events, attempts, dead letters and rejected records are kept; payloads never
 *     outlive it
 * @param audit how long the audit log is kept
 * @param maxBytes size of the database above which the oldest go before their time
 * @param dedupeKeys how many idempotency keys are kept at most within their {@link #DEDUPE}
 */
public record Retention(
    Duration payload, Duration log, Duration audit, long maxBytes, long dedupeKeys) {
  /** How long a producer's id is remembered. */
  public static final Duration DEDUPE = Duration.ofDays(2);

  /** How long a system event is remembered, so that its cause does not bring it again. */
  public static final Duration NOTICE = Duration.ofDays(30);

  /** How long deliveries wait for an endpoint that is gone. */
  public static final Duration REMOVED = Duration.ofDays(7);

  /** What is kept where no settings say otherwise. */
  public static final Retention DEFAULT =
      new Retention(
          Duration.ofDays(30), Duration.ofDays(90), Duration.ofDays(365), 8L << 30, 10_000_000);

  /** Checks that every bound is positive. */
  public Retention {
    if (!payload.isPositive() || !log.isPositive() || !audit.isPositive()) {
      throw new IllegalArgumentException(
          "retention of %s, %s and %s must be positive: set at least one day"
              .formatted(payload, log, audit));
    }
    if (maxBytes <= 0 || dedupeKeys <= 0) {
      throw new IllegalArgumentException(
          "retention of " + maxBytes + " bytes and " + dedupeKeys + " keys must be positive");
    }
    if (payload.compareTo(log) > 0) {
      payload = log;
    }
  }
}
