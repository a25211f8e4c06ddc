package dev.posthorn.e2e.capacity;

import dev.posthorn.e2e.fixture.Http;
import dev.posthorn.e2e.fixture.Manifests;
import dev.posthorn.e2e.fixture.Receiver;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * A tenant that publishes as fast as it may, in batches, to an endpoint that takes requests and
 * never answers one. Thread-safe.
 */
final class Flood implements AutoCloseable {
  static final String TENANT = "noisy";
  private static final int BATCH = 100;

  private final CountDownLatch closed = new CountDownLatch(1);
  private final AtomicInteger hanging = new AtomicInteger();
  private final AtomicInteger accepted = new AtomicInteger();
  private final AtomicInteger refused = new AtomicInteger();
  private final Receiver receiver;

  Flood() throws IOException {
    receiver =
        Receiver.answering(_ -> {
          hanging.incrementAndGet();
          try {
            closed.await();
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
          return 503;
        });
  }

  /** Its endpoint, which wants as many requests at once as a tenant may have by default. */
  String manifest() {
    return Manifests.endpoint(
        TENANT,
        "hangs",
        receiver.url("/in"),
        "\"*\"",
        "{scheme: none}",
        "  delivery: {maxConcurrency: 50}\n");
  }

  /**
   * Publishes until {@code events} are accepted; waits as long as it is told where it is refused.
   */
  void publish(Http api, int events) {
    while (accepted.get() < events) {
      HttpResponse<String> answer =
          api.post("/v1/events", "application/cloudevents-batch+json", batch());
      switch (answer.statusCode()) {
        case 202 -> accepted.addAndGet(BATCH);
        case 429 -> {
          refused.incrementAndGet();
          String wait = answer.headers().firstValue("retry-after").orElseThrow();
          LockSupport.parkNanos(TimeUnit.SECONDS.toNanos(Long.parseLong(wait)));
        }
        default ->
            throw new AssertionError("a batch: " + answer.statusCode() + " " + answer.body());
      }
    }
  }

  private static String batch() {
    String event =
        """
        {"specversion": "1.0", "tenant": "%s", "type": "order.paid", "source": "flood",
         "id": "%s", "data": {}}\
        """
            .formatted(TENANT, "%s");
    long start = System.nanoTime();
    return IntStream.range(0, BATCH)
        .mapToObj(i -> event.formatted(start + "-" + i))
        .collect(Collectors.joining(",", "[", "]"));
  }

  /** Events that were accepted. */
  int accepted() {
    return accepted.get();
  }

  /** Batches that were answered 429. */
  int refused() {
    return refused.get();
  }

  /** Requests that the endpoint took; it answered none. */
  int hanging() {
    return hanging.get();
  }

  @Override
  public void close() {
    closed.countDown();
    receiver.close();
  }
}
