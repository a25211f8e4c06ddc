package dev.posthorn.e2e.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.posthorn.e2e.fixture.Http;
import dev.posthorn.e2e.fixture.Received;
import java.util.Arrays;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

/** What one endpoint of the main job got. Every request is verified as it comes. Thread-safe. */
final class Arrivals {
  private final Scheme scheme;
  private final Map<String, Received> first = new ConcurrentHashMap<>();
  private final Map<Integer, AtomicInteger> accepted = new ConcurrentHashMap<>();
  private final Map<Integer, String> idOf = new ConcurrentHashMap<>();
  private final Queue<String> wrong = new ConcurrentLinkedQueue<>();
  private final AtomicInteger retries = new AtomicInteger();

  Arrivals(Scheme scheme) {
    this.scheme = scheme;
  }

  /** Every tenth event of each tenant fails once; the status to answer. */
  int answer(Received request) {
    int n = Http.parse(request.text()).path("data").path("n").asInt(-1);
    String id = request.eventId();
    if (!scheme.verifies(request)) {
      wrong.add("entry " + n + " does not verify: " + request.headers().map());
    }
    if (!id.equals(idOf.computeIfAbsent(n, none -> id))) {
      wrong.add("entry " + n + " came with two ids");
    }
    Received before = first.putIfAbsent(id, request);
    if (before == null && n / 20 % 10 == 3) {
      return 500;
    }
    if (before != null) {
      retries.incrementAndGet();
      if (!Arrays.equals(before.body(), request.body())) {
        wrong.add("entry " + n + " was retried with other bytes");
      }
    }
    accepted.computeIfAbsent(n, none -> new AtomicInteger()).incrementAndGet();
    return 200;
  }

  Set<Integer> numbers() {
    return accepted.keySet();
  }

  Received any() {
    return first.values().iterator().next();
  }

  int retries() {
    return retries.get();
  }

  void check(Set<Integer> expected) {
    assertThat(wrong).isEmpty();
    assertThat(numbers()).isEqualTo(expected);
    assertThat(accepted.values()).as("each once").allMatch(count -> count.get() == 1);
  }
}
