package dev.posthorn.dispatcher.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.posthorn.core.event.PublishedEvent;
import dev.posthorn.dispatcher.accept.Acceptance;
import dev.posthorn.dispatcher.accept.Acceptance.Cause;
import dev.posthorn.dispatcher.api.ApiServer.Answer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PublishTest {
  private static final String PATH = "/v1/events";
  private static final String JSON = "application/json";
  private static final String CLOUD_EVENT = "application/cloudevents+json";
  private static final String BATCH = "application/cloudevents-batch+json";
  private static final String EVENT =
      "{\"specversion\":\"1.0\",\"id\":\"%s\",\"source\":\"shop\",\"type\":\"order.created\","
          + "\"tenant\":\"%s\",\"data\":{\"a\": 1}}";

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

  private PublishedEvent taken() {
    assertThat(api.taken).hasSize(1);
    return api.taken.getFirst();
  }

  @Test
  void aPlainEventIsTakenAndNamed() {
    String json =
        "{\"tenant\":\"acme\",\"type\":\"order.created\",\"data\":{\"a\": 1},\"id\":\"o-1\","
            + "\"source\":\"shop\",\"subject\":\"s\",\"time\":\"2026-11-22T09:00:00Z\"}";
    JsonNode answer = api.publish(json).is(202).json();
    assertThat(answer.get("id").asText()).startsWith("msg_");
    assertThat(answer.get("duplicate").asBoolean()).isFalse();
    assertThat(taken().id()).isEqualTo("o-1");
    assertThat(new String(taken().data().bytes(), StandardCharsets.UTF_8)).isEqualTo("{\"a\": 1}");
  }

  @Test
  void publishingAgainAnswersTheFirstIdAsADuplicate() {
    String event = EVENT.formatted("1", "acme");
    String first = api.post("owner", PATH, CLOUD_EVENT, event).is(202).at("/id");
    Answer again = api.post("owner", PATH, CLOUD_EVENT, event).is(202);
    assertThat(again.at("/id")).isEqualTo(first);
    assertThat(again.json().get("duplicate").asBoolean()).isTrue();
  }

  @Test
  void aBinaryEventIsItsHeadersAndItsBody() {
    Map<String, String> headers =
        Map.of(
            "ce-specversion", "1.0",
            "ce-id", "7",
            "ce-source", "shop",
            "ce-type", "order.created",
            "ce-tenant", "acme",
            "content-type", "application/octet-stream");
    api.call("POST", PATH, "publisher", headers, new byte[] {0, (byte) 0xff}).is(202);
    assertThat(taken().data().bytes()).containsExactly(0, 0xff);
  }

  @Test
  void aBatchIsAnsweredInItsOrder() {
    String batch =
        "["
            + String.join(
                ",",
                EVENT.formatted("1", "acme"),
                EVENT.formatted("2", "acme"),
                EVENT.formatted("1", "acme"))
            + "]";
    JsonNode items = api.post("owner", PATH, BATCH, batch).is(202).json().get("items");
    assertThat(items).hasSize(3);
    assertThat(items.get(2).get("id")).isEqualTo(items.get(0).get("id"));
    assertThat(items.get(2).get("duplicate").asBoolean()).isTrue();
    assertThat(items.get(1).get("id")).isNotEqualTo(items.get(0).get("id"));
  }

  @Test
  void aBatchOfOneIsAnsweredAsAList() {
    Answer answer = api.post("owner", PATH, BATCH, "[" + EVENT.formatted("1", "acme") + "]");
    assertThat(answer.is(202).json().get("items")).hasSize(1);
  }

  @Test
  void anEmptyBatchIsAnEmptyList() {
    assertThat(api.post("owner", PATH, BATCH, "[]").is(202).json().get("items")).isEmpty();
    assertThat(api.taken).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "application/json | {           | 400 | unreadable | ",
        "application/json |             | 400 | unreadable | ",
        "application/json | {\"type\": \"a\", \"data\": 1} | 422 | invalid | tenant",
        "application/json | {\"tenant\": \"acme\", \"data\": 1} | 422 | invalid | type",
        "application/json | {\"tenant\": \"a b\", \"type\": \"a\", \"data\": 1} | 422 | invalid | tenant",
        "application/json | {\"tenant\": \"acme\", \"type\": \"a\", \"data\": 1, \"time\": \"today\"} | 422 | invalid | time",
        "application/json | {\"tenant\": \"acme\", \"type\": \"a\", \"data\": 1, \"more\": 1} | 422 | invalid | more",
        "text/plain       | hello       | 415 | unsupported-type | content-type",
        "''               | hello       | 415 | unsupported-type | content-type"
      })
  void whatIsNoEventIsRefusedWithItsFieldAndNothingIsTaken(
      String type, String body, int status, String problem, String field) {
    String text = body == null ? "" : body;
    api.post("owner", PATH, type, text).is(status, problem, field);
    assertThat(api.taken).isEmpty();
  }

  @Test
  void oneBadEventRefusesTheWholeBatchAndIsNamed() {
    String batch = "[" + EVENT.formatted("1", "acme") + ",{\"specversion\":\"1.0\"}]";
    Answer answer = api.post("owner", PATH, BATCH, batch).is(422);
    assertThat(answer.at("/field")).startsWith("[1].");
    assertThat(api.taken).isEmpty();
  }

  @Test
  void aBatchOfMoreThanAThousandIsRefused() {
    String many = String.join(",", Collections.nCopies(1001, EVENT.formatted("1", "acme")));
    api.post("owner", PATH, BATCH, "[" + many + "]").is(422);
    assertThat(api.taken).isEmpty();
  }

  @Test
  void aTokenPublishesForItsTenantsAloneAlsoInABatch() {
    api.publish("{\"tenant\":\"zeta\",\"type\":\"a\",\"data\":1}").is(403, "forbidden", "tenant");
    String batch = "[" + EVENT.formatted("1", "acme") + "," + EVENT.formatted("2", "zeta") + "]";
    api.post("owner", PATH, BATCH, batch).is(403, "forbidden", "[1].tenant");
    assertThat(api.taken).isEmpty();
    api.post("admin", PATH, BATCH, batch).is(202);
  }

  @Test
  void dataOverTheLimitIsRefusedAndDataOfTheLimitIsNot() {
    String json = "{\"tenant\":\"acme\",\"type\":\"a\",\"data\":\"%s\"}";
    int quotes = 2;
    api.publish(json.formatted("x".repeat(ApiServer.MAX_PAYLOAD - quotes))).is(202);
    Answer answer = api.publish(json.formatted("x".repeat(ApiServer.MAX_PAYLOAD - quotes + 1)));
    answer.is(413, "too-large", "data");
    assertThat(answer.at("/detail")).contains("2048 bytes");
  }

  @Test
  void aBodyThatCannotHoldAllowedDataIsRefusedUnread() {
    api.post("owner", PATH, JSON, "x".repeat(70_000)).is(413, "too-large", null);
    api.post("owner", PATH, BATCH, "x".repeat(5 * 1024 * 1024 + 1)).is(413, "too-large", null);
  }

  @ParameterizedTest
  @CsvSource({
    "NOT_READY, 503, not-ready, 3",
    "STORE_UNAVAILABLE, 503, store-unavailable, 3",
    "OVERLOADED, 503, overloaded, 3",
    "TENANT_QUOTA, 429, tenant-quota, 3",
    "TOO_LARGE, 413, too-large, ''"
  })
  void aRefusalOfTheEngineSaysWhenToTryAgain(
      Cause cause, int status, String problem, String retryAfter) {
    api.refusal = new Acceptance.Refused(cause, "The disk is full: make room.", 3);
    Answer answer = api.publish("{\"tenant\":\"acme\",\"type\":\"a\",\"data\":1}");
    answer.is(status, problem, null);
    assertThat(answer.header("retry-after")).isEqualTo(retryAfter);
    assertThat(answer.at("/detail")).isEqualTo("The disk is full: make room.");
  }

  @Test
  void aFullTenantIsToldWhatFreesRoom() {
    api.refusal = new Acceptance.Full("acme", "tenant acme has 9 bytes stored", 60);
    Answer answer = api.publish("{\"tenant\":\"acme\",\"type\":\"a\",\"data\":1}");
    answer.is(429, "tenant-quota", null);
    assertThat(answer.header("retry-after")).isEqualTo("60");
    assertThat(answer.at("/detail")).isEqualTo("tenant acme has 9 bytes stored");
  }

  @Test
  void noProblemQuotesData() {
    String body = "{\"tenant\":\"acme\",\"type\":\"a\",\"data\":\"payload-of-acme\" oops";
    assertThat(api.publish(body).is(400).response().body()).doesNotContain("payload-of-acme");
  }

  @Test
  void aParameterIsRefused() {
    api.post("owner", PATH + "?tenant=acme", JSON, "{}").is(400, "bad-parameter", "tenant");
  }
}
