package dev.posthorn.dispatcher.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.posthorn.core.event.EventId;
import dev.posthorn.dispatcher.api.EndpointStatus.State;
import dev.posthorn.dispatcher.store.DeliveryKey;
import dev.posthorn.dispatcher.store.DeliveryLog.Counts;
import dev.posthorn.dispatcher.store.ReplayRow;
import dev.posthorn.dispatcher.store.ReplayWrite;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class ReplayCallsTest {
  private static final String EVENTS = "/v1/tenants/acme/events/";
  private static final String REPLAYS = "/v1/tenants/acme/replays";
  private static final String AUDIT = "/v1/tenants/acme/audit";
  private static final String DEAD_LETTERS = "{\"endpoint\": \"erp\", \"select\": \"DeadLetters\"}";

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

  private int number(String endpoint) {
    return api.endpoints.number("acme", endpoint).orElseThrow();
  }

  private DeliveryKey key(String event) {
    long seq = api.store.log().event("acme", new EventId(event)).orElseThrow().seq();
    return new DeliveryKey(number("erp"), seq);
  }

  // Redelivery

  private ApiServer.Answer redeliver(String event, String body) {
    return api.post("operator", EVENTS + event + "/redeliver", "application/json", body);
  }

  private ApiServer.Answer redeliver(String event) {
    return redeliver(event, "{\"endpoint\": \"erp\"}");
  }

  @Test
  void aDeadDeliveryIsOpenAgain() {
    String event = api.published("order.created", "1");
    Attempts.dead(api, event);
    var answer = redeliver(event).is(200);
    assertThat(answer.at("/event")).isEqualTo(event);
    assertThat(answer.at("/endpoint")).isEqualTo("erp");
    assertThat(answer.at("/result")).isEqualTo("Opened");
    assertThat(answer.at("/nextStep")).startsWith("Due now: GET").contains(event);
    JsonNode delivery = api.get("reader", EVENTS + event).is(200).json().at("/deliveries/0");
    assertThat(delivery.get("state").asText()).isEqualTo("Waiting");
    assertThat(api.store.log().counts(number("erp"))).isEqualTo(new Counts(1, 0));
  }

  @Test
  void aRetryIsDueNow() {
    String event = api.published("order.created", "1");
    Attempts.failed(api, event);
    assertThat(redeliver(event).is(200).at("/result")).isEqualTo("DueAlready");
    String later = api.published("order.created", "1");
    Attempts.failed(api, later, Instant.parse("2026-11-30T00:00:00Z"));
    assertThat(redeliver(later).is(200).at("/result")).isEqualTo("Hastened");
    assertThat(redeliver(later).is(200).at("/result")).isEqualTo("DueAlready");
  }

  @Test
  void anAttemptUnderWayIsLeftAlone() {
    String event = api.published("order.created", "1");
    Attempts.failed(api, event, Instant.parse("2026-11-30T00:00:00Z"));
    api.replays.inFlight.add(key(event));
    assertThat(redeliver(event).is(200).at("/result")).isEqualTo("InFlight");
    assertThat(api.get("reader", AUDIT).json().get("items")).isEmpty();
    api.replays.inFlight.clear();
    assertThat(redeliver(event).is(200).at("/result")).isEqualTo("Hastened");
  }

  @ParameterizedTest
  @EnumSource(
      value = State.class,
      names = {"DISABLED", "SUSPENDED", "PAUSED"})
  void whatWaitsForItsEndpointSaysSo(State state) {
    api.endpoints.put(FixedEndpoints.status("acme", "erp", state));
    String event = api.published("order.created", "1");
    Attempts.dead(api, event);
    assertThat(redeliver(event).is(200).at("/nextStep"))
        .isEqualTo("Due now, and waits for its endpoint. Nothing was sent yet: publish an event.");
  }

  @Test
  void aSecondLifeShowsInTheLog() {
    String event = api.published("order.created", "1");
    Attempts.dead(api, event);
    redeliver(event).is(200);
    Attempts.delivered(api, event);
    JsonNode attempts = api.get("reader", EVENTS + event).is(200).json().get("attempts");
    assertThat(attempts.at("/0/replay").asInt()).isEqualTo(1);
    assertThat(attempts.get(1).has("replay")).isFalse();
  }

  @Test
  void whoAskedForAnotherDeliveryIsInTheAuditLog() {
    String event = api.published("order.created", "1");
    redeliver(event).is(200);
    JsonNode entry = api.get("reader", AUDIT).is(200).json().at("/items/0");
    assertThat(entry.get("caller").asText()).isEqualTo("operator");
    assertThat(entry.get("action").asText()).isEqualTo("events.redeliver");
    assertThat(entry.get("object").asText()).isEqualTo("Event/" + event);
    assertThat(entry.get("detail").asText()).isEqualTo("to erp");
  }

  @Test
  void whatTheTenantDoesNotHaveIsNotFound() {
    String event = api.published("order.created", "1");
    redeliver(event, "{\"endpoint\": \"none\"}").is(404, "not-found", null);
    redeliver(event, "{\"endpoint\": \"shop\"}").is(404, "not-found", null);
    redeliver("msg_00000000000000000000000000").is(404, "not-found", null);
    redeliver("x").is(404, "not-found", null);
    String path = "/v1/tenants/zeta/events/" + event + "/redeliver";
    api.post("stranger", path, "application/json", "{\"endpoint\": \"shop\"}").is(404);
    assertThat(api.get("reader", AUDIT).json().get("items")).isEmpty();
  }

  @Test
  void aRedeliveryNamesItsEndpoint() {
    String event = api.published("order.created", "1");
    redeliver(event, "{}").is(422, "invalid", "endpoint");
    redeliver(event, "").is(422, "invalid", "endpoint");
    redeliver(event, "{\"endpoint\": 7}").is(422, "invalid", "endpoint");
    redeliver(event, "{\"endpoints\": \"erp\"}").is(422, "invalid", "endpoints");
  }

  @Test
  void anEventWithoutDataIsAConflict() {
    String event = api.published("order.created", "1");
    Attempts.dead(api, event);
    api.expire();
    assertThat(redeliver(event).is(409, "conflict", null).at("/detail"))
        .contains("publish it again");
  }

  @Test
  void aStoreThatIsAwayIsAReasonToTryAgain() {
    String event = api.published("order.created", "1");
    api.replays.away = true;
    redeliver(event).is(503, "store-unavailable", null);
    replay(DEAD_LETTERS).is(503, "store-unavailable", null);
  }

  // Replays

  private ApiServer.Answer replay(String body) {
    return api.post("operator", REPLAYS, "application/json", body);
  }

  @Test
  void aReplayIsAnsweredAsItWasUnderstood() {
    String event = api.published("order.created", "1");
    String body =
        """
        {"endpoint": "erp", "select": "Failed", "types": ["order.*", "invoice.paid"],
         "fromTime": "2026-11-22T11:00:00+02:00", "toTime": "2026-11-22T10:30:00Z",
         "eventIds": ["%s"], "ratePerSecond": 7}
        """
            .formatted(event);
    JsonNode replay = replay(body).is(202).json();
    assertThat(replay.get("endpoint").asText()).isEqualTo("erp");
    assertThat(replay.get("select").asText()).isEqualTo("Failed");
    assertThat(replay.at("/types/1").asText()).isEqualTo("invoice.paid");
    assertThat(replay.get("fromTime").asText()).isEqualTo("2026-11-22T09:00:00Z");
    assertThat(replay.get("toTime").asText()).isEqualTo("2026-11-22T10:30:00Z");
    assertThat(replay.get("events").asInt()).isEqualTo(1);
    assertThat(replay.get("ratePerSecond").asInt()).isEqualTo(7);
    assertThat(replay.get("createdBy").asText()).isEqualTo("operator");
    assertThat(replay.get("state").asText()).isEqualTo("Running");
    assertThat(replay.get("nextStep").asText()).contains("7 deliveries a second", "DELETE");
    String one = REPLAYS + "/" + replay.get("id").asText();
    assertThat(api.get("reader", one).is(200).json()).isEqualTo(replay);
  }

  @Test
  void whatIsNotGivenHasADefault() {
    JsonNode replay = replay(DEAD_LETTERS).is(202).json();
    assertThat(replay.get("ratePerSecond").asInt()).isEqualTo(100);
    assertThat(replay.get("toTime").asText()).isEqualTo("2026-11-22T11:00:00.001Z");
    for (String absent : List.of("types", "fromTime", "events", "reachedTime")) {
      assertThat(replay.has(absent)).as(absent).isFalse();
    }
  }

  @Test
  void aReplayShowsHowFarItIs() {
    String event = api.published("order.created", "1");
    Attempts.dead(api, event);
    String id = replay(DEAD_LETTERS).is(202).at("/id");
    advance(id, List.of(key(event).seq()), 2, ReplayRow.State.DONE);
    JsonNode replay = api.get("reader", REPLAYS + "/" + id).is(200).json();
    assertThat(replay.get("state").asText()).isEqualTo("Done");
    assertThat(replay.get("since").asText()).isEqualTo("2026-11-22T10:00:00Z");
    assertThat(replay.get("reachedTime").asText()).isEqualTo("2026-11-22T10:00:00Z");
    assertThat(replay.get("selected").asInt()).isEqualTo(3);
    assertThat(replay.get("opened").asInt()).isEqualTo(1);
    assertThat(replay.get("skipped").asInt()).isEqualTo(2);
    assertThat(replay.get("expired").asInt()).isEqualTo(2);
    assertThat(replay.get("nextStep").asText()).contains("The data of 2 is not kept any more");
  }

  private void advance(String id, List<Long> seqs, int expired, ReplayRow.@Nullable State end) {
    api.replays.write(
        new ReplayWrite.Advance(
            Long.parseLong(id), "", "1", ApiServer.NOW, seqs, expired, end, ApiServer.NOW));
  }

  @ParameterizedTest
  @EnumSource(ReplayRow.State.class)
  void everyStateSaysWhatComesNext(ReplayRow.State state) {
    String id = replay(DEAD_LETTERS).is(202).at("/id");
    if (state != ReplayRow.State.RUNNING) {
      advance(id, List.of(), 0, state);
    }
    var answer = api.get("reader", REPLAYS + "/" + id).is(200);
    assertThat(answer.at("/state")).isEqualTo(state.wire());
    assertThat(answer.at("/nextStep")).endsWith(".");
  }

  @Test
  void aReplayForADisabledEndpointSaysThatItWaits() {
    api.endpoints.put(FixedEndpoints.status("acme", "erp", State.DISABLED));
    assertThat(replay(DEAD_LETTERS).is(202).at("/nextStep"))
        .endsWith("What it opens waits for its endpoint. Nothing was sent yet: publish an event.");
  }

  @Test
  void aReplayWhoseEndpointWentSaysThatItWaits() {
    String id = replay(DEAD_LETTERS).is(202).at("/id");
    api.endpoints.remove("acme", "erp");
    assertThat(api.get("reader", REPLAYS + "/" + id).is(200).at("/nextStep"))
        .contains("not declared any more");
    replay(DEAD_LETTERS).is(404, "not-found", null);
  }

  @Test
  void aCancelledReplayStaysSo() {
    String one = REPLAYS + "/" + replay(DEAD_LETTERS).is(202).at("/id");
    var cancelled = api.call("DELETE", one, "operator", Map.of(), new byte[0]).is(200);
    assertThat(cancelled.at("/state")).isEqualTo("Cancelled");
    assertThat(cancelled.at("/since")).isEqualTo("2026-11-22T11:00:00Z");
    assertThat(api.call("DELETE", one, "operator", Map.of(), new byte[0]).is(200).json())
        .isEqualTo(cancelled.json());
    api.call("DELETE", REPLAYS + "/99", "operator", Map.of(), new byte[0]).is(404);
    api.call("DELETE", REPLAYS + "/x", "operator", Map.of(), new byte[0]).is(404);
    api.call("DELETE", REPLAYS, "operator", Map.of(), new byte[0]).is(405);
  }

  @Test
  void startAndEndAreInTheAuditLog() {
    String id =
        replay("{\"endpoint\": \"erp\", \"select\": \"Missing\", \"types\": [\"a.*\"]}")
            .is(202)
            .at("/id");
    api.call("DELETE", REPLAYS + "/" + id, "owner", Map.of(), new byte[0]).is(200);
    JsonNode entries = api.get("reader", AUDIT).is(200).json().get("items");
    assertThat(entries.at("/0/action").asText()).isEqualTo("replays.cancel");
    assertThat(entries.at("/0/object").asText()).isEqualTo("Replay/" + id);
    assertThat(entries.at("/0/caller").asText()).isEqualTo("owner");
    assertThat(entries.at("/1/action").asText()).isEqualTo("replays.start");
    assertThat(entries.at("/1/object").asText()).isEqualTo("WebhookEndpoint/erp");
    assertThat(entries.at("/1/detail").asText())
        .isEqualTo("Missing, types a.*, to 2026-11-22T11:00:00.001Z, 100/s");
  }

  @Test
  void replaysAreListedNewestFirstInPages() {
    for (int i = 0; i < 5; i++) {
      replay(DEAD_LETTERS).is(202);
    }
    var ids = new ArrayList<String>();
    for (String next = ""; next != null; ) {
      JsonNode page = api.get("reader", REPLAYS + "?limit=2" + next).is(200).json();
      page.get("items").forEach(item -> ids.add(item.get("id").asText()));
      next = page.has("next") ? "&cursor=" + page.get("next").asText() : null;
    }
    assertThat(ids).isEqualTo(List.of("5", "4", "3", "2", "1"));
    assertThat(api.get("stranger", "/v1/tenants/zeta/replays").json().get("items")).isEmpty();
    api.get("stranger", "/v1/tenants/zeta/replays/1").is(404, "not-found", null);
    api.get("reader", REPLAYS + "?state=Done").is(400, "bad-parameter", "state");
  }

  @Test
  void aTenantHasSixteenAtOnce() {
    for (int i = 0; i < 16; i++) {
      replay(DEAD_LETTERS).is(202);
    }
    assertThat(replay(DEAD_LETTERS).is(409, "conflict", null).at("/detail")).contains("cancel one");
    String other = "{\"endpoint\": \"shop\", \"select\": \"All\"}";
    api.post("stranger", "/v1/tenants/zeta/replays", "application/json", other).is(202);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          {                                                        | 400 | unreadable |
          []                                                       | 422 | invalid | ``
          {}                                                       | 422 | invalid | endpoint
          {"endpoint": 7, "select": "All"}                         | 422 | invalid | endpoint
          {"endpoint": "erp"}                                      | 422 | invalid | select
          {"endpoint": "erp", "select": "all"}                     | 422 | invalid | select
          {"endpoint": "erp", "select": ["All"]}                   | 422 | invalid | select
          {"endpoint": "erp", "select": "All", "rate": 7}          | 422 | invalid | rate
          {"endpoint": "erp", "select": "All", "types": "a"}       | 422 | invalid | types
          {"endpoint": "erp", "select": "All", "types": []}        | 422 | invalid | types
          {"endpoint": "erp", "select": "All", "types": ["*.a"]}   | 422 | invalid | types
          {"endpoint": "erp", "select": "All", "types": ["a\\nb"]} | 422 | invalid | types
          {"endpoint": "erp", "select": "All", "types": [7]}       | 422 | invalid | types
          {"endpoint": "erp", "select": "All", "fromTime": "now"}  | 422 | invalid | fromTime
          {"endpoint": "erp", "select": "All", "toTime": 7}        | 422 | invalid | toTime
          {"endpoint": "erp", "select": "All", "eventIds": ["x"]}  | 422 | invalid | eventIds
          {"endpoint": "erp", "select": "All", "eventIds": "x"}    | 422 | invalid | eventIds
          {"endpoint": "erp", "select": "All", "ratePerSecond": 0} | 422 | invalid | ratePerSecond
          {"endpoint": "erp", "select": "All", "ratePerSecond": 1001}  | 422 | invalid | ratePerSecond
          {"endpoint": "erp", "select": "All", "ratePerSecond": "7"}   | 422 | invalid | ratePerSecond
          {"endpoint": "erp", "select": "All", "fromTime": "2027-01-01T00:00:00Z"} | 422 | invalid | fromTime
          """)
  void wrongBodiesAreNamed(String body, int status, String problem, @Nullable String field) {
    replay(body).is(status, problem, field == null || field.isEmpty() ? null : field);
    assertThat(api.get("reader", REPLAYS).json().get("items")).isEmpty();
  }

  @Test
  void timesMustBeInOrder() {
    String body =
        """
        {"endpoint": "erp", "select": "All",
         "fromTime": "2026-11-22T10:00:00Z", "toTime": "2026-11-22T10:00:00Z"}
        """;
    replay(body).is(422, "invalid", "toTime");
  }

  @Test
  void aReplayNeedsABodyOfJson() {
    api.post("operator", REPLAYS, "", "").is(422, "invalid", "endpoint");
    api.post("operator", REPLAYS, "text/plain", DEAD_LETTERS)
        .is(415, "unsupported-type", "Content-Type");
    replay(" ".repeat(70_000)).is(413, "too-large", null);
  }

  @Test
  void endpointsOfOthersAreNotFound() {
    for (String name : List.of("none", "shop")) {
      replay(DEAD_LETTERS.replace("erp", name)).is(404, "not-found", null);
    }
  }
}
