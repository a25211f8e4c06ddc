package dev.posthorn.dispatcher;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** What was prepared a short time ago for an endpoint, so that it is not for every attempt. */
final class Lately {
  /** What was prepared and then not written is prepared again after it. */
  private static final Duration SHORT = Duration.ofMinutes(1);

  private final Map<Integer, Last> last = new ConcurrentHashMap<>();

  private record Last(String name, Instant time) {}

  /** Whether {@code name} was not prepared for the endpoint just now; from now on it was. */
  boolean due(int endpoint, String name, Instant now) {
    Last known = last.get(endpoint);
    boolean due =
        known == null || !known.name().equals(name) || known.time().plus(SHORT).isBefore(now);
    if (due) {
      last.put(endpoint, new Last(name, now));
    }
    return due;
  }
}
