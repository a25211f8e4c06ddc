package dev.posthorn.e2e.live;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.standardwebhooks.Webhook;
import dev.posthorn.e2e.fixture.Http;
import dev.posthorn.e2e.fixture.Manifests;
import dev.posthorn.e2e.fixture.PosthornProcess;
import dev.posthorn.e2e.fixture.Received;
import dev.posthorn.e2e.fixture.Receiver;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A planned rotation, wished by a time in a manifest, as two receivers live through it. */
class RotationIT {
  private static final Duration PATIENCE = Duration.ofSeconds(40);
  private static final int OVERLAP_SECONDS = 8;

  @TempDir private Path directory;
  private final List<Received> received = Receiver.list();

  @Test
  void bothKeysSignOrTheOldOneUntilTheOverlapEnds() throws Exception {
    Manifests manifests = Manifests.in(directory);
    try (var receiver = Receiver.keeping(received)) {
      manifests.write("keys.yaml", keys(""));
      manifests.write(
          "acme.yaml",
          endpoint(receiver, "many", "standard-webhooks") + endpoint(receiver, "single", "github"));
      try (var posthorn = PosthornProcess.run(manifests.directory(), directory.resolve("data"))) {
        String old = newestKey();
        assertThat(signatures(posthorn, "/many")).hasSize(1);
        String wish = Instant.now().truncatedTo(ChronoUnit.SECONDS).toString();
        manifests.write("keys.yaml", keys("rotateAfter: \"" + wish + "\","));

        await("both keys sign")
            .atMost(PATIENCE)
            .until(() -> signatures(posthorn, "/many").size() == 2);
        String fresh = newestKey();
        assertThat(fresh).isNotEqualTo(old);
        Received both = last("/many");
        assertThat(verifies(both, old)).isTrue();
        assertThat(verifies(both, fresh)).isTrue();
        assertThat(github(last("/single"), old)).as("one signature: the old key's").isTrue();

        await("the overlap ends")
            .atMost(PATIENCE)
            .until(() -> signatures(posthorn, "/many").size() == 1);
        assertThat(verifies(last("/many"), fresh)).isTrue();
        assertThat(verifies(last("/many"), old)).isFalse();
        assertThat(github(last("/single"), fresh)).isTrue();
      }
    }
  }

  private static String keys(String wish) {
    return """
    apiVersion: posthorn.dev/v1alpha1
    kind: SigningSecret
    metadata: {name: orders, namespace: acme}
    spec:
      generate: {format: Whsec}
      rotation: {%s overlapSeconds: %d}
    """
        .formatted(wish, OVERLAP_SECONDS);
  }

  private static String endpoint(Receiver receiver, String name, String scheme) {
    return Manifests.endpoint(
        "acme",
        name,
        receiver.url("/" + name),
        "\"*\"",
        "{scheme: %s, signingSecretRef: {name: orders}}".formatted(scheme),
        "");
  }

  /** Publishes an event and gives the signatures of the request at {@code path}. */
  private List<String> signatures(PosthornProcess posthorn, String path) {
    String id = posthorn.api().accepted("acme", "order.created", "1");
    await("delivery")
        .atMost(PATIENCE)
        .until(() -> received.stream().filter(each -> each.eventId().equals(id)).count() == 2);
    return List.of(last(path).header("webhook-signature").split(" "));
  }

  private Received last(String path) {
    return received.stream()
        .filter(each -> each.path().equals(path))
        .reduce((before, after) -> after)
        .orElseThrow();
  }

  /** The key as the customer is told it. */
  private String newestKey() {
    JsonNode versions =
        Http.parse(PosthornProcess.read(directory.resolve("data/keyrings/acme.orders.json")))
            .path("versions");
    String material = versions.get(versions.size() - 1).path("material").asText();
    return new String(Base64.getDecoder().decode(material), StandardCharsets.UTF_8);
  }

  private static boolean verifies(Received request, String key) throws Exception {
    try {
      new Webhook(key).verify(request.text(), request.headers());
      return true;
    } catch (com.standardwebhooks.exceptions.WebhookVerificationException wrong) {
      return false;
    }
  }

  private static boolean github(Received request, String key) throws Exception {
    Mac mac = Mac.getInstance("HmacSHA256");
    mac.init(new SecretKeySpec(key.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
    String expected = "sha256=" + HexFormat.of().formatHex(mac.doFinal(request.body()));
    return request.header("x-hub-signature-256").equals(expected);
  }
}
