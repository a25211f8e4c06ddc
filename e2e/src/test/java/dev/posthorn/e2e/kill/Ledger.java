package dev.posthorn.e2e.kill;

import dev.posthorn.e2e.fixture.Http;
import dev.posthorn.e2e.fixture.Received;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * What was acknowledged to producers, what arrived when, and when the process died. Thread-safe.
 */
final class Ledger {
  /**
   * A life that ended.
   *
   * @param time when it was killed
   * @param recovery from the start of its successor to the first delivery by it
   * @param crowd runnable threads per processor meanwhile, at least 1
   */
  record Kill(Instant time, Duration recovery, double crowd) {}

  private final Set<String> acknowledged = ConcurrentHashMap.newKeySet();
  private final Map<String, List<Instant>> arrived = new ConcurrentHashMap<>();
  private final AtomicInteger requests = new AtomicInteger();
  private final Random random;

  Ledger(long seed) {
    this.random = new Random(seed);
  }

  void acknowledged(String key) {
    acknowledged.add(key);
  }

  /** The status to answer: one in ten fails. */
  int arrived(Received request) {
    requests.incrementAndGet();
    synchronized (random) {
      if (random.nextInt(10) == 0) {
        return 500;
      }
    }
    String key = Http.parse(request.text()).path("data").path("key").asText();
    arrived.computeIfAbsent(key, none -> new CopyOnWriteArrayList<>()).add(request.time());
    return 200;
  }

  /** Requests so far, failed ones too. */
  int requests() {
    return requests.get();
  }

  int acknowledged() {
    return acknowledged.size();
  }

  Set<String> missing() {
    var missing = new TreeSet<>(acknowledged);
    missing.removeAll(arrived.keySet());
    return missing;
  }

  /**
   * When each event that arrived again after {@code kill}, and before the next, had first arrived.
   */
  List<Instant> repeatedAfter(Instant kill, Instant next) {
    var firsts = new ArrayList<Instant>();
    for (List<Instant> times : arrived.values()) {
      List<Instant> sorted = times.stream().sorted().toList();
      for (int i = 1; i < sorted.size(); i++) {
        if (sorted.get(i).isAfter(kill) && !sorted.get(i).isAfter(next)) {
          firsts.add(sorted.get(i - 1));
        }
      }
    }
    return firsts;
  }

  int repeated() {
    return arrived.values().stream().mapToInt(times -> times.size() - 1).sum();
  }
}
