package dev.posthorn.dispatcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.posthorn.core.config.EndpointConfig;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Deliveries that are asked for again, over real sockets and a real file. */
class ReplayTest {
  private static final String REPLAYS = "/v1/tenants/acme/replays";

  private final RunningDispatcher at;
  private final AtomicInteger status = new AtomicInteger(500);

  ReplayTest(@TempDir Path directory) {
    at = new RunningDispatcher(directory);
  }

  @AfterEach
  void stop() {
    at.close();
  }

  private static JsonNode json(String text) throws JsonProcessingException {
    return new JsonMapper().readTree(text);
  }

  private String published(String data) throws Exception {
    return json(at.publish("order.created", data).body()).path("id").asText();
  }

  private JsonNode redelivered(String event) throws Exception {
    var answer =
        at.post("/v1/tenants/acme/events/" + event + "/redeliver", "{\"endpoint\":\"orders\"}");
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    return json(answer.body());
  }

  private String replay(String select) throws Exception {
    var answer = at.post(REPLAYS, "{\"endpoint\":\"orders\",\"select\":\"%s\"}".formatted(select));
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(202);
    String id = json(answer.body()).path("id").asText();
    await()
        .atMost(Duration.ofSeconds(20))
        .until(() -> at.get(REPLAYS + "/" + id).contains("\"Done\""));
    return at.get(REPLAYS + "/" + id);
  }

  private void awaitBalance(long accepted, long delivered, long dead) {
    await()
        .atMost(Duration.ofSeconds(20))
        .untilAsserted(() ->
            assertThat(at.dispatcher().balance())
                .isEqualTo(new Balance(accepted, 0, delivered, 0, dead, 0)));
  }

  private static String text(Receiver.Request request) {
    return new String(request.body(), StandardCharsets.UTF_8);
  }

  @Test
  void deadLettersArriveWithOneReplayAndEverythingIsAccountedFor() throws Exception {
    try (var receiver = Receiver.start(_ -> status.get())) {
      at.start(RunningDispatcher.endpoint(receiver.url(), "*", null));
      List<String> events = List.of(published("1"), published("2"));
      awaitBalance(2, 0, 2);
      assertThat(at.get("/v1/tenants/acme/endpoints/orders"))
          .contains("2 deliveries were given up");
      status.set(204);
      int before = receiver.requests().size();
      JsonNode replay = json(replay("DeadLetters"));
      assertThat(replay.path("opened").asInt()).isEqualTo(2);
      awaitBalance(4, 2, 2);
      assertThat(at.get("/v1/tenants/acme/endpoints/orders"))
          .contains("Everything accepted was delivered");
      assertThat(at.dispatcher().balance().unaccounted()).isZero();
      List<Receiver.Request> again =
          receiver.requests().subList(before, receiver.requests().size());
      assertThat(again)
          .extracting(request -> request.header("posthorn-event-id"))
          .containsExactlyInAnyOrderElementsOf(events);
      assertThat(again).extracting(request -> request.header("posthorn-attempt")).containsOnly("1");
      JsonNode attempts = json(at.get("/v1/tenants/acme/attempts?event=" + events.getFirst()));
      assertThat(attempts.path("items")).hasSize(5);
      assertThat(attempts.at("/items/0/replay").asInt()).isEqualTo(1);
      assertThat(attempts.at("/items/0/class").asText()).isEqualTo("delivered");
    }
  }

  @Test
  void aDeliveredEventIsSentOnceMore() throws Exception {
    status.set(204);
    try (var receiver = Receiver.start(_ -> status.get())) {
      at.start(RunningDispatcher.endpoint(receiver.url(), "*", null));
      String event = published("1");
      awaitBalance(1, 1, 0);
      assertThat(redelivered(event).path("result").asText()).isEqualTo("Opened");
      awaitBalance(2, 2, 0);
      assertThat(receiver.requests()).extracting(ReplayTest::text).hasSize(2);
      assertThat(receiver.requests())
          .extracting(request -> request.header("webhook-id"))
          .containsOnly(event);
    }
  }

  @Test
  void anAttemptUnderWayIsLeftAlone() throws Exception {
    var goOn = new CountDownLatch(1);
    try (var receiver =
        Receiver.start(_ -> {
          await().until(() -> goOn.getCount() == 0);
          return 204;
        })) {
      at.start(RunningDispatcher.endpoint(receiver.url(), "*", null));
      String event = published("1");
      await().until(() -> receiver.requests().size() == 1);
      assertThat(redelivered(event).path("result").asText()).isEqualTo("InFlight");
      goOn.countDown();
      awaitBalance(1, 1, 0);
      assertThat(redelivered(event).path("result").asText()).isEqualTo("Opened");
      awaitBalance(2, 2, 0);
    }
  }

  @Test
  void anEndpointThatWasAddedLaterGetsWhatItMissed() throws Exception {
    status.set(204);
    try (var receiver = Receiver.start(_ -> status.get())) {
      at.start();
      published("{\"amount\": 5}");
      String large = published("{\"amount\": 50}");
      at.apply(RunningDispatcher.endpoint(receiver.url(), "order.*", "event.data.amount > 10"));
      assertThat(json(replay("Missing")).path("opened").asInt()).isEqualTo(1);
      awaitBalance(1, 1, 0);
      assertThat(receiver.requests())
          .extracting(request -> request.header("posthorn-event-id"))
          .containsExactly(large);
      assertThat(json(replay("Missing")).path("selected").asInt()).isZero();
      assertThat(json(replay("All")).path("opened").asInt()).isEqualTo(1);
      awaitBalance(2, 2, 0);
    }
  }

  @Test
  void whatIsReplayedToASuspendedEndpointWaits() throws Exception {
    try (var receiver = Receiver.start(_ -> status.get())) {
      EndpointConfig endpoint = RunningDispatcher.endpoint(receiver.url(), "*", null);
      at.start(endpoint);
      published("1");
      awaitBalance(1, 0, 1);
      at.apply(endpoint.withSuspended(true));
      int before = receiver.requests().size();
      status.set(204);
      replay("DeadLetters");
      assertThat(json(at.get("/v1/tenants/acme/endpoints/orders")).path("waiting").asInt())
          .isEqualTo(1);
      at.apply(endpoint);
      awaitBalance(2, 1, 1);
      assertThat(receiver.requests()).hasSize(before + 1);
    }
  }
}
