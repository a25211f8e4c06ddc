package dev.posthorn.e2e.replay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.posthorn.e2e.fixture.Ended;
import dev.posthorn.e2e.fixture.Http;
import dev.posthorn.e2e.fixture.Manifests;
import dev.posthorn.e2e.fixture.PosthornProcess;
import dev.posthorn.e2e.fixture.Program;
import dev.posthorn.e2e.fixture.Received;
import dev.posthorn.e2e.fixture.Receiver;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.ToIntFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Real processes, a receiver that was down, and a SIGKILL in the middle of a replay. */
class ReplayIT {
  private static final Duration PATIENCE = Duration.ofMinutes(1);
  private static final int IN_FLIGHT = 8;
  private static final int LOST = 150;
  private static final int RATE = 50;
  private static final String REPLAYS = "/v1/tenants/acme/replays";

  @TempDir private Path directory;
  private final Map<String, Integer> arrived = new ConcurrentHashMap<>();
  private volatile boolean down;

  /** While it is down it takes every second event only, so that the endpoint is never disabled. */
  private int answer(Received request) {
    if (down && request.header("posthorn-event-type").equals("order.lost")) {
      return 500;
    }
    arrived.merge(request.eventId(), 1, Integer::sum);
    return 204;
  }

  private PosthornProcess run(Manifests manifests) throws IOException {
    return PosthornProcess.run(
        manifests.directory(),
        directory.resolve("data"),
        "--max-concurrency",
        Integer.toString(IN_FLIGHT));
  }

  private static String endpoint(String name, Receiver receiver) {
    return Manifests.endpoint(
        "acme",
        name,
        receiver.url("/" + name),
        "\"order.*\"",
        "{scheme: standard-webhooks, signingSecretRef: {name: keys}}",
        "  retry: {maxAttempts: 1}\n");
  }

  private static JsonNode started(PosthornProcess server, String body) {
    HttpResponse<String> answer = server.api().post(REPLAYS, "application/json", body);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(202);
    return Http.parse(answer.body());
  }

  private static long deadLetters(PosthornProcess server, String endpoint) {
    return server.api().json("/v1/tenants/acme/endpoints/" + endpoint).path("deadLetters").asLong();
  }

  private Receiver receiver(ToIntFunction<Received> answer) throws IOException {
    return Receiver.answering(answer);
  }

  @Test
  void oneReplayBringsWhatWasLostAlsoThroughADeath() throws Exception {
    Manifests manifests = Manifests.in(directory);
    try (var receiver = receiver(this::answer)) {
      manifests.write("keys.yaml", Manifests.madeKeys("acme", "keys", "{}"));
      manifests.write("orders.yaml", endpoint("orders", receiver));
      Set<String> lost;
      JsonNode replay;
      try (var server = run(manifests)) {
        lost = loseSome(server);
        assertThat(arrived.keySet()).doesNotContainAnyElementsOf(lost);
        down = false;
        replay =
            started(
                server,
                "{\"endpoint\":\"orders\",\"select\":\"DeadLetters\",\"ratePerSecond\":"
                    + RATE
                    + "}");
        await("the replay is under way")
            .atMost(PATIENCE)
            .pollInterval(Duration.ofMillis(20))
            .until(() -> found(lost) >= RATE);
        server.kill();
      }
      assertThat(found(lost)).as("killed in the middle").isLessThan(LOST);
      try (var server = run(manifests)) {
        String one = REPLAYS + "/" + replay.path("id").asText();
        await("the replay ends")
            .atMost(PATIENCE)
            .until(() -> server.api().json(one).path("state").asText().equals("Done"));
        await("everything arrives").atMost(PATIENCE).until(() -> found(lost) == LOST);
        await("nothing is open")
            .atMost(PATIENCE)
            .until(() -> server.metric("posthorn_deliveries_open") == 0);
        JsonNode done = server.api().json(one);
        assertThat(done.path("selected").asInt()).isEqualTo(LOST);
        assertThat(done.path("opened").asInt()).isEqualTo(LOST);
        assertThat(server.metric("posthorn_deliveries_unaccounted")).isZero();
        assertThat(deadLetters(server, "orders")).isZero();
        assertThat(secondLives(server))
            .as("one end each")
            .containsExactlyInAnyOrderElementsOf(lost);
      }
      int repeated = arrived.values().stream().mapToInt(times -> times - 1).sum();
      assertThat(repeated).as("repeated by the death alone").isLessThanOrEqualTo(IN_FLIGHT);
    }
  }

  private long found(Set<String> events) {
    return arrived.keySet().stream().filter(events::contains).count();
  }

  private Set<String> loseSome(PosthornProcess server) {
    down = true;
    var lost = new HashSet<String>();
    for (int i = 0; i < LOST; i++) {
      lost.add(server.api().accepted("acme", "order.lost", "{\"n\": %d}".formatted(i)));
      server.api().accepted("acme", "order.paid", "1");
    }
    await("they are given up").atMost(PATIENCE).until(() -> deadLetters(server, "orders") == LOST);
    return lost;
  }

  /** The events of all terminal attempts of replayed deliveries. */
  private static List<String> secondLives(PosthornProcess server) {
    var events = new ArrayList<String>();
    String next = "";
    do {
      JsonNode page = server.api().json("/v1/tenants/acme/attempts?limit=500" + next);
      for (JsonNode attempt : page.path("items")) {
        if (attempt.path("replay").asInt() == 1 && attempt.path("terminal").asBoolean()) {
          events.add(attempt.path("event").asText());
        }
      }
      next = page.has("next") ? "&cursor=" + page.path("next").asText() : "";
    } while (!next.isEmpty());
    return events;
  }

  @Test
  void anEndpointThatCameLaterGetsWhatItMissedOnce() throws Exception {
    Manifests manifests = Manifests.in(directory);
    var archived = Receiver.list();
    try (var receiver = receiver(_ -> 204);
        var archive = Receiver.keeping(archived)) {
      manifests.write("keys.yaml", Manifests.madeKeys("acme", "keys", "{}"));
      manifests.write("orders.yaml", endpoint("orders", receiver));
      try (var server = run(manifests)) {
        var events = new ArrayList<String>();
        for (int i = 0; i < 20; i++) {
          events.add(server.api().accepted("acme", "order.paid", "1"));
        }
        server.api().accepted("acme", "invoice.paid", "1");
        manifests.write("archive.yaml", endpoint("archive", archive));
        await("the endpoint is there")
            .atMost(PATIENCE)
            .until(() -> server.api().status("/v1/tenants/acme/endpoints/archive") == 200);
        for (int i = 0; i < 5; i++) {
          events.add(server.api().accepted("acme", "order.paid", "1"));
        }
        Ended replay = command(server, "--select", "Missing", "--wait");
        assertThat(replay.exitCode()).as(replay.err()).isZero();
        assertThat(replay.out()).contains("Done", "20");
        await("everything arrives").atMost(PATIENCE).until(() -> archived.size() >= 25);
        assertThat(archived)
            .extracting(Received::eventId)
            .containsExactlyInAnyOrderElementsOf(events);
        assertThat(command(server, "--select", "Missing", "--wait").out())
            .contains("nothing was selected");
        assertThat(archived).hasSize(25);
        assertThat(server.metric("posthorn_deliveries_unaccounted")).isZero();
      }
    }
  }

  private Ended command(PosthornProcess server, String... options) throws Exception {
    var all = new ArrayList<>(List.of("replay", "--tenant", "acme", "archive"));
    all.addAll(List.of(options));
    all.addAll(
        List.of(
            "--server",
            server.api().base().toString(),
            "--token-file",
            directory.resolve("data/admin-token").toString()));
    return Ended.of(directory, Program.command(all.toArray(String[]::new)));
  }

  @Test
  void aRetryADayAwayIsSentNowWhenItIsAskedFor() throws Exception {
    Manifests manifests = Manifests.in(directory);
    down = true;
    try (var receiver = receiver(this::answer)) {
      manifests.write("keys.yaml", Manifests.madeKeys("acme", "keys", "{}"));
      manifests.write(
          "orders.yaml",
          endpoint("orders", receiver).replace("maxAttempts: 1", "scheduleSeconds: [86400]"));
      try (var server = run(manifests)) {
        String one = server.api().accepted("acme", "order.lost", "1");
        String other = server.api().accepted("acme", "order.lost", "2");
        await("both have failed")
            .atMost(PATIENCE)
            .until(() -> server.metric("posthorn_attempts_total{class=\"http_5xx\"}") == 2);
        down = false;
        HttpResponse<String> answer =
            server
                .api()
                .post(
                    "/v1/tenants/acme/events/" + one + "/redeliver",
                    "application/json",
                    "{\"endpoint\":\"orders\"}");
        assertThat(Http.parse(answer.body()).path("result").asText()).isEqualTo("Hastened");
        await("it arrives").atMost(PATIENCE).until(() -> arrived.containsKey(one));
        started(server, "{\"endpoint\":\"orders\",\"select\":\"Failed\"}");
        await("the other too").atMost(PATIENCE).until(() -> arrived.containsKey(other));
        assertThat(arrived).isEqualTo(Map.of(one, 1, other, 1));
      }
    }
  }
}
