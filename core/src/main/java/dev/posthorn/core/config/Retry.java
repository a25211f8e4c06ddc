package dev.posthorn.core.config;

import java.util.List;

/**
 * When a failed delivery is tried again: the one form of the three spellings that a resource has.
 * The earlier of both bounds ends the delivery as a dead letter.
 *
 * @param delaySeconds the pause after each failed attempt, before jitter; k delays allow k + 1
 *     attempts
 * @param maxAgeSeconds how long after acceptance an attempt may still begin
 */
public record Retry(List<Long> delaySeconds, long maxAgeSeconds) {
  /** About 75 hours: 5 s, 30 s, 5 m, 30 m, 2 h, 5 h, 10 h, 14 h, 20 h, 24 h. */
  public static final List<Long> DEFAULT_DELAYS =
      List.of(5L, 30L, 300L, 1_800L, 7_200L, 18_000L, 36_000L, 50_400L, 72_000L, 86_400L);

  /** Five days. */
  public static final long DEFAULT_MAX_AGE_SECONDS = 432_000;

  /** What an endpoint without {@code retry} gets. */
  public static final Retry DEFAULT = new Retry(DEFAULT_DELAYS, DEFAULT_MAX_AGE_SECONDS);

  /** Copies the list. */
  public Retry {
    delaySeconds = List.copyOf(delaySeconds);
  }

  /** How many attempts a delivery has at most. */
  public int maxAttempts() {
    return delaySeconds.size() + 1;
  }
}
