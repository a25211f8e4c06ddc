package dev.posthorn.dispatcher;

import static dev.posthorn.dispatcher.RunningDispatcher.SECRET;
import static dev.posthorn.dispatcher.RunningDispatcher.endpoint;
import static dev.posthorn.dispatcher.RunningDispatcher.keyring;
import static dev.posthorn.dispatcher.RunningDispatcher.version;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.posthorn.core.config.EndpointConfig;
import dev.posthorn.core.config.ResourceName;
import dev.posthorn.core.config.Retry;
import dev.posthorn.core.keyring.KeyTimes;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What people are told about endpoints by a running dispatcher. */
class EndpointEventsTest {
  private static final String OTHER = "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD";
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private final AtomicInteger status = new AtomicInteger(503);
  private final RunningDispatcher at;

  EndpointEventsTest(@TempDir Path directory) {
    at = new RunningDispatcher(directory);
  }

  @AfterEach
  void stop() {
    at.close();
  }

  private static EndpointConfig impatient(EndpointConfig endpoint, long... delays) {
    List<Long> seconds = LongStream.of(delays).boxed().toList();
    return with(endpoint, endpoint.events(), new Retry(seconds, 3_600));
  }

  private static EndpointConfig wanting(EndpointConfig endpoint, String... types) {
    return with(endpoint, new EndpointConfig.Events(List.of(types), null), endpoint.retry());
  }

  private static EndpointConfig of(String tenant, EndpointConfig endpoint) {
    var name = new ResourceName(tenant, endpoint.name().name());
    return with(name, endpoint, endpoint.events(), endpoint.retry());
  }

  private static EndpointConfig with(
      EndpointConfig endpoint, EndpointConfig.Events events, Retry retry) {
    return with(endpoint.name(), endpoint, events, retry);
  }

  private static EndpointConfig with(
      ResourceName name, EndpointConfig endpoint, EndpointConfig.Events events, Retry retry) {
    return new EndpointConfig(
        name,
        name.namespace(),
        endpoint.target(),
        endpoint.suspended(),
        events,
        endpoint.body(),
        endpoint.signatures(),
        endpoint.headers(),
        endpoint.delivery(),
        retry,
        endpoint.autoDisable(),
        endpoint.tls());
  }

  private static EndpointConfig watcher(Receiver receiver) {
    return impatient(endpoint("watcher", receiver.url(), "posthorn.*", null), 0, 0);
  }

  private static List<JsonNode> told(Receiver receiver) {
    return receiver.requests().stream().map(EndpointEventsTest::json).toList();
  }

  private static JsonNode json(Receiver.Request request) {
    try {
      return JSON.readTree(request.body());
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static List<String> types(Receiver receiver) {
    return told(receiver).stream().map(each -> each.get("type").textValue()).toList();
  }

  private String nextStep() throws Exception {
    return JSON.readTree(at.get("/v1/tenants/acme/endpoints/orders")).get("nextStep").textValue();
  }

  @Test
  void whatIsGivenUpIsToldWithItsCauseAndHowToGetIt() throws Exception {
    try (var receiver = Receiver.start(_ -> status.get());
        var ops = Receiver.start(_ -> 204)) {
      at.start(impatient(endpoint(receiver.url(), "*", null), 0, 0), watcher(ops));
      var answer = JSON.readTree(at.publish("order.created", "1").body());
      await().until(() -> !ops.requests().isEmpty());
      JsonNode event = told(ops).getFirst();
      assertThat(event.get("type").textValue()).isEqualTo("posthorn.delivery.exhausted");
      JsonNode data = event.get("data");
      assertThat(data.at("/endpoint").textValue()).isEqualTo("orders");
      assertThat(data.at("/tenant").textValue()).isEqualTo("acme");
      assertThat(data.at("/cause/class").textValue()).isEqualTo("http_5xx");
      assertThat(data.at("/cause/detail").textValue()).isEqualTo("the receiver failed");
      assertThat(data.at("/cause/status").intValue()).isEqualTo(503);
      assertThat(data.at("/event").textValue()).isEqualTo(answer.get("id").textValue());
      assertThat(data.at("/eventType").textValue()).isEqualTo("order.created");
      assertThat(data.at("/deliveries").intValue()).isEqualTo(1);
      assertThat(data.at("/action").textValue()).contains("posthorn replay --select DeadLetters");
      assertThat(data.at("/message").textValue()).contains("given up after 3 attempts");
      assertThat(data.at("/nextStep").textValue()).isEqualTo(nextStep());
      assertThat(event.toString()).doesNotContain("/in\"", "127.0.0.1");
    }
  }

  @Test
  void anEndpointThatFailsAndRecoversIsToldOnceAlsoOverARestart() throws Exception {
    try (var receiver = Receiver.start(_ -> status.get());
        var ops = Receiver.start(_ -> 204)) {
      EndpointConfig orders =
          impatient(endpoint(receiver.url(), "*", null), 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 9);
      at.start(orders, watcher(ops));
      at.publish("order.created", "1");
      await().until(() -> ops.requests().size() == 1);
      JsonNode data = told(ops).getFirst().get("data");
      assertThat(types(ops)).containsExactly("posthorn.endpoint.failing");
      assertThat(data.at("/nextStep").textValue()).startsWith("Failing since");
      assertThat(data.at("/deadline").textValue()).isNotNull();
      assertThat(data.at("/waiting/deliveries").intValue()).isEqualTo(1);
      assertThat(data.at("/waiting/until").textValue()).isNotNull();
      assertThat(data.at("/action").textValue()).isEqualTo("check the receiver's log");
      at.dispatcher().stop();
      at.start(orders, watcher(ops));
      status.set(204);
      await().atMost(Duration.ofSeconds(20)).until(() -> ops.requests().size() == 2);
      assertThat(types(ops))
          .containsExactly("posthorn.endpoint.failing", "posthorn.endpoint.recovered");
    }
  }

  @Test
  void disabledAndEnabledAreTold() throws Exception {
    status.set(410);
    try (var receiver = Receiver.start(_ -> status.get());
        var ops = Receiver.start(_ -> 204)) {
      at.start(endpoint(receiver.url(), "*", null), watcher(ops));
      at.publish("order.created", "1");
      await().until(() -> ops.requests().size() == 1);
      JsonNode data = told(ops).getFirst().get("data");
      assertThat(data.at("/action").textValue()).endsWith(", then enable it");
      assertThat(data.at("/deadline")).isEqualTo(data.at("/waiting/until"));
      assertThat(data.at("/nextStep").textValue()).isEqualTo(nextStep());
      status.set(204);
      at.post("/v1/tenants/acme/endpoints/orders/enable", "");
      await().until(() -> ops.requests().size() == 2);
      assertThat(types(ops))
          .containsExactly("posthorn.endpoint.disabled", "posthorn.endpoint.enabled");
    }
  }

  @Test
  void anEndpointIsNotToldOfItselfAlone() throws Exception {
    status.set(410);
    try (var receiver = Receiver.start(_ -> status.get())) {
      at.start(wanting(endpoint(receiver.url(), "*", null), "order.*", "posthorn.*"));
      at.publish("order.created", "1");
      await().until(() -> at.get("/v1/tenants/acme/events").contains("endpoint.disabled"));
      assertThat(at.get("/v1/tenants/acme/endpoints/orders")).contains("\"waiting\":1");
    }
  }

  @Test
  void togetherWithOthersAnEndpointIsToldOfItselfToo() throws Exception {
    status.set(410);
    try (var receiver = Receiver.start(_ -> status.get());
        var ops = Receiver.start(_ -> 204)) {
      at.start(wanting(endpoint(receiver.url(), "*", null), "order.*", "posthorn.*"), watcher(ops));
      at.publish("order.created", "1");
      await().until(() -> types(ops).equals(List.of("posthorn.endpoint.disabled")));
      assertThat(at.get("/v1/tenants/acme/endpoints/orders")).contains("\"waiting\":2");
    }
  }

  @Test
  void anEndpointThatRefusesSystemEventsFailsInSilence() throws Exception {
    try (var receiver = Receiver.start(_ -> 410);
        var ops = Receiver.start(_ -> 204)) {
      at.start(
          endpoint(receiver.url(), "*", null),
          wanting(endpoint("refuses", receiver.url(), "*", null), "posthorn.*"),
          watcher(ops));
      at.publish("order.created", "1");
      await().until(() -> at.get("/v1/tenants/acme/endpoints/refuses").contains("Disabled"));
      assertThat(at.get("/v1/tenants/acme/events").split("posthorn.endpoint.disabled")).hasSize(2);
      assertThat(types(ops)).containsExactly("posthorn.endpoint.disabled");
    }
  }

  @Test
  void theEndpointOfAlertsIsToldOfAllTenantsAndNobodyElseOfAnother() throws Exception {
    try (var receiver = Receiver.start(_ -> 410);
        var insider = Receiver.start(_ -> 204);
        var ops = Receiver.start(_ -> 204)) {
      at.alerts = new ResourceName("platform", "watcher");
      at.start(
          endpoint(receiver.url(), "*", null),
          of("platform", endpoint("broken", receiver.url(), "*", null)),
          of("platform", endpoint("insider", insider.url(), "posthorn.*", null)),
          of("platform", watcher(ops)));
      at.publish("order.created", "1");
      await().until(() -> ops.requests().size() == 1);
      JsonNode data = told(ops).getFirst().get("data");
      assertThat(data.at("/tenant").textValue()).isEqualTo("acme");
      assertThat(data.at("/endpoint").textValue()).isEqualTo("orders");
      String own = JSON.readTree(at.get("/v1/tenants/acme/events")).at("/items/0/id").textValue();
      assertThat(at.get("/v1/tenants/acme/events/" + own))
          .contains("posthorn.endpoint.disabled")
          .doesNotContain("watcher", "platform");
      at.publish("{\"tenant\":\"platform\",\"type\":\"order.created\",\"data\":1}");
      await().until(() -> ops.requests().size() == 2 && insider.requests().size() == 1);
      assertThat(told(insider).getFirst().at("/data/tenant").textValue()).isEqualTo("platform");
      assertThat(at.get("/v1/tenants/platform/events").split("endpoint.disabled")).hasSize(3);
    }
  }

  @Test
  void theEndpointOfAlertsIsToldOfKeysToo() throws Exception {
    try (var ops = Receiver.start(_ -> 204)) {
      Instant begin = Instant.now().minusSeconds(5);
      var former = new KeyTimes(begin.minusSeconds(60), begin.plusSeconds(86_400), null);
      at.alerts = new ResourceName("platform", "watcher");
      at.start(
          keyring(version(1, SECRET, former), version(2, OTHER, new KeyTimes(begin, null, null))),
          of("platform", watcher(ops)));
      await().until(() -> ops.requests().size() == 1);
      assertThat(types(ops)).containsExactly("posthorn.secret.rotated");
      assertThat(told(ops).getFirst().at("/data/tenant").textValue()).isEqualTo("acme");
    }
  }

  @Test
  void whatRetentionEndsIsToldOnceItIsKnownWhom() throws Exception {
    try (var receiver = Receiver.start(_ -> 410);
        var ops = Receiver.start(_ -> 204)) {
      EndpointConfig orders = endpoint(receiver.url(), "*", null);
      at.start(orders);
      at.publish("order.created", "1");
      await().until(() -> at.get("/v1/tenants/acme/endpoints/orders").contains("Disabled"));
      at.publish("order.created", "2");
      at.dispatcher().stop();
      at.ahead = Duration.ofDays(31);
      at.open();
      await("longer than the store waits before it looks at what is old")
          .during(Duration.ofMillis(1_500))
          .until(() -> at.get("/v1/tenants/acme/dead-letters").equals("{\"items\":[]}"));
      at.apply(orders, watcher(ops));
      await().until(() -> !ops.requests().isEmpty());
      JsonNode data = told(ops).getFirst().get("data");
      assertThat(types(ops)).containsExactly("posthorn.delivery.exhausted");
      assertThat(data.at("/deliveries").intValue()).isEqualTo(2);
      assertThat(data.at("/cause/class").textValue()).isEqualTo("expired");
      assertThat(data.at("/nextStep").textValue()).startsWith("Disabled since");
    }
  }

  @Test
  void systemEventsThatAreGivenUpAreNotTold() throws Exception {
    try (var receiver = Receiver.start(_ -> status.get())) {
      at.start(
          impatient(endpoint(receiver.url(), "*", null), 0),
          impatient(endpoint("first", receiver.url(), "posthorn.*", null), 0),
          impatient(endpoint("second", receiver.url(), "posthorn.*", null), 0));
      at.publish("order.created", "1");
      await().until(() -> at.get("/v1/tenants/acme/dead-letters").split("\"event\"").length == 4);
      assertThat(at.get("/v1/tenants/acme/events").split("delivery.exhausted")).hasSize(2);
      assertThat(at.management("/metrics").body())
          .contains("posthorn_deliveries_unaccounted 0.0")
          .contains("posthorn_events_accepted_total{source=\"posthorn\"} 1.0");
    }
  }
}
