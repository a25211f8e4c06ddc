package dev.posthorn.e2e.capacity;

import dev.posthorn.e2e.fixture.Http;
import dev.posthorn.e2e.fixture.Manifests;
import dev.posthorn.e2e.fixture.Received;
import dev.posthorn.e2e.fixture.Receiver;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

/**
 * As much load as the process takes: each publisher publishes its next event when the former has
 * arrived at its receiver. Thread-safe.
 */
final class ClosedLoop implements AutoCloseable {
  private static final int ENDPOINTS = 20;
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final String TENANT = "loop-";

  /** What arrived in a stretch of time. */
  record Window(double perSecond, Latency latency) {}

  private final Receiver receiver;
  private final Map<String, CountDownLatch> underWay = new ConcurrentHashMap<>();
  private final AtomicInteger next = new AtomicInteger();
  private final AtomicInteger lost = new AtomicInteger();
  private final List<Thread> publishers = new ArrayList<>();
  private volatile Queue<Duration> latencies = new ConcurrentLinkedQueue<>();
  private volatile boolean stopped;

  ClosedLoop() throws IOException {
    receiver = Receiver.answering(this::arrived);
  }

  /** Its endpoints, each of another tenant. */
  String manifest() {
    var yaml = new StringBuilder();
    for (int i = 0; i < ENDPOINTS; i++) {
      String url = receiver.url("/" + i);
      yaml.append(Manifests.endpoint(TENANT + i, "in", url, "\"*\"", "{scheme: none}", ""));
    }
    return yaml.toString();
  }

  /** Begins to publish from so many threads. */
  void start(Http api, int threads) {
    IntStream.range(0, threads)
        .mapToObj(_ -> Thread.ofVirtual().start(() -> run(api)))
        .forEach(publishers::add);
  }

  private void run(Http api) {
    try {
      while (!stopped) {
        publish(api);
      }
    } catch (InterruptedException end) {
      Thread.currentThread().interrupt();
    }
  }

  private void publish(Http api) throws InterruptedException {
    int number = next.incrementAndGet();
    String key = Integer.toString(number);
    var arrival = new CountDownLatch(1);
    underWay.put(key, arrival);
    long sent = System.nanoTime();
    api.accepted(TENANT + number % ENDPOINTS, "order.paid", "{\"key\": \"" + key + "\"}");
    if (arrival.await(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
      latencies.add(Duration.ofNanos(System.nanoTime() - sent));
    } else {
      lost.incrementAndGet();
    }
  }

  private int arrived(Received request) {
    CountDownLatch waiting = underWay.remove(Http.parse(request.text()).at("/data/key").asText());
    if (waiting != null) {
      waiting.countDown();
    }
    return 204;
  }

  /** Looks on for that long. */
  Window window(Duration time) throws InterruptedException {
    var seen = new ConcurrentLinkedQueue<Duration>();
    latencies = seen;
    long start = System.nanoTime();
    TimeUnit.MILLISECONDS.sleep(time.toMillis());
    double seconds = (System.nanoTime() - start) / 1e9;
    List<Duration> all = List.copyOf(seen);
    return new Window(all.size() / seconds, Latency.of(all));
  }

  /** Publishes nothing more; returns how many did not arrive within {@code PATIENCE}. */
  int stop() throws InterruptedException {
    stopped = true;
    for (Thread publisher : publishers) {
      publisher.join();
    }
    return lost.get();
  }

  @Override
  public void close() {
    stopped = true;
    publishers.forEach(Thread::interrupt);
    receiver.close();
  }
}
