package dev.posthorn.dispatcher.lane;

import dev.posthorn.dispatcher.store.Next;
import java.time.Instant;
import java.util.List;
import java.util.random.RandomGenerator;

/** When a failed delivery is tried again, or that it is not. */
final class RetrySchedule {
  /**
   * Waiting times vary by this share in both directions, so that failures do not come back as one.
   */
  private static final double JITTER = 0.2;

  /** The longest wait that a receiver may ask for. */
  private static final long MAX_RETRY_AFTER_MILLIS = 86_400_000;

  private RetrySchedule() {}

  /**
   * What follows the failed attempt {@code n}. Whichever ends first ends the delivery: the schedule
   * or the age.
   *
   * @param delayMillis the schedule
   * @param endsMillis when the delivery is too old, epoch milliseconds
   */
  static Next afterFailure(
      List<Long> delayMillis,
      int n,
      long endsMillis,
      Message.Result result,
      RandomGenerator random) {
    if (n > delayMillis.size()) {
      return new Next.Dead();
    }
    long wait = jittered(delayMillis.get(n - 1), random);
    long asked = Math.min(result.retryAfterMillis(), MAX_RETRY_AFTER_MILLIS);
    long due = result.endMillis() + Math.max(wait, asked);
    return due > endsMillis
        ? new Next.Dead()
        : new Next.Retry(Instant.ofEpochMilli(due), result.body());
  }

  /** {@code millis} give or take a fifth. */
  static long jittered(long millis, RandomGenerator random) {
    return Math.round(millis * (1 + JITTER * (2 * random.nextDouble() - 1)));
  }
}
