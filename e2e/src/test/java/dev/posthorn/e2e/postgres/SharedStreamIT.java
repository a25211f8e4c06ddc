package dev.posthorn.e2e.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.posthorn.dispatcher.store.PostgresProcess;
import dev.posthorn.e2e.fixture.Http;
import dev.posthorn.e2e.fixture.Manifests;
import dev.posthorn.e2e.fixture.PosthornProcess;
import dev.posthorn.e2e.fixture.Received;
import dev.posthorn.e2e.fixture.Receiver;
import dev.posthorn.e2e.fixture.RedisProcess;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.StreamEntryID;

/**
 * Several processes read one Redis stream as one consumer group: each record is stored once, also
 * where who has read it dies before it is acknowledged, or is paused while others take it over.
 */
class SharedStreamIT {
  private static final int RECORDS = 3_000;
  private static final int IN_FLIGHT = 16;
  private static final int TENANTS = 6;
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  private final PostgresProcess server = PostgresProcess.durable();
  private final String database = server.create();
  private final Map<Integer, Integer> arrivals = new ConcurrentHashMap<>();
  @TempDir private Path directory;

  @Test
  void eachRecordIsStoredOnceWhateverHappensToItsReader() throws Exception {
    Manifests manifests = Manifests.in(directory);
    try (var redis = RedisProcess.start(directory.resolve("redis"));
        var receiver = Receiver.answering(this::arrived);
        var fleet = new Fleet(manifests, directory, server, database, IN_FLIGHT)) {
      declare(manifests, redis, receiver);
      PosthornProcess killed = fleet.start();
      PosthornProcess paused = fleet.start();
      fleet.start();
      until("all read", () -> fleet.all().stream().allMatch(each -> connected(each)));
      add(redis, 0, RECORDS / 3);
      until("each has read some", () -> fleet.all().stream().allMatch(SharedStreamIT::hasRead));
      add(redis, RECORDS / 3, 2 * RECORDS / 3);
      fleet.without(killed);
      killed.kill();
      fleet.without(paused);
      Fleet.signal(paused, "STOP");
      add(redis, 2 * RECORDS / 3, RECORDS);
      try {
        until("all arrive", () -> arrivals.size() == RECORDS);
      } finally {
        Fleet.signal(paused, "CONT");
      }
      until("who was paused ends", () -> !paused.isAlive());
      until("all is acknowledged", () -> pending(redis) == 0);
      until("nothing is open", () -> number("SELECT count(*) FROM delivery") == 0);
    }
    assertThat(number("SELECT count(*) FROM event")).isEqualTo(RECORDS);
    assertThat(number("SELECT count(*) FROM attempt WHERE terminal = 1")).isEqualTo(RECORDS);
    assertThat(arrivals.values().stream().mapToInt(times -> times - 1).sum())
        .as("requests in flight of two processes that were lost")
        .isLessThanOrEqualTo(2 * IN_FLIGHT);
  }

  private int arrived(Received request) {
    arrivals.merge(Http.parse(request.text()).path("data").asInt(), 1, Integer::sum);
    return 204;
  }

  private static void declare(Manifests manifests, RedisProcess redis, Receiver receiver)
      throws IOException {
    manifests.write("stream.yaml", Manifests.stream(redis.address(), "orders"));
    for (int tenant = 0; tenant < TENANTS; tenant++) {
      String name = "t" + tenant;
      manifests.write(
          name + ".yaml",
          Manifests.endpoint(
              name, "orders", receiver.url("/" + name), "\"*\"", "{scheme: none}", ""));
    }
  }

  private static boolean connected(PosthornProcess process) {
    return process.management().metric("posthorn_streams{state=\"connected\"}") == 1;
  }

  private static boolean hasRead(PosthornProcess process) {
    return process.metric("posthorn_events_accepted_total{source=\"redis\"}") > 0;
  }

  private static void add(RedisProcess redis, int from, int to) {
    try (Jedis jedis = redis.client()) {
      for (int n = from; n < to; n++) {
        String record =
            "{\"tenant\":\"t%d\",\"type\":\"order.created\",\"data\":%d}".formatted(n % TENANTS, n);
        jedis.xadd("orders", StreamEntryID.NEW_ENTRY, Map.of("event", record));
      }
    }
  }

  private static long pending(RedisProcess redis) {
    try (Jedis jedis = redis.client()) {
      return jedis.xinfoGroups("orders").getFirst().getPending();
    }
  }

  private long number(String sql) {
    return Long.parseLong(server.query(database, sql));
  }

  private static void until(String what, BooleanSupplier holds) {
    await(what).atMost(PATIENCE).pollInterval(Duration.ofMillis(50)).until(holds::getAsBoolean);
  }
}
