package dev.posthorn.e2e.capacity;

import static org.awaitility.Awaitility.await;

import dev.posthorn.e2e.fixture.Http;
import dev.posthorn.e2e.fixture.Manifests;
import dev.posthorn.e2e.fixture.Received;
import dev.posthorn.e2e.fixture.Receiver;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.awaitility.core.ConditionTimeoutException;

/**
 * Well-behaved tenants: each publishes at a steady pace, out of step with the others, to an
 * endpoint of its own that answers at once. Thread-safe.
 */
final class Crowd implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private final int tenants;
  private final long pauseNanos;
  private final Receiver receiver;
  private final Map<String, Long> sentNanos = new ConcurrentHashMap<>();
  private final Map<String, AtomicInteger> arrived = new ConcurrentHashMap<>();
  private final Set<String> accepted = ConcurrentHashMap.newKeySet();
  private final Queue<String> refused = new ConcurrentLinkedQueue<>();
  private final Queue<Duration> latencies = new ConcurrentLinkedQueue<>();
  private final AtomicInteger next = new AtomicInteger();

  Crowd(int tenants, int perSecond) throws IOException {
    this.tenants = tenants;
    this.pauseNanos = 1_000_000_000L / perSecond;
    this.receiver = Receiver.answering(this::arrived);
  }

  /** Its endpoints. */
  String manifest() {
    var yaml = new StringBuilder();
    for (int i = 0; i < tenants; i++) {
      String tenant = tenant(i);
      yaml.append(
          Manifests.endpoint(
              tenant, "in", receiver.url("/" + tenant), "\"*\"", "{scheme: none}", ""));
    }
    return yaml.toString();
  }

  private static String tenant(int number) {
    return "quiet-" + number;
  }

  /**
   * Publishes for that long and waits a little for what is under way.
   *
   * @return how long those took that arrived
   */
  Latency run(Http api, Duration time) throws InterruptedException {
    latencies.clear();
    long start = System.nanoTime();
    long end = start + time.toNanos();
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < tenants; i++) {
      long first = start + pauseNanos * i / tenants;
      String tenant = tenant(i);
      threads.add(Thread.ofVirtual().start(() -> publish(api, tenant, first, end)));
    }
    for (Thread each : threads) {
      each.join();
    }
    try {
      await("what is under way arrives").atMost(PATIENCE).until(() -> missing().isEmpty());
    } catch (ConditionTimeoutException late) {
      // The caller asks what is missing.
    }
    return Latency.of(latencies);
  }

  private void publish(Http api, String tenant, long first, long end) {
    for (long at = first; at < end; at += pauseNanos) {
      LockSupport.parkNanos(at - System.nanoTime());
      String key = tenant + "/" + next.incrementAndGet();
      sentNanos.put(key, System.nanoTime());
      HttpResponse<String> answer =
          api.publish(
              "{\"tenant\": \"%s\", \"type\": \"order.paid\", \"data\": {\"key\": \"%s\"}}"
                  .formatted(tenant, key));
      if (answer.statusCode() == 202) {
        accepted.add(key);
      } else {
        refused.add(key + ": " + answer.statusCode() + " " + answer.body());
      }
    }
  }

  private int arrived(Received request) {
    String key = Http.parse(request.text()).at("/data/key").asText();
    arrived.computeIfAbsent(key, _ -> new AtomicInteger()).incrementAndGet();
    Long sent = sentNanos.get(key);
    if (sent != null) {
      latencies.add(Duration.ofNanos(System.nanoTime() - sent));
    }
    return 204;
  }

  /** How many were accepted, over all runs. */
  int accepted() {
    return accepted.size();
  }

  /** What was not accepted, with the answers. */
  List<String> refused() {
    return List.copyOf(refused);
  }

  /** What was accepted and did not arrive. */
  Set<String> missing() {
    var missing = new TreeSet<>(accepted);
    missing.removeAll(arrived.keySet());
    return missing;
  }

  /** What arrived more than once. */
  List<String> repeated() {
    return arrived.entrySet().stream()
        .filter(each -> each.getValue().get() > 1)
        .map(Map.Entry::getKey)
        .toList();
  }

  @Override
  public void close() {
    receiver.close();
  }
}
