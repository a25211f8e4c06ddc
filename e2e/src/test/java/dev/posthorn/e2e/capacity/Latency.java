package dev.posthorn.e2e.capacity;

import java.time.Duration;
import java.util.Collection;

/**
 * How long events took from the producer's request to the receiver.
 *
 * @param count how many arrived
 * @param p50 the median
 * @param p99 one in a hundred took longer
 * @param max the longest
 */
record Latency(int count, Duration p50, Duration p99, Duration max) {

  static Latency of(Collection<Duration> all) {
    var sorted = all.stream().sorted().toList();
    if (sorted.isEmpty()) {
      return new Latency(0, Duration.ZERO, Duration.ZERO, Duration.ZERO);
    }
    int last = sorted.size() - 1;
    return new Latency(
        sorted.size(), sorted.get(last / 2), sorted.get((int) (last * 0.99)), sorted.get(last));
  }

  @Override
  public String toString() {
    return "p50 %7.1f ms, p99 %7.1f ms, most %7.1f ms"
        .formatted(millis(p50), millis(p99), millis(max));
  }

  private static double millis(Duration duration) {
    return duration.toNanos() / 1e6;
  }
}
