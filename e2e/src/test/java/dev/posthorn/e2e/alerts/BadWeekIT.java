package dev.posthorn.e2e.alerts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.posthorn.e2e.fixture.Http;
import dev.posthorn.e2e.fixture.Manifests;
import dev.posthorn.e2e.fixture.PosthornProcess;
import dev.posthorn.e2e.fixture.Program;
import dev.posthorn.e2e.fixture.Received;
import dev.posthorn.e2e.fixture.Receiver;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A receiver's bad week, through deaths of the process: its certificate is about to end, it answers
 * 503 for long, its certificate ends, it is disabled, comes back and is enabled. Hours pass while
 * the process is dead, by moving the time in the store that its failures began.
 */
class BadWeekIT {
  private static final Duration PATIENCE = Duration.ofSeconds(40);
  private static final int EVENTS = 12;
  private static final String EXHAUSTED = "posthorn.delivery.exhausted";
  private static final String CERTIFICATE = "posthorn.endpoint.certificate-expiring";
  private static final String FAILING = "posthorn.endpoint.failing";
  private static final String SOON = "posthorn.endpoint.disabling-soon";
  private static final String DISABLED = "posthorn.endpoint.disabled";
  private static final String ENABLED = "posthorn.endpoint.enabled";

  @TempDir private Path directory;
  private final Map<String, Integer> taken = new ConcurrentHashMap<>();
  private final List<Received> notices = Receiver.list();
  private final List<Received> alerts = Receiver.list();
  private volatile int status = 204;

  private int answer(Received request) {
    if (status == 204) {
      taken.merge(request.eventId(), 1, Integer::sum);
    }
    return status;
  }

  private PosthornProcess run(Manifests manifests) throws IOException {
    return PosthornProcess.run(manifests.directory(), directory.resolve("data"));
  }

  private static String orders(Receiver receiver, String autoDisable) {
    return Manifests.endpoint(
        "acme",
        "orders",
        receiver.url("/in"),
        "\"order.*\"",
        "{scheme: none}",
        """
          retry: {scheduleSeconds: [1]}
          tls: {caRef: {kind: Secret, name: authority, key: ca.crt}}
          autoDisable: {afterFailingSeconds: 3600%s}
        """
            .formatted(autoDisable));
  }

  private static String watcher(Receiver receiver) {
    return Manifests.endpoint(
        "acme",
        "people",
        receiver.url("/notices"),
        "\"posthorn.*\"",
        "{scheme: none}",
        "  delivery: {ordering: Endpoint}\n");
  }

  /** The sample, with another address. */
  private static String slack(Receiver receiver) {
    String sample =
        PosthornProcess.read(Program.root().resolve("config/samples/alerts/slack.yaml"));
    String address = "https://hooks.slack.com/services/T00000000/B00000000/replace-me";
    assertThat(sample).contains(address);
    return sample.replace(address, receiver.url("/slack"));
  }

  private Manifests manifests(ChangingCertificate certificate) throws IOException {
    Manifests manifests = Manifests.in(directory);
    manifests.write(
        "dispatcher.yaml",
        """
        apiVersion: posthorn.dev/v1alpha1
        kind: Dispatcher
        metadata: {name: default, namespace: posthorn-system}
        spec:
          allowedNamespaces: {from: All}
          alerts: {endpointRef: {name: operations}}
        """);
    String pem = certificate.authorityPem().replace("\n", "\\n");
    manifests.write("ca.yaml", Manifests.secret("acme", "authority", "ca.crt", pem));
    return manifests;
  }

  /** The process is dead: its endpoint has failed for so long when it lives again. */
  private void failingFor(Duration time) throws SQLException {
    String url = "jdbc:sqlite:" + directory.resolve("data").resolve("posthorn.db");
    try (Connection store = DriverManager.getConnection(url);
        PreparedStatement move =
            store.prepareStatement("UPDATE endpoint SET since = ? WHERE name = 'orders'")) {
      move.setString(1, Instant.now().minus(time).toString());
      assertThat(move.executeUpdate()).isEqualTo(1);
    }
  }

  private static List<JsonNode> events(List<Received> of) {
    return of.stream().map(each -> Http.parse(each.text())).toList();
  }

  private static List<String> types(List<Received> of) {
    return events(of).stream()
        .map(each -> each.path("type").asText())
        .filter(Predicate.not(EXHAUSTED::equals))
        .toList();
  }

  private void awaitTold(String... types) {
    await("told is " + String.join(", ", types))
        .atMost(PATIENCE)
        .until(() -> types(notices).equals(List.of(types)));
  }

  private List<String> texts() {
    return events(notices).stream()
        .map(each ->
            "*%s* of acme: %s"
                .formatted(each.path("type").asText(), each.at("/data/message").asText()))
        .toList();
  }

  private JsonNode last(String type) {
    return events(notices).stream()
        .filter(each -> each.path("type").asText().equals(type))
        .toList()
        .getLast()
        .path("data");
  }

  @Test
  void peopleAreToldInTimeAndOneReplayBringsWhatWasMissed() throws Exception {
    var certificate = new ChangingCertificate(Duration.ofDays(2));
    Manifests manifests = manifests(certificate);
    try (var receiver = Receiver.answering(certificate.context(), this::answer);
        var people = Receiver.keeping(notices);
        var platform = Receiver.keeping(alerts)) {
      manifests.write("orders.yaml", orders(receiver, ""));
      manifests.write("people.yaml", watcher(people));
      manifests.write("operations.yaml", slack(platform));
      var published = new HashSet<String>();
      try (var server = run(manifests)) {
        published.add(server.api().accepted("acme", "order.paid", "0"));
        awaitTold(CERTIFICATE);
        assertThat(last(CERTIFICATE).path("deadline").asText())
            .isEqualTo(certificate.notAfter().toString());
        status = 503;
        for (int i = 1; i <= EVENTS; i++) {
          published.add(server.api().accepted("acme", "order.paid", "" + i));
        }
        awaitTold(CERTIFICATE, FAILING);
        server.kill();
      }
      failingFor(Duration.ofMinutes(50));
      try (var server = run(manifests)) {
        awaitTold(CERTIFICATE, FAILING, SOON);
        server.kill();
      }
      certificate.change(Duration.ofDays(-1));
      try (var server = run(manifests)) {
        awaitTold(CERTIFICATE, FAILING, SOON, CERTIFICATE);
        assertThat(last(CERTIFICATE).path("message").asText()).contains("ended at");
        server.kill();
      }
      failingFor(Duration.ofMinutes(61));
      try (var server = run(manifests)) {
        awaitTold(CERTIFICATE, FAILING, SOON, CERTIFICATE, DISABLED);
        assertThat(last(DISABLED).path("nextStep").asText())
            .isEqualTo(
                server.api().json("/v1/tenants/acme/endpoints/orders").path("nextStep").asText());
        certificate.change(Duration.ofDays(90));
        status = 204;
        manifests.write(
            "orders.yaml", orders(receiver, ", ignoreFailuresBefore: \"" + Instant.now() + "\""));
        awaitTold(CERTIFICATE, FAILING, SOON, CERTIFICATE, DISABLED, ENABLED);
        recover(server, published);
      }
    }
    assertThat(taken).as("each once").allSatisfy((_, times) -> assertThat(times).isEqualTo(1));
    assertThat(events(notices)).allSatisfy(BadWeekIT::saysWhatToDo);
    assertThat(alerts.stream().map(Received::text).map(Http::parse))
        .as("Slack's texts")
        .extracting(text -> text.path("text").asText())
        .containsExactlyInAnyOrderElementsOf(texts());
  }

  /** What waited comes by itself, what was given up by one replay. */
  private void recover(PosthornProcess server, Set<String> published) {
    await("nothing is open")
        .atMost(PATIENCE)
        .until(() -> server.metric("posthorn_deliveries_open") == 0);
    long given =
        events(notices).stream()
            .filter(each -> each.path("type").asText().equals(EXHAUSTED))
            .count();
    assertThat(given).as("given up, and each was told").isPositive();
    assertThat(taken).hasSize(published.size() - Math.toIntExact(given));
    HttpResponse<String> answer =
        server
            .api()
            .post(
                "/v1/tenants/acme/replays",
                "application/json",
                "{\"endpoint\":\"orders\",\"select\":\"DeadLetters\"}");
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(202);
    await("everything is there").atMost(PATIENCE).until(() -> taken.keySet().equals(published));
    await("nothing is open")
        .atMost(PATIENCE)
        .until(() -> server.metric("posthorn_deliveries_open") == 0);
    assertThat(server.metric("posthorn_deliveries_unaccounted")).isZero();
  }

  private static void saysWhatToDo(JsonNode notice) {
    JsonNode data = notice.path("data");
    assertThat(data.path("tenant").asText()).isEqualTo("acme");
    assertThat(data.path("endpoint").asText()).isEqualTo("orders");
    assertThat(data.at("/cause/class").asText()).isNotEmpty();
    assertThat(data.at("/cause/detail").asText()).isNotEmpty();
    assertThat(data.path("action").asText()).isNotEmpty();
    assertThat(data.path("nextStep").asText()).isNotEmpty();
    boolean over = notice.path("type").asText().equals(ENABLED);
    assertThat(data.has("deadline")).as("%s", notice).isEqualTo(!over);
    assertThat(notice.toString()).doesNotContain("/in", "/notices");
  }
}
