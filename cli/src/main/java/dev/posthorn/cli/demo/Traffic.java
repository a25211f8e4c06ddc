package dev.posthorn.cli.demo;

import dev.posthorn.cli.client.PublishAnswer;
import dev.posthorn.cli.client.PublishRequest;
import dev.posthorn.cli.client.Publisher;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import redis.clients.jedis.RedisClient;
import redis.clients.jedis.StreamEntryID;

/** A few events a second, over HTTP and, where there is one, through a Redis stream. */
final class Traffic implements AutoCloseable {
  private static final int HTTP_EVERY_MS = 400;
  private static final int REDIS_EVERY_MS = 1100;
  private static final List<Kind> KINDS =
      List.of(
          new Kind("acme", "order.paid", "{\"order_id\": %d, \"total\": 4200}"),
          new Kind("acme", "invoice.paid", "{\"invoice\": %d, \"amount\": 99}"),
          new Kind("acme", "order.shipped", "{\"order_id\": %d, \"total\": 4200}"),
          new Kind("globex", "audit.login", "{\"user\": \"u%d\", \"ok\": true}"));

  private final Publisher publisher;
  private final Story story;
  private final Optional<RedisClient> redis;
  private final ScheduledExecutorService threads = Executors.newScheduledThreadPool(2);
  private final List<Future<?>> rhythms = new ArrayList<>();
  private final AtomicInteger published = new AtomicInteger();
  private final AtomicInteger streamed = new AtomicInteger();

  private record Kind(String tenant, String type, String data) {}

  /** Starts at once. */
  Traffic(Publisher publisher, Optional<RedisClient> redis, Story story) {
    this.publisher = publisher;
    this.redis = redis;
    this.story = story;
    rhythms.add(
        threads.scheduleAtFixedRate(this::publish, 0, HTTP_EVERY_MS, TimeUnit.MILLISECONDS));
    if (redis.isPresent()) {
      rhythms.add(
          threads.scheduleAtFixedRate(this::stream, 700, REDIS_EVERY_MS, TimeUnit.MILLISECONDS));
    }
  }

  private void publish() {
    int n = published.getAndIncrement();
    Kind kind = KINDS.get(n % KINDS.size());
    var event =
        new PublishRequest(
            kind.tenant(), kind.type(), kind.data().formatted(n), "demo-" + n, "/demo", null);
    try {
      switch (publisher.publish(event)) {
        case PublishAnswer.Accepted _ -> {}
        case PublishAnswer.Refused(String message) -> notPublished(kind, message);
        case PublishAnswer.Busy(String message, _) -> notPublished(kind, message);
        case PublishAnswer.Unreachable(String message) -> notPublished(kind, message);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void notPublished(Kind kind, String message) {
    if (!threads.isShutdown()) {
      story.note(kind.tenant(), kind.type(), "refused", message);
    }
  }

  private void stream() {
    int n = streamed.getAndIncrement();
    String event =
        "{\"tenant\": \"acme\", \"type\": \"order.refunded\", \"data\": {\"order_id\": %d, \"total\": 1}}"
            .formatted(n);
    redis.ifPresent(r -> r.xadd("shop", StreamEntryID.NEW_ENTRY, Map.of("event", event)));
  }

  /** Publishes no more. */
  @Override
  public void close() {
    rhythms.forEach(rhythm -> rhythm.cancel(false));
    threads.shutdownNow();
    publisher.close();
  }
}
