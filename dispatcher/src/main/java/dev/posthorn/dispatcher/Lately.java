package dev.posthorn.dispatcher;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What was prepared a short time ago for a subject, such as an endpoint, so that it is not for each
 * attempt.
 */
final class Lately<K> {
  /** What was prepared and then not written is prepared again after it. */
  private static final Duration SHORT = Duration.ofMinutes(1);

  private final Map<K, Last> last = new ConcurrentHashMap<>();

  private record Last(String name, Instant time) {}

  /** Whether {@code name} was not prepared for the subject just now; from now on it was. */
  boolean due(K subject, String name, Instant now) {
    Last known = last.get(subject);
    boolean due =
        known == null || !known.name().equals(name) || known.time().plus(SHORT).isBefore(now);
    if (due) {
      last.put(subject, new Last(name, now));
    }
    return due;
  }
}
