package dev.posthorn.e2e.kill;

import dev.posthorn.e2e.fixture.Http;
import dev.posthorn.e2e.fixture.RedisProcess;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.StreamEntryID;

/**
 * A producer over HTTP, which repeats an event until it is acknowledged, and one over Redis: one
 * entry for each of the former's events. On a thread of their own.
 */
final class Producers implements AutoCloseable {
  private static final long PAUSE_NANOS = 20_000_000;

  private final Supplier<Http> api;
  private final Ledger ledger;
  private final RedisProcess redis;
  private final AtomicInteger next = new AtomicInteger();
  private volatile boolean stopped;
  private final ExecutorService thread = Executors.newSingleThreadExecutor();

  Producers(Supplier<Http> api, Ledger ledger, RedisProcess redis) {
    this.api = api;
    this.ledger = ledger;
    this.redis = redis;
    thread.execute(this::run);
  }

  private void run() {
    try (Jedis jedis = redis.client()) {
      while (!stopped) {
        int n = next.incrementAndGet();
        publish("http-" + n);
        String key = "redis-" + n;
        jedis.xadd("load", StreamEntryID.NEW_ENTRY, Map.of("event", event(key)));
        ledger.acknowledged(key); // it is in the stream: acknowledged or not, it must arrive
      }
    }
  }

  private void publish(String key) {
    while (!stopped) {
      try {
        if (api.get().publish(event(key)).statusCode() == 202) {
          ledger.acknowledged(key);
          return;
        }
      } catch (UncheckedIOException dead) {
        // Not acknowledged: this producer asks again, with the same id.
      }
      LockSupport.parkNanos(PAUSE_NANOS);
    }
  }

  private static String event(String key) {
    return """
    {"tenant":"acme","type":"order.created","source":"load","id":"%s","data":{"key":"%s"}}\
    """
        .formatted(key, key);
  }

  /** Publishes no more; returns when the last answer is there. */
  @Override
  public void close() {
    stopped = true;
    thread.close();
  }
}
