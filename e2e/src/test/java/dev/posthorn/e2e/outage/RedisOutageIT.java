package dev.posthorn.e2e.outage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.posthorn.e2e.fixture.Http;
import dev.posthorn.e2e.fixture.Manifests;
import dev.posthorn.e2e.fixture.PosthornProcess;
import dev.posthorn.e2e.fixture.Received;
import dev.posthorn.e2e.fixture.Receiver;
import dev.posthorn.e2e.fixture.RedisProcess;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.StreamEntryID;

/** Redis goes away and comes back; records that are no events. */
class RedisOutageIT {
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final String DISPATCHER =
      """
      apiVersion: posthorn.dev/v1alpha1
      kind: Dispatcher
      metadata: {name: default}
      spec:
        allowedNamespaces: {from: All}
        alerts: {endpointRef: {name: operations}}
      """;

  @TempDir private Path directory;
  private final List<Received> received = Receiver.list();
  private RedisProcess redis;
  private Receiver receiver;
  private PosthornProcess posthorn;

  @BeforeEach
  void start() throws Exception {
    redis = RedisProcess.start(directory.resolve("redis"));
    receiver = Receiver.keeping(received);
    Manifests manifests = Manifests.in(directory);
    manifests.write("stream.yaml", Manifests.stream(redis.address(), "orders"));
    manifests.write(
        "acme.yaml",
        Manifests.endpoint("acme", "orders", receiver.url("/in"), "\"*\"", "{scheme: none}", ""));
    manifests.write(
        "operations.yaml",
        Manifests.endpoint(
            "default", "operations", receiver.url("/ops"), "posthorn.*", "{scheme: none}", ""));
    manifests.write("dispatcher.yaml", DISPATCHER);
    posthorn = PosthornProcess.run(manifests.directory(), directory.resolve("data"));
  }

  @AfterEach
  void stop() throws Exception {
    posthorn.close();
    receiver.close();
    redis.close();
  }

  @Test
  void itGoesOnByItselfWhenRedisIsBack() throws Exception {
    add(event("before"));
    arrives("before");
    redis.stop();
    await("it notices")
        .atMost(PATIENCE)
        .untilAsserted(() -> assertThat(posthorn.stderr()).contains("Stream unreachable"));
    posthorn.api().accepted("acme", "order.created", "\"over http\"");
    arrives("over http");
    assertThat(posthorn.management().status("/readyz")).isEqualTo(200);
    assertThat(posthorn.isAlive()).isTrue();
    redis.start();
    add(event("after"));
    arrives("after");
    await("all is acknowledged").atMost(PATIENCE).until(() -> pending() == 0);
    assertThat(received).hasSize(3);
  }

  @Test
  void aPoisonRecordIsListedAndHoldsUpNobody() {
    add("{this is no JSON");
    add("{\"type\":\"order.created\",\"data\":1}");
    add(event("healthy"));
    arrives("healthy");
    JsonNode rejected = posthorn.api().json("/v1/rejected").path("items");
    assertThat(rejected.findValuesAsText("reason")).containsExactly("mapping", "unreadable");
    assertThat(rejected.findValuesAsText("source")).containsOnly("default/orders");
    assertThat(rejected.get(0).path("message").asText()).contains("tenant");
    await("all is acknowledged").atMost(PATIENCE).until(() -> pending() == 0);
    assertThat(posthorn.metric("posthorn_events_rejected_total")).isEqualTo(2);
    thePlatformIsTold();
  }

  /** Once for each reason, however many follow. */
  private void thePlatformIsTold() {
    arrives("unreadable");
    add("{\"type\":\"order.created\",\"data\":2}");
    add(event("last"));
    arrives("last");
    List<JsonNode> told =
        received.stream()
            .filter(each -> each.path().equals("/ops"))
            .map(each -> Http.parse(each.text()).path("data"))
            .toList();
    assertThat(told)
        .extracting(each -> each.at("/cause/reason").asText())
        .containsExactlyInAnyOrder("mapping", "unreadable");
    assertThat(told.getFirst().path("stream").asText()).isEqualTo("orders");
    assertThat(told.getFirst().path("action").asText()).contains("GET /v1/rejected");
  }

  private static String event(String data) {
    return "{\"tenant\":\"acme\",\"type\":\"order.created\",\"data\":\"%s\"}".formatted(data);
  }

  private void add(String record) {
    try (Jedis jedis = redis.client()) {
      jedis.xadd("orders", StreamEntryID.NEW_ENTRY, Map.of("event", record));
    }
  }

  private void arrives(String data) {
    await(data)
        .atMost(PATIENCE)
        .until(() -> received.stream().anyMatch(each -> each.text().contains(data)));
  }

  private long pending() {
    try (Jedis jedis = redis.client()) {
      return jedis.xinfoGroups("orders").getFirst().getPending();
    }
  }
}
