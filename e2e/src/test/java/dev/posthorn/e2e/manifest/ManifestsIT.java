package dev.posthorn.e2e.manifest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.posthorn.e2e.cluster.ControlPlane;
import dev.posthorn.e2e.fixture.Ended;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The manifests that crds judges offline, judged by a real API server, field by field and rule by
 * rule. {@code -Dposthorn.regenerate=true} writes down how it words what the offline check words
 * otherwise; the difference is for a person to review.
 */
class ManifestsIT {
  private static final boolean REGENERATE = Boolean.getBoolean("posthorn.regenerate");
  private static final JsonMapper JSON = new JsonMapper();
  private static final String STRICT = "?fieldValidation=Strict";

  @TempDir static Path directory;

  // set by prepare, before any test
  private static ControlPlane cluster;
  private static KubernetesClient admin;
  private static String namespace;

  @BeforeAll
  static void prepare() throws Exception {
    cluster = ControlPlane.start(directory);
    namespace = cluster.namespace("manifests", Map.of());
    admin = cluster.admin();
  }

  @AfterAll
  static void stop() {
    if (cluster != null) {
      cluster.close();
    }
  }

  static List<Manifest> valid() throws IOException {
    return Manifest.all("valid-");
  }

  static List<Manifest> invalid() throws IOException {
    return Manifest.all("invalid-");
  }

  @ParameterizedTest
  @MethodSource("valid")
  void aValidManifestIsTaken(Manifest manifest) throws IOException {
    assertThat(judge(manifest)).isEqualTo(Verdict.TAKEN);
  }

  @ParameterizedTest
  @MethodSource("invalid")
  void anInvalidManifestIsRefusedForTheReasonItStates(Manifest manifest) throws IOException {
    Verdict verdict = judge(manifest);
    assertThat(verdict).isNotEqualTo(Verdict.TAKEN);
    String expected = manifest.line(Manifest.EXPECT);
    if (REGENERATE) {
      boolean same = verdict.says(expected) || !Verdict.mayDiffer(expected);
      manifest.rewrite(same ? "" : verdict.essence());
    }
    String worded = manifest.line(Manifest.CLUSTER);
    assertThat(worded.isEmpty() || Verdict.mayDiffer(expected))
        .as("%s: a rule's message is the same everywhere: remove '# cluster:'", manifest)
        .isTrue();
    assertThat(verdict.says(worded.isEmpty() ? expected : worded))
        .as("%s%nexpected: %s%nsaid: %s", manifest, worded + " / " + expected, verdict.message())
        .isTrue();
  }

  @ParameterizedTest
  @CsvSource({
    "whe, webhookendpoints, spec.signatures",
    "sis, signingsecrets, spec.rotation",
    "sch, signatureschemes, spec.signature",
    "est, eventstreams, spec.redis",
    "whs, webhooksources, spec.secretRefs",
    "dsp, dispatchers, spec.limits"
  })
  void everyKindIsExplainedByItsShortName(String shortName, String plural, String field)
      throws Exception {
    Ended listed = cluster.kubectl("get", shortName, "-n", namespace);
    assertThat(listed.exitCode()).as(listed.err()).isZero();
    for (String path : List.of(shortName, shortName + "." + field, plural + ".status.conditions")) {
      // The API server publishes a schema some time after it serves the kind.
      await(path)
          .atMost(Duration.ofSeconds(60))
          .untilAsserted(() -> assertThat(explained(path)).doesNotContain("<empty>"));
    }
  }

  private static String explained(String path) throws Exception {
    Ended ended = cluster.kubectl("explain", path);
    assertThat(ended.exitCode()).as(ended.err()).isZero();
    assertThat(ended.out()).contains("DESCRIPTION:").contains("VERSION:    v1alpha1");
    return ended.out().substring(ended.out().indexOf("DESCRIPTION:"));
  }

  @Test
  void whatNobodyReportedYetWaitsForTheController() throws IOException {
    Manifest smallest =
        valid().stream()
            .filter(manifest -> manifest.toString().equals("webhookendpoint/valid-smallest.yaml"))
            .findFirst()
            .orElseThrow();
    JsonNode created =
        send("POST", smallest.collection(namespace), smallest.placed(smallest.object(), namespace));
    try {
      assertThat(created.at("/status/conditions/0/message").asText())
          .isEqualTo("Waiting for controller");
    } finally {
      remove(smallest, created);
    }
  }

  /** Tries to create the object; or creates its predecessor and tries to change that. */
  private static Verdict judge(Manifest manifest) throws IOException {
    ObjectNode object = manifest.placed(manifest.object(), namespace);
    ObjectNode before = manifest.before();
    String path = manifest.collection(namespace);
    if (before == null) {
      return dryRun("POST", path, object);
    }
    JsonNode created = send("POST", path, manifest.placed(before, namespace));
    try {
      object
          .withObject("/metadata")
          .set("resourceVersion", created.at("/metadata/resourceVersion"));
      return dryRun("PUT", path + "/" + name(object), object);
    } finally {
      remove(manifest, created);
    }
  }

  private static void remove(Manifest manifest, JsonNode created) {
    admin.raw(manifest.collection(namespace) + "/" + name(created), "DELETE", null);
  }

  private static String name(JsonNode object) {
    return object.at("/metadata/name").asText();
  }

  private static Verdict dryRun(String verb, String path, JsonNode object) throws IOException {
    try {
      admin.raw(path + STRICT + "&dryRun=All", verb, JSON.writeValueAsString(object));
      return Verdict.TAKEN;
    } catch (KubernetesClientException e) {
      if (e.getStatus() == null || e.getCode() / 100 != 4) {
        throw e;
      }
      return Verdict.refused(e.getStatus());
    }
  }

  private static JsonNode send(String verb, String path, JsonNode object) throws IOException {
    return JSON.readTree(admin.raw(path + STRICT, verb, JSON.writeValueAsString(object)));
  }
}
