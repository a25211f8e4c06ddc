package dev.posthorn.core.resolve;

import dev.posthorn.core.config.Retry;
import dev.posthorn.crds.WebhookEndpointSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The three spellings of {@code retry} -> one list of pauses. */
final class RetryResolver {
  /** Attempts of a backoff without {@code maxAttempts}: the most that the field admits. */
  private static final int MAX_ATTEMPTS = 1_000;

  private RetryResolver() {}

  static Retry resolve(WebhookEndpointSpec.Retry retry) {
    long maxAge = retry.maxAgeSeconds();
    if (!retry.scheduleSeconds().isEmpty()) {
      return new Retry(retry.scheduleSeconds().stream().map(Integer::longValue).toList(), maxAge);
    }
    Integer maxAttempts = retry.maxAttempts();
    WebhookEndpointSpec.Backoff backoff = retry.backoff();
    List<Long> delays =
        backoff == null
            ? defaults(maxAttempts)
            : growing(backoff, Objects.requireNonNullElse(maxAttempts, MAX_ATTEMPTS), maxAge);
    return new Retry(delays, maxAge);
  }

  /** The default schedule, cut or continued with its last pause to fit the attempts. */
  private static List<Long> defaults(@Nullable Integer maxAttempts) {
    if (maxAttempts == null) {
      return Retry.DEFAULT_DELAYS;
    }
    var delays = new ArrayList<Long>(maxAttempts);
    for (int i = 0; i < maxAttempts - 1; i++) {
      delays.add(
          i < Retry.DEFAULT_DELAYS.size()
              ? Retry.DEFAULT_DELAYS.get(i)
              : Retry.DEFAULT_DELAYS.getLast());
    }
    return delays;
  }

  /** Pauses beyond the age limit are left out: no attempt would follow them. */
  private static List<Long> growing(
      WebhookEndpointSpec.Backoff backoff, int maxAttempts, long maxAge) {
    var delays = new ArrayList<Long>();
    double next = backoff.initialSeconds();
    long age = 0;
    while (delays.size() < maxAttempts - 1 && age <= maxAge) {
      long delay = Math.min(Math.round(next), backoff.maxSeconds());
      delays.add(delay);
      age += delay;
      next = Math.min(next * backoff.multiplier(), backoff.maxSeconds());
    }
    return delays;
  }
}
