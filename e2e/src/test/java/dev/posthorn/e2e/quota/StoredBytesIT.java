package dev.posthorn.e2e.quota;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.posthorn.e2e.fixture.Http;
import dev.posthorn.e2e.fixture.Manifests;
import dev.posthorn.e2e.fixture.PosthornProcess;
import dev.posthorn.e2e.fixture.Received;
import dev.posthorn.e2e.fixture.Receiver;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A tenant fills its share of the store, beside another that has none. */
class StoredBytesIT {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final String BATCH = "application/cloudevents-batch+json";
  private static final String DATA = "/v1/tenants/acme/data";

  @TempDir private Path directory;
  private final List<Received> received = Receiver.list();

  private static String dispatcher(String limit) {
    return """
    apiVersion: posthorn.dev/v1alpha1
    kind: Dispatcher
    metadata: {name: default}
    spec:
      allowedNamespaces: {from: All}
      limits: {tenants: [{tenant: acme, maxStoredBytes: %s}]}
    """
        .formatted(limit);
  }

  private static String endpoint(String tenant, String url) {
    return Manifests.endpoint(tenant, "orders", url, "\"order.*\"", "{scheme: none}", "");
  }

  private static String event(String tenant) {
    return "{\"tenant\": \"%s\", \"type\": \"order.paid\", \"data\": \"%s\"}"
        .formatted(tenant, "x".repeat(1_000));
  }

  /** Publishes until that is refused; answers how many were accepted. */
  private static int fill(Http api) {
    for (int accepted = 0; accepted < 100; accepted++) {
      HttpResponse<String> answer = api.publish(event("acme"));
      if (answer.statusCode() == 429) {
        assertThat(answer.headers().firstValue("retry-after")).contains("60");
        assertThat(answer.body()).contains("tenant-quota", "allowed are 20480", "maxStoredBytes");
        return accepted;
      }
      assertThat(answer.statusCode()).isEqualTo(202);
    }
    throw new AssertionError("100 KiB found room in 20");
  }

  private void arrived(int count) {
    await().atMost(PATIENCE).until(() -> received.size() == count);
  }

  @Test
  void whoIsFullIsToldAndNobodyElseUntilThereIsRoom() throws Exception {
    Path data = directory.resolve("data");
    try (var receiver = Receiver.keeping(received)) {
      var manifests = Manifests.in(directory);
      manifests.write("dispatcher.yaml", dispatcher("20Ki"));
      manifests.write("acme.yaml", endpoint("acme", receiver.url("/acme")));
      manifests.write("globex.yaml", endpoint("globex", receiver.url("/globex")));
      int accepted;
      try (var posthorn = PosthornProcess.run(manifests.directory(), data)) {
        accepted = fill(posthorn.api());
        assertThat(accepted).isBetween(18, 21);
        others(posthorn.api());
        arrived(accepted + 50);
        posthorn.kill();
      }
      try (var posthorn = PosthornProcess.run(manifests.directory(), data)) {
        Http api = posthorn.api();
        assertThat(api.publish(event("acme")).statusCode()).as("after a crash").isEqualTo(429);
        assertThat(api.delete(DATA).statusCode()).isIn(200, 202);
        await()
            .atMost(PATIENCE)
            .until(() -> api.json(DATA).path("state").asText().equals("Completed"));
        assertThat(fill(api)).as("as much as before").isEqualTo(accepted);
        manifests.write("dispatcher.yaml", dispatcher("1Gi"));
        await().atMost(PATIENCE).until(() -> api.publish(event("acme")).statusCode() == 202);
        await().atMost(PATIENCE).until(() -> posthorn.metric("posthorn_deliveries_open") == 0);
        assertThat(posthorn.metric("posthorn_deliveries_unaccounted")).isZero();
        assertThat(posthorn.stop()).isZero();
      }
    }
  }

  private static void others(Http api) {
    for (int i = 0; i < 50; i++) {
      api.accepted("globex", "order.paid", "{}");
    }
    String both =
        """
        [{"specversion": "1.0", "tenant": "globex", "type": "a", "source": "/s", "id": "1"},
         {"specversion": "1.0", "tenant": "acme", "type": "a", "source": "/s", "id": "2"}]
        """;
    assertThat(api.post("/v1/events", BATCH, both).statusCode())
        .as("all of a batch or none")
        .isEqualTo(429);
    assertThat(api.get("/v1/tenants/globex/events?limit=500").body())
        .doesNotContain("\"type\":\"a\"");
  }
}
