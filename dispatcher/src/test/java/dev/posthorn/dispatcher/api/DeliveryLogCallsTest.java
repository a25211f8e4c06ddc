package dev.posthorn.dispatcher.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.posthorn.core.config.OutcomeClass;
import dev.posthorn.dispatcher.api.ApiServer.Answer;
import dev.posthorn.dispatcher.store.RejectedRecord;
import dev.posthorn.dispatcher.store.Write;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DeliveryLogCallsTest {
  private static final String ACME = "/v1/tenants/acme";

  @TempDir private Path directory;
  private ApiServer api;

  @BeforeEach
  void start() {
    api = new ApiServer(directory);
  }

  @AfterEach
  void stop() {
    api.close();
  }

  @Test
  void anEventIsListedWithoutItsData() {
    String id = api.published("order.created", "\"payload-of-acme\"");
    Answer answer = api.get("owner", ACME + "/events").is(200);
    JsonNode event = answer.at("/items/0/id").equals(id) ? answer.json().at("/items/0") : null;
    assertThat(event).isNotNull();
    assertThat(event.get("type").asText()).isEqualTo("order.created");
    assertThat(event.get("acceptedTime").asText()).isEqualTo("2026-11-22T10:00:00Z");
    assertThat(event.get("targets").asInt()).isEqualTo(1);
    assertThat(answer.response().body()).doesNotContain("payload-of-acme");
    assertThat(answer.json().has("next")).isFalse();
  }

  @Test
  void anEventAloneHasItsDeliveriesAttemptsAndMatches() {
    String id = api.published("order.created", "{\"a\": [1, 2.50]}");
    Attempts.failed(api, id);
    Answer answer = api.get("auditor", ACME + "/events/" + id).is(200);
    assertThat(answer.response().body()).contains("\"data\":{\"a\": [1, 2.50]}");
    JsonNode event = answer.json();
    assertThat(event.at("/deliveries/0/endpoint").asText()).isEqualTo("erp");
    assertThat(event.at("/deliveries/0/state").asText()).isEqualTo("Waiting");
    assertThat(event.at("/deliveries/0/dueTime").asText()).isEqualTo("2026-11-22T10:00:06Z");
    assertThat(event.at("/attempts/0/class").asText()).isEqualTo("http_5xx");
    assertThat(event.at("/attempts/0").has("request")).isFalse();
    assertThat(event.at("/matches/0/reason").asText()).isEqualTo("matches order.*");
  }

  @Test
  void aDeliveryIsWaitingDeliveredOrDead() {
    String waiting = api.published("order.a", "1");
    String delivered = api.published("order.b", "1");
    String dead = api.published("order.c", "1");
    Attempts.delivered(api, delivered);
    Attempts.dead(api, dead);
    assertThat(List.of(waiting, delivered, dead))
        .map(id -> api.get("reader", ACME + "/events/" + id).at("/deliveries/0/state"))
        .containsExactly("Waiting", "Delivered", "Dead");
  }

  @Test
  void dataIsShownOnlyWithItsVerb() {
    String id = api.published("order.created", "\"payload-of-acme\"");
    String path = ACME + "/events/" + id;
    assertThat(api.get("auditor", path).at("/data")).isEqualTo("payload-of-acme");
    assertThat(api.get("reader", path).is(200).response().body()).doesNotContain("payload-of-acme");
  }

  @Test
  void bytesThatAreNoTextAreInBase64() {
    Map<String, String> headers =
        Map.of(
            "ce-specversion",
            "1.0",
            "ce-id",
            "1",
            "ce-source",
            "s",
            "ce-type",
            "t",
            "ce-tenant",
            "acme",
            "content-type",
            "image/png");
    String id =
        api.call("POST", "/v1/events", "owner", headers, new byte[] {(byte) 0xff, 0}).at("/id");
    JsonNode event = api.get("owner", ACME + "/events/" + id).is(200).json();
    assertThat(event.get("data").asText()).isEqualTo("/wA=");
    assertThat(event.get("dataEncoding").asText()).isEqualTo("base64");
    assertThat(event.get("sourceId").asText()).isEqualTo("1");
  }

  @Test
  void anAttemptAloneHasBothMessagesAndBodiesOnlyWithTheirVerb() {
    String attempt = Attempts.failed(api, api.published("order.created", "1"));
    JsonNode seen = api.get("auditor", ACME + "/attempts/" + attempt).is(200).json();
    assertThat(seen.at("/request/body").asText()).contains("payload-of-acme");
    assertThat(seen.at("/request/headers/0/value").asText()).isEqualTo("***");
    assertThat(seen.at("/response/bodyEncoding").asText()).isEqualTo("base64");
    assertThat(seen.at("/response/truncated").asBoolean()).isTrue();
    assertThat(seen.at("/timings/dnsMs").asDouble()).isEqualTo(1.5);
    assertThat(seen.get("timings").has("tlsMs")).isFalse();
    assertThat(seen.get("clockSkewSeconds").asInt()).isEqualTo(-61);
    assertThat(seen.get("keyIds").get(0).asText()).isEqualTo("k_7f3a9c");
    JsonNode masked = api.get("reader", ACME + "/attempts/" + attempt).is(200).json();
    assertThat(masked.toString()).doesNotContain("payload-of-acme");
    assertThat(masked.at("/request/headers/1/name").asText()).isEqualTo("webhook-id");
    assertThat(masked.get("request").has("body")).isFalse();
  }

  @ParameterizedTest
  @CsvSource({
    "class=http_5xx, 1",
    "class=delivered, 1",
    "class=reset, 0",
    "endpoint=erp, 2",
    "endpoint=crm, 0",
    "fromTime=2026-11-22T10:00:01Z, 2",
    "fromTime=2026-11-22T11:00:01%2B01:00, 2",
    "fromTime=2026-11-22T11:00:01+01:00, 2",
    "toTime=2026-11-22T10:00:01Z, 0",
    "toTime=2026-11-22T10:00:01.001Z&limit=500, 2"
  })
  void attemptsAreFiltered(String query, int found) {
    Attempts.failed(api, api.published("order.a", "1"));
    Attempts.delivered(api, api.published("order.b", "1"));
    assertThat(api.get("owner", ACME + "/attempts?" + query).is(200).json().get("items"))
        .hasSize(found);
  }

  @Test
  void eventsAreFilteredByType() {
    api.published("order.a", "1");
    String wanted = api.published("order.b", "1");
    JsonNode items = api.get("owner", ACME + "/events?type=order.b").is(200).json().get("items");
    assertThat(items).hasSize(1);
    assertThat(items.get(0).get("id").asText()).isEqualTo(wanted);
  }

  @Test
  void deadLettersHaveReasonAndAge() {
    String event = api.published("order.created", "1");
    Attempts.dead(api, event);
    JsonNode dead = api.get("reader", ACME + "/dead-letters").is(200).json().at("/items/0");
    assertThat(dead.get("event").asText()).isEqualTo(event);
    assertThat(dead.get("class").asText()).isEqualTo("expired");
    assertThat(dead.get("reason").asText()).contains("too old", OutcomeClass.EXPIRED.cure());
    assertThat(dead.get("ageSeconds").asInt()).isEqualTo(3599);
    assertThat(api.get("reader", ACME + "/dead-letters?endpoint=crm").json().get("items"))
        .isEmpty();
  }

  @Test
  void rejectedRecordsAreListedWithTheSizeOfTheirPayload() {
    byte[] payload = "payload-of-acme".getBytes(StandardCharsets.UTF_8);
    var record =
        new RejectedRecord(
            "default/orders", "1-0", ApiServer.NOW, "mapping", "There is no tenant.", payload);
    api.store.write(List.of(new Write.Reject(record)));
    Answer answer = api.get("watcher", "/v1/rejected").is(200);
    assertThat(answer.at("/items/0/reason")).isEqualTo("mapping");
    assertThat(answer.json().at("/items/0/payloadBytes").asInt()).isEqualTo(15);
    assertThat(answer.response().body()).doesNotContain("payload-of-acme");
  }

  @Test
  void pagesFollowEachOtherToTheEnd() {
    var published = new ArrayList<String>();
    for (int i = 0; i < 5; i++) {
      published.addFirst(api.published("order.created", "1"));
    }
    var listed = new ArrayList<String>();
    String path = ACME + "/events?limit=2";
    for (String next = ""; next != null; ) {
      JsonNode page = api.get("owner", path + next).is(200).json();
      page.get("items").forEach(item -> listed.add(item.get("id").asText()));
      next = page.has("next") ? "&cursor=" + page.get("next").asText() : null;
    }
    assertThat(listed).isEqualTo(published);
  }

  @Test
  void aCursorIsGoodForItsListAlone() {
    api.published("order.a", "1");
    api.published("order.b", "1");
    String next = api.get("owner", ACME + "/events?limit=1").is(200).at("/next");
    api.get("owner", ACME + "/attempts?cursor=" + next).is(400, "bad-parameter", "cursor");
  }

  @ParameterizedTest
  @CsvSource({
    "events, limit=0, limit",
    "events, limit=501, limit",
    "events, limit=-1, limit",
    "events, limit=1e2, limit",
    "events, limit=, limit",
    "events, cursor=%21%21, cursor",
    "events, cursor=ZXZlbnRzOm5vbnNlbnNl, cursor",
    "events, fromTime=yesterday, fromTime",
    "events, toTime=2026-11-22, toTime",
    "events, fromTime=2026-11-22T10:00:00Z&toTime=2026-11-22T10:00:00Z, toTime",
    "events, class=reset, class",
    "attempts, class=nonsense, class",
    "attempts, event=msg_1, event",
    "attempts, endpoint=none, endpoint",
    "attempts, endpoint=shop, endpoint",
    "attempts, type=a, type",
    "attempts, limit=1&limit=2, limit",
    "dead-letters, class=reset, class",
    "dead-letters, endpoint=none, endpoint",
    "dead-letters, cursor=ZGVhZC1sZXR0ZXJzOng, cursor",
    "endpoints, fromTime=2026-11-22T10:00:00Z, fromTime",
    "endpoints, limit=x, limit"
  })
  void aWrongParameterIsNamedWithItsCure(String list, String query, String field) {
    api.get("owner", ACME + "/" + list + "?" + query).is(400, "bad-parameter", field);
  }

  @ParameterizedTest
  @ValueSource(strings = {"limit=0", "endpoint=erp", "cursor=ZXZlbnRzOjE"})
  void aWrongParameterOfRejectedIsNamed(String query) {
    api.get("admin", "/v1/rejected?" + query)
        .is(400, "bad-parameter", query.substring(0, query.indexOf('=')));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/events/msg_01h455vb4pex5vsknk084sn02q",
        "/events/nonsense",
        "/events/msg_UUUUUUUUUUUUUUUUUUUUUUUUUU",
        "/attempts/999",
        "/attempts/-1",
        "/attempts/99999999999999999999",
        "/attempts/x"
      })
  void whatIsNotThereIsNotFound(String path) {
    api.get("owner", ACME + path).is(404, "not-found", null);
  }
}
