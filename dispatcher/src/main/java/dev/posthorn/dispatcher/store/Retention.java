package dev.posthorn.dispatcher.store;

import java.time.Duration;

/**
 * What the store keeps, whichever bound is reached first.
 *
 * @param payload how long payloads and excerpts are kept, from acceptance and from the attempt
 * @param log how long events, attempts, dead letters and rejected records are kept; payloads never
 *     outlive it
 * @param maxBytes size of the database above which the oldest go before their time
 * @param dedupeKeys how many idempotency keys are kept at most within their {@link #DEDUPE}
 */
public record Retention(Duration payload, Duration log, long maxBytes, long dedupeKeys) {
  /** How long a producer's id is remembered. */
  public static final Duration DEDUPE = Duration.ofDays(2);

  /** What is kept where no settings say otherwise. */
  public static final Retention DEFAULT =
      new Retention(Duration.ofDays(30), Duration.ofDays(90), 8L << 30, 10_000_000);

  /** Checks that every bound is positive. */
  public Retention {
    if (!payload.isPositive() || !log.isPositive()) {
      throw new IllegalArgumentException(
          "retention " + payload + " and " + log + " must be positive: set at least one day");
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
