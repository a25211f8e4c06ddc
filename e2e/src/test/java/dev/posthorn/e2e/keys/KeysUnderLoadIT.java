package dev.posthorn.e2e.keys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.posthorn.e2e.fixture.Http;
import dev.posthorn.e2e.fixture.Manifests;
import dev.posthorn.e2e.fixture.PosthornProcess;
import dev.posthorn.e2e.fixture.Receiver;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One key of twenty endpoints, 500 deliveries a second, rotated twice and then revoked. */
class KeysUnderLoadIT {
  private static final int ENDPOINTS = 20;
  private static final int EVENTS_PER_SECOND = 25;

  /** A request that was signed before the new key began may still be on its way so long. */
  private static final int ON_ITS_WAY_MILLIS = 1_000;

  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final Duration LATEST = Duration.ofSeconds(1);
  private static final String KEYS_SPEC = "{rotation: {overlapSeconds: 120, maxOverlapping: 2}}";
  private static final String KEYS = "/v1/tenants/acme/keys/orders/";

  private static final List<String> NAMES =
      IntStream.range(0, ENDPOINTS).mapToObj(i -> "endpoint-" + i).toList();

  @TempDir private Path directory;

  private final Set<String> published = ConcurrentHashMap.newKeySet();

  @Test
  void noReceiverIsBrokenByARotationAndNoRequestIsSignedWithARevokedKey() throws Exception {
    long seed = Long.getLong("posthorn.seed", new Random().nextLong());
    System.out.println("KeysUnderLoadIT: -Dposthorn.seed=" + seed);
    Manifests manifests = Manifests.in(directory);
    manifests.write("acme.yaml", Manifests.madeKeys("acme", "orders", KEYS_SPEC));
    try (var posthorn = PosthornProcess.run(manifests.directory(), directory.resolve("data"))) {
      Http api = posthorn.api();
      var customers = new Customers(NAMES, activeKey(api));
      try (var receiver = Receiver.answering(customers::receive);
          ScheduledExecutorService timers = Executors.newScheduledThreadPool(2)) {
        manifests.write("endpoints.yaml", endpoints(receiver));
        await("endpoints").atMost(PATIENCE).until(() -> count(api) == ENDPOINTS);
        var _ =
            timers.scheduleAtFixedRate(
                () -> published.add(api.accepted("acme", "order.created", "{\"n\": 1}")),
                0,
                1_000_000 / EVENTS_PER_SECOND,
                TimeUnit.MICROSECONDS);

        var random = new Random(seed);
        for (int round = 0; round < 2; round++) {
          rotate(api, customers, timers, random);
        }
        HttpResponse<String> third = post(api, "rotate", "{}");
        assertThat(third.statusCode()).isEqualTo(409);
        assertThat(Http.parse(third.body()).path("detail").asText())
            .contains("the earliest ends at 20");
        assertThat(customers.failures()).isEmpty();

        revoke(api, customers);
        assertThat(customers.failures()).isEmpty();
        timers.shutdownNow();
        assertThat(timers.awaitTermination(20, TimeUnit.SECONDS)).isTrue();
      }
    }
  }

  /** Makes a key; every receiver switches at a moment of its own while both keys sign. */
  private void rotate(
      Http api, Customers customers, ScheduledExecutorService timers, Random random) {
    String former = activeKey(api);
    assertThat(post(api, "rotate", "{}").statusCode()).isEqualTo(200);
    await("the new key signs").atMost(PATIENCE).until(() -> !activeKey(api).equals(former));
    String fresh = activeKey(api);
    for (String endpoint : NAMES) {
      var _ =
          timers.schedule(
              () -> customers.switches(endpoint, fresh),
              random.nextInt(ON_ITS_WAY_MILLIS, 3_000),
              TimeUnit.MILLISECONDS);
    }
    await("all have switched and more has come")
        .pollDelay(Duration.ofSeconds(4))
        .atMost(PATIENCE)
        .until(() -> customers.count() > 0);
  }

  private void revoke(Http api, Customers customers) {
    JsonNode active = active(api);
    String revoked = active.path("key").asText();
    String body = "{\"keyId\": \"%s\"}".formatted(active.path("keyId").asText());
    HttpResponse<String> answer = post(api, "revoke", body);
    Instant answered = Instant.now();
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    int atAnswer = published.size();
    await("more is published and held")
        .atMost(PATIENCE)
        .until(() -> published.size() > atAnswer + 3 * EVENTS_PER_SECOND);
    assertThat(api.get("/v1/tenants/acme/endpoints/endpoint-0").body())
        .contains("\"Paused\"", "give " + staged(api).path("keyId").asText() + " to the receiver");

    String successor = staged(api).path("key").asText();
    NAMES.forEach(endpoint -> customers.switches(endpoint, successor));
    post(api, "acknowledge", "{\"keyId\": \"%s\"}".formatted(staged(api).path("keyId").asText()));
    var all = new HashSet<>(published);
    await("everything that was held arrives")
        .atMost(PATIENCE)
        .untilAsserted(() -> assertThat(customers.missing(all)).isEmpty());
    judge(customers, revoked, answered);
  }

  private static void judge(Customers customers, String revoked, Instant answered) {
    Duration latest =
        customers.arrivals().stream()
            .filter(each -> Customers.verifies(each.request(), revoked))
            .map(each -> Duration.between(answered, each.time()))
            .max(Duration::compareTo)
            .orElseThrow();
    long held =
        customers.arrivals().stream()
            .filter(each -> each.time().isAfter(answered.plus(LATEST)))
            .count();
    System.out.printf(
        "KeysUnderLoadIT: %d deliveries, %d of them after the revocation; the last one with the"
            + " revoked key came %d ms after the answer to it%n",
        customers.count(), held, latest.toMillis());
    assertThat(latest).isLessThanOrEqualTo(LATEST);
    assertThat(customers.arrivals())
        .allSatisfy(each -> assertThat(each.request().find("webhook-signature")).isPresent());
    assertThat(held).isPositive();
  }

  private static HttpResponse<String> post(Http api, String action, String body) {
    return api.post(KEYS + action, "application/json", body);
  }

  private static JsonNode inState(Http api, String state) {
    for (JsonNode key : api.json(KEYS + "reveal").path("keys")) {
      if (key.path("state").asText().equals(state)) {
        return key;
      }
    }
    throw new AssertionError("no key is " + state);
  }

  private static JsonNode active(Http api) {
    return inState(api, "Active");
  }

  private static JsonNode staged(Http api) {
    return inState(api, "Staged");
  }

  private static String activeKey(Http api) {
    return active(api).path("key").asText();
  }

  private static int count(Http api) {
    return api.json("/v1/tenants/acme/endpoints").path("items").size();
  }

  private static String endpoints(Receiver receiver) {
    var yaml = new StringBuilder();
    for (String name : NAMES) {
      yaml.append(
          Manifests.endpoint(
              "acme",
              name,
              receiver.url("/" + name),
              "\"*\"",
              "{scheme: standard-webhooks, signingSecretRef: {name: orders}}",
              ""));
    }
    return yaml.toString();
  }
}
