package dev.posthorn.e2e.postgres;

import com.standardwebhooks.Webhook;
import com.standardwebhooks.exceptions.EmptyWebhookSecretException;
import com.standardwebhooks.exceptions.WebhookVerificationException;
import dev.posthorn.e2e.fixture.Http;
import dev.posthorn.e2e.fixture.Received;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import java.util.stream.IntStream;

/**
 * Steady traffic of several tenants through whichever process answers, and its receiver: what was
 * acknowledged, when, and how often it came. Thread-safe.
 */
final class Traffic implements AutoCloseable {
  private static final int PUBLISHERS = 2;
  private static final long PAUSE_NANOS = 8_000_000;

  private final Function<Random, Http> api;
  private final int tenants;
  private final AtomicInteger next = new AtomicInteger();
  private final Map<Integer, Long> acknowledged = new ConcurrentHashMap<>();
  private final Map<Integer, AtomicInteger> arrived = new ConcurrentHashMap<>();
  private final Map<Integer, List<String>> keys = new ConcurrentHashMap<>();
  private final AtomicInteger wronglySigned = new AtomicInteger();
  private final AtomicLong longestNanos = new AtomicLong();
  private final List<Thread> publishers;
  private volatile boolean stopped;

  /** Prepares it; {@link #start} starts it. */
  Traffic(Function<Random, Http> api, int tenants, long seed) {
    this.api = api;
    this.tenants = tenants;
    publishers =
        IntStream.range(0, PUBLISHERS)
            .mapToObj(i -> Thread.ofPlatform().unstarted(() -> run(new Random(seed + i))))
            .toList();
  }

  void start() {
    publishers.forEach(Thread::start);
  }

  private void run(Random random) {
    while (!stopped) {
      int n = next.incrementAndGet();
      while (!publish(n, random)) {
        LockSupport.parkNanos(5 * PAUSE_NANOS);
      }
      LockSupport.parkNanos(PAUSE_NANOS);
    }
  }

  private boolean publish(int n, Random random) {
    String event =
        "{\"tenant\":\"t%d\",\"type\":\"order.created\",\"source\":\"/test\",\"id\":\"%d\",\"data\":{\"n\":%d}}"
            .formatted(n % tenants, n, n);
    try {
      if (api.apply(random).publish(event).statusCode() == 202) {
        acknowledged.put(n, System.nanoTime());
        return true;
      }
    } catch (UncheckedIOException dead) {
      // Not acknowledged: it is published again, with the same id.
    }
    return false;
  }

  /** The receiver of a tenant knows this key from now on. */
  void mayBeSignedWith(int tenant, String key) {
    keys.computeIfAbsent(tenant, _ -> new CopyOnWriteArrayList<>()).add(key);
  }

  /** Requests that no key of their tenant had signed. */
  int wronglySigned() {
    return wronglySigned.get();
  }

  private boolean isSigned(Received request, int tenant) {
    return keys.getOrDefault(tenant, List.of()).stream().anyMatch(key -> isSigned(request, key));
  }

  private static boolean isSigned(Received request, String key) {
    try {
      new Webhook(key).verify(request.text(), request.headers());
      return true;
    } catch (EmptyWebhookSecretException | WebhookVerificationException wrong) {
      return false;
    }
  }

  /** The receiver: one in twenty fails at first. */
  int arrived(Received request) {
    int n = Http.parse(request.text()).path("data").path("n").asInt();
    if (!isSigned(request, n % tenants)) {
      wronglySigned.incrementAndGet();
    }
    if (n % 20 == 0 && request.attempt() == 1) {
      return 503;
    }
    Long since = acknowledged.get(n);
    if (since != null) {
      longestNanos.accumulateAndGet(System.nanoTime() - since, Math::max);
    }
    arrived.computeIfAbsent(n, _ -> new AtomicInteger()).incrementAndGet();
    return 204;
  }

  /** Publishes nothing new; returns when what is under way is acknowledged. */
  void stop() throws InterruptedException {
    stopped = true;
    for (Thread publisher : publishers) {
      publisher.join();
    }
  }

  int acknowledged() {
    return acknowledged.size();
  }

  Set<Integer> missing() {
    var missing = new TreeSet<>(acknowledged.keySet());
    missing.removeAll(arrived.keySet());
    return missing;
  }

  /** Deliveries that the receiver had taken already. */
  int repeated() {
    return arrived.values().stream().mapToInt(times -> times.get() - 1).sum();
  }

  /** The longest time from a 202 to the arrival, since the last call. */
  double longestSeconds() {
    return longestNanos.getAndSet(0) / 1e9;
  }

  @Override
  public void close() {
    stopped = true;
    publishers.forEach(Thread::interrupt);
  }
}
