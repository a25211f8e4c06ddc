package dev.posthorn.e2e.erasure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.posthorn.e2e.fixture.Http;
import dev.posthorn.e2e.fixture.Manifests;
import dev.posthorn.e2e.fixture.PosthornProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Two tenants publish, with canaries in everything that one of them says; that one is erased. */
class ErasureIT {
  private static final String PAYLOAD = "canary-payload-c0ffee";
  private static final String HEADER = "canary-attribute-19cd";
  private static final String SUBJECT = "canary-subject-7f31";
  private static final String SOURCE = "/canary-source-55e0";
  private static final String ID = "canary-id-88b2";
  private static final String ANSWER = "canary-answer-6a6a";
  private static final List<String> CANARIES = List.of("canary-", "cafeca4e");

  /** Types are in the clear: who searches the files must find this one. */
  private static final String TYPE = "found.before";

  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final String DATA = "/v1/tenants/acme/data";
  private static final int BATCHES = 15;
  private static final int BATCH = 1_000;

  @TempDir private Path directory;

  private static String event(String tenant, String type) {
    return """
    {"specversion": "1.0", "tenant": "%s", "type": "%s", "source": "%s", "id": "%s-%%d",
     "subject": "%s", "note": "%s", "data": {"secret": "%s"},
     "traceparent": "00-cafeca4ecafeca4ecafeca4ecafeca4e-b7ad6b7169203331-01"}
    """
        .formatted(tenant, type, SOURCE, ID, SUBJECT, HEADER, PAYLOAD);
  }

  private static String other() {
    return """
    {"specversion": "1.0", "tenant": "globex", "type": "audit.login", "source": "/shop",
     "id": "%d", "data": {"n": %d}}
    """;
  }

  @ParameterizedTest
  @EnumSource(Kept.Store.class)
  void nothingOfTheTenantIsLeftAndNothingOfAnotherIsTouched(Kept.Store store) throws Exception {
    Kept kept = Kept.in(directory, store);
    Manifests manifests = Manifests.in(directory);
    try (var receiver = new TalkativeReceiver(ANSWER)) {
      manifests.write("acme.yaml", endpoints(receiver, "acme", "ok", "fails", "hangs"));
      manifests.write("globex.yaml", endpoints(receiver, "globex", "ok"));
      try (var posthorn = kept.run(manifests)) {
        Http api = posthorn.api();
        List<String> others;
        try (var globex = new Publisher(api, other())) {
          fill(api, receiver);
          assertThat(canaries(apiAnswers(api))).as("the API shows them before").isNotEmpty();
          assertThat(kept.filesWith(TYPE)).as("a search of the files finds").isNotEmpty();
          int before = globex.accepted().size();

          JsonNode receipt = erase(api);
          assertThat(canaries(List.of(receipt.toString()))).isEmpty();
          searched(api, kept, receipt);
          receiver.letGo();
          await("the attempts in flight end")
              .atMost(PATIENCE)
              .until(() ->
                  api.get("/v1/tenants/globex/events?limit=1").statusCode() == 200
                      && posthorn.metric("posthorn_in_flight") < 3);
          nothing(api, kept);
          await("the others' load goes on").until(() -> globex.accepted().size() > before + 200);
          others = globex.accepted();
        }
        intact(posthorn, receiver, others);
        anew(posthorn, receiver);
        assertThat(canaries(List.of(posthorn.stdout(), posthorn.stderr()))).isEmpty();
        assertThat(posthorn.stop()).isZero();
      }
      for (String canary : CANARIES) {
        assertThat(kept.filesWith(canary)).isEmpty();
      }
    }
  }

  @ParameterizedTest
  @EnumSource(Kept.Store.class)
  void killedInTheMiddleItGoesOn(Kept.Store store) throws Exception {
    Kept kept = Kept.in(directory, store);
    Manifests manifests = Manifests.in(directory);
    try (var receiver = new TalkativeReceiver(ANSWER)) {
      String endpoint = endpoints(receiver, "acme", "ok");
      manifests.write("acme.yaml", endpoint + "  suspend: true\n");
      int killed;
      try (var posthorn = kept.run(manifests)) {
        batches(posthorn.api());
        var asking = Thread.ofVirtual().start(() -> ask(posthorn.api()));
        await("it runs")
            .atMost(PATIENCE)
            .pollInterval(Duration.ofMillis(5))
            .until(() -> posthorn.api().get(DATA).body().contains("\"Running\""));
        killed = posthorn.api().json(DATA).at("/erased/events").asInt();
        posthorn.kill();
        assertThat(asking.join(PATIENCE)).isTrue();
      }
      assertThat(killed).isLessThan(BATCHES * BATCH);
      try (var posthorn = kept.run(manifests)) {
        JsonNode receipt = completed(posthorn.api());
        assertThat(receipt.at("/erased/events").asInt()).isEqualTo(BATCHES * BATCH);
        assertThat(receipt.at("/erased/deliveries").asInt()).isEqualTo(BATCHES * BATCH);
        nothing(posthorn.api(), kept);
        assertThat(posthorn.metric("posthorn_deliveries_unaccounted")).isZero();
        manifests.write("acme.yaml", endpoint);
        anew(posthorn, receiver);
        assertThat(receiver.arrived("/acme/ok")).hasSize(1);
      }
    }
  }

  private static void batches(Http api) {
    for (int batch = 0; batch < BATCHES; batch++) {
      var events = new ArrayList<String>();
      for (int n = 0; n < BATCH; n++) {
        events.add(event("acme", TYPE).replace("%d", batch + "-" + n));
      }
      String json = "[" + String.join(",", events) + "]";
      assertThat(api.post("/v1/events", "application/cloudevents-batch+json", json).statusCode())
          .isEqualTo(202);
    }
  }

  private static void ask(Http api) {
    try {
      api.delete(DATA);
    } catch (UncheckedIOException killed) {
      // As it should be.
    }
  }

  /** Events of acme until there are attempts of every kind; the erasure comes under its load. */
  private static void fill(Http api, TalkativeReceiver receiver) {
    try (var acme = new Publisher(api, event("acme", TYPE))) {
      await("attempts of all kinds")
          .atMost(PATIENCE)
          .until(() ->
              acme.accepted().size() > 500
                  && receiver.arrived("/acme/fails").size() > 10
                  && !receiver.arrived("/acme/hangs").isEmpty()
                  && !api.json("/v1/tenants/acme/dead-letters").path("items").isEmpty());
    }
  }

  /** While acme goes on publishing: what it is told is to try again. */
  private static JsonNode erase(Http api) {
    JsonNode receipt;
    int refusal;
    try (var acme = new Publisher(api, event("acme", TYPE).replace(ID, ID + "-late"))) {
      await("load").atMost(PATIENCE).until(() -> acme.accepted().size() > 20);
      HttpResponse<String> answer = api.delete(DATA);
      assertThat(answer.statusCode()).as(answer.body()).isIn(200, 202);
      receipt = completed(api);
      refusal = acme.refusal();
    }
    assertThat(refusal).as("0 where no publish met the erasure").isIn(0, 503);
    if (refusal == 0) {
      assertThat(api.delete(DATA).statusCode()).isIn(200, 202);
      completed(api);
    }
    return receipt;
  }

  private static JsonNode completed(Http api) {
    await("complete")
        .atMost(PATIENCE)
        .until(() -> api.json(DATA).path("state").asText().equals("Completed"));
    return api.json(DATA);
  }

  private static void searched(Http api, Kept kept, JsonNode receipt) throws IOException {
    for (String each : List.of("events", "deliveries", "attempts", "deadLetters", "exchanges")) {
      assertThat(receipt.path("erased").path(each).asLong()).as(each).isPositive();
    }
    assertThat(receipt.path("notReached").toString()).contains("backups");
    nothing(api, kept);
  }

  private static void nothing(Http api, Kept kept) throws IOException {
    assertThat(canaries(apiAnswers(api))).isEmpty();
    for (String canary : CANARIES) {
      assertThat(kept.filesWith(canary)).isEmpty();
    }
  }

  /** All that a caller with every verb can read of acme. */
  private static List<String> apiAnswers(Http api) {
    var answers = new ArrayList<String>();
    for (String list :
        List.of("events", "attempts", "dead-letters", "endpoints", "audit", "data")) {
      answers.add(api.get("/v1/tenants/acme/" + list).body());
    }
    for (String list : List.of("events", "attempts")) {
      for (JsonNode item : api.json("/v1/tenants/acme/" + list).path("items")) {
        answers.add(api.get("/v1/tenants/acme/" + list + "/" + item.path("id").asText()).body());
      }
    }
    answers.add(api.get("/v1/rejected").body());
    return answers;
  }

  private static List<String> canaries(List<String> texts) {
    return CANARIES.stream()
        .filter(canary -> texts.stream().anyMatch(text -> text.contains(canary)))
        .toList();
  }

  /** The other tenant's events, deliveries and attempts are as many as it published. */
  private static void intact(
      PosthornProcess posthorn, TalkativeReceiver receiver, List<String> published) {
    await("all of the other's arrive")
        .atMost(PATIENCE)
        .until(() -> new HashSet<>(receiver.arrived("/globex/ok")).containsAll(published));
    assertThat(receiver.arrived("/globex/ok")).containsExactlyInAnyOrderElementsOf(published);
    await("all are recorded")
        .atMost(PATIENCE)
        .until(() -> posthorn.metric("posthorn_deliveries_open") == 0);
    assertThat(ids(posthorn.api(), "events", "id")).containsExactlyInAnyOrderElementsOf(published);
    assertThat(ids(posthorn.api(), "attempts", "event"))
        .containsExactlyInAnyOrderElementsOf(published);
    assertThat(posthorn.metric("posthorn_deliveries_unaccounted")).isZero();
    assertThat(posthorn.metric("posthorn_deliveries_ended_total{end=\"erased\"}")).isPositive();
  }

  private static List<String> ids(Http api, String list, String field) {
    var ids = new ArrayList<String>();
    String cursor = "";
    do {
      JsonNode page = api.json("/v1/tenants/globex/" + list + "?limit=500" + cursor);
      page.path("items").forEach(item -> ids.add(item.path(field).asText()));
      cursor = page.has("next") ? "&cursor=" + page.path("next").asText() : "";
    } while (!cursor.isEmpty());
    return ids;
  }

  /** The tenant begins anew. */
  private static void anew(PosthornProcess posthorn, TalkativeReceiver receiver) {
    String id = posthorn.api().accepted("acme", "order.created", "{\"n\": 1}");
    await("a new event arrives")
        .atMost(PATIENCE)
        .until(() -> receiver.arrived("/acme/ok").contains(id));
    assertThat(posthorn.api().json("/v1/tenants/acme/events?type=order.created").path("items"))
        .hasSize(1);
  }

  private static String endpoints(TalkativeReceiver receiver, String tenant, String... names) {
    var yaml = new StringBuilder(Manifests.madeKeys(tenant, "keys", "{}"));
    for (String name : names) {
      yaml.append(
          Manifests.endpoint(
              tenant,
              name,
              receiver.url("/" + tenant + "/" + name),
              "\"*\"",
              "{scheme: standard-webhooks, signingSecretRef: {name: keys}}",
              "  retry: {scheduleSeconds: [1]}\n"));
    }
    return yaml.toString();
  }
}
