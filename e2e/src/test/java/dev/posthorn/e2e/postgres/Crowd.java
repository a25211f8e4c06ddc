package dev.posthorn.e2e.postgres;

import dev.posthorn.e2e.fixture.Http;
import dev.posthorn.e2e.fixture.Received;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntUnaryOperator;
import java.util.function.Supplier;

/**
 * A producer that publishes each event until it is acknowledged, on a thread of its own, and the
 * receiver of all of them. Thread-safe.
 */
final class Crowd implements AutoCloseable {
  private static final long PAUSE_NANOS = 20_000_000;

  private final Supplier<Http> api;
  private final int events;
  private final IntUnaryOperator answer;
  private final Set<Integer> acknowledged = ConcurrentHashMap.newKeySet();
  private final Map<Integer, AtomicInteger> arrived = new ConcurrentHashMap<>();
  private final AtomicInteger requests = new AtomicInteger();
  private final AtomicInteger refused = new AtomicInteger();
  private final Thread thread = Thread.ofPlatform().unstarted(this::run);
  private volatile boolean stopped;

  /**
   * Prepares the producer; {@link #start} starts it.
   *
   * @param api where to publish now
   * @param events how many
   * @param answer the receiver's status for its n-th request
   */
  Crowd(Supplier<Http> api, int events, IntUnaryOperator answer) {
    this.api = api;
    this.events = events;
    this.answer = answer;
  }

  void start() {
    thread.start();
  }

  private void run() {
    for (int n = 1; n <= events && !stopped; n++) {
      while (!stopped && !publish(n)) {
        LockSupport.parkNanos(PAUSE_NANOS);
      }
    }
  }

  private boolean publish(int n) {
    try {
      String event =
          "{\"tenant\":\"acme\",\"type\":\"order.created\",\"source\":\"/test\",\"id\":\"%d\",\"data\":{\"n\":%d}}"
              .formatted(n, n);
      if (api.get().publish(event).statusCode() == 202) {
        acknowledged.add(n);
        return true;
      }
    } catch (UncheckedIOException dead) {
      // Not acknowledged: it is published again, with the same id.
    }
    refused.incrementAndGet();
    return false;
  }

  /** The receiver. */
  int arrived(Received request) {
    int status = answer.applyAsInt(requests.incrementAndGet());
    if (status < 300) {
      int n = Http.parse(request.text()).path("data").path("n").asInt();
      arrived.computeIfAbsent(n, _ -> new AtomicInteger()).incrementAndGet();
    }
    return status;
  }

  int acknowledged() {
    return acknowledged.size();
  }

  /** Publishes that were not acknowledged. */
  int refused() {
    return refused.get();
  }

  /** Requests that the receiver got. */
  int requests() {
    return requests.get();
  }

  Set<Integer> missing() {
    var missing = new TreeSet<>(acknowledged);
    missing.removeAll(arrived.keySet());
    return missing;
  }

  /** Deliveries that the receiver had taken already. */
  int repeated() {
    return arrived.values().stream().mapToInt(times -> times.get() - 1).sum();
  }

  @Override
  public void close() {
    stopped = true;
    try {
      thread.join();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
