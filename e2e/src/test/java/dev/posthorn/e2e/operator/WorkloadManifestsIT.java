package dev.posthorn.e2e.operator;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.posthorn.e2e.fixture.Ended;
import dev.posthorn.e2e.fixture.Http;
import dev.posthorn.e2e.fixture.Program;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The golden files of what a Dispatcher is made of, before an API server: all are taken, come back
 * as they were sent (so that applying them again is no change), and their pods are admitted by Pod
 * Security {@code restricted}. Nothing is stored.
 */
class WorkloadManifestsIT {
  private static final String WRITTEN_FOR = "posthorn-system";
  private static final Path GOLDEN =
      Program.root()
          .resolve("operator/src/test/resources/dev/posthorn/operator/workload/WorkloadTest");
  private static final Path QUANTITIES =
      GOLDEN.resolveSibling("CanonicalQuantityTest").resolve("kept.csv");
  private static final YAMLMapper YAML = new YAMLMapper();
  private static final Set<String> PODS_FROM = Set.of("StatefulSet", "Deployment");

  private static Installed cluster;
  private static String namespace;

  @TempDir private Path directory;

  static Stream<Path> files() throws IOException {
    try (Stream<Path> files = Files.walk(GOLDEN)) {
      return files
          .filter(file -> file.getFileName().toString().matches("(in|out)-.*\\.yaml"))
          .sorted()
          .toList()
          .stream();
    }
  }

  @BeforeAll
  static void restricted() throws Exception {
    cluster = Installed.get();
    namespace = cluster.tenant("workload");
    cluster
        .kubectl("label", "ns", namespace, "pod-security.kubernetes.io/enforce=restricted")
        .succeeded();
    cluster.eventually(
        "a ServiceAccount for pods",
        () -> cluster.kubectl("get", "serviceaccount", "default", "-n", namespace).exitCode() == 0);
  }

  @ParameterizedTest
  @MethodSource("files")
  void comesBackAsItWasSent(Path file) throws IOException {
    JsonNode sent = read(file);
    ((ObjectNode) sent.path("metadata")).remove("uid"); // the API server's own

    JsonNode kept = Http.parse(dryRun(sent, "apply", "--server-side").succeeded());

    assertThat(different(sent, kept, "")).isEmpty();
  }

  static Stream<Path> workloads() throws IOException {
    return files()
        .filter(
            file -> PODS_FROM.stream().anyMatch(kind -> file.toString().contains("out-" + kind)));
  }

  @ParameterizedTest
  @MethodSource("workloads")
  void itsPodsAreRestricted(Path file) throws IOException {
    ObjectNode pod = pod(read(file));

    Ended admitted = dryRun(pod, "create");
    assertThat(admitted.err()).doesNotContain("PodSecurity");
    assertThat(Http.parse(admitted.succeeded()).path("kind").asText()).isEqualTo("Pod");

    ((ObjectNode) pod.at("/spec/securityContext")).put("runAsNonRoot", false);
    assertThat(dryRun(pod, "create").err()).contains("violates PodSecurity \"restricted");
  }

  /** One Pod asks for all of them, a container each. */
  @Test
  void quantitiesAreKeptAsTheOperatorWritesThem() throws IOException {
    List<String[]> rows =
        Files.readAllLines(QUANTITIES).stream().map(row -> row.split(", ", -1)).toList();
    ObjectNode pod = pod(read(workloads().toList().getFirst()));
    JsonNode model = pod.at("/spec/containers/0");
    ArrayNode containers = ((ObjectNode) pod.get("spec")).putArray("containers");
    for (String[] row : rows) {
      ObjectNode container = model.deepCopy();
      container.put("name", "q" + containers.size());
      container.putObject("resources").putObject("requests").put("cpu", row[0]);
      containers.add(container);
    }

    JsonNode kept = Http.parse(dryRun(pod, "create").succeeded()).at("/spec/containers");

    assertThat(
            IntStream.range(0, rows.size())
                .mapToObj(i ->
                    rows.get(i)[0] + ", " + kept.get(i).at("/resources/requests/cpu").asText()))
        .containsExactlyElementsOf(rows.stream().map(row -> String.join(", ", row)).toList());
  }

  /** One of the template, with what the StatefulSet would add to it. */
  private static ObjectNode pod(JsonNode workload) {
    ObjectNode pod = YAML.createObjectNode().put("apiVersion", "v1").put("kind", "Pod");
    pod.putObject("metadata").put("name", "one").put("namespace", namespace);
    ObjectNode spec = workload.at("/spec/template/spec").deepCopy();
    spec.put("serviceAccountName", "default");
    for (JsonNode claim : workload.at("/spec/volumeClaimTemplates")) {
      ObjectNode volume = spec.withArray("volumes").addObject();
      volume.put("name", claim.at("/metadata/name").asText()).putObject("emptyDir");
    }
    pod.set("spec", spec);
    return pod;
  }

  private static JsonNode read(Path file) throws IOException {
    return YAML.readTree(Files.readString(file).replace(WRITTEN_FOR, namespace));
  }

  private Ended dryRun(JsonNode object, String... command) throws IOException {
    Path file = directory.resolve("object.json");
    Files.writeString(file, object.toString());
    var arguments = new ArrayList<>(List.of(command));
    arguments.addAll(List.of("--dry-run=server", "-o", "json", "-f", file.toString()));
    return cluster.kubectl(arguments.toArray(String[]::new));
  }

  /** Where {@code kept} has not what {@code sent} has; what the API server adds is its own. */
  private static List<String> different(JsonNode sent, JsonNode kept, String path) {
    var different = new ArrayList<String>();
    if (sent.isObject()) {
      sent.properties()
          .forEach(field ->
              different.addAll(
                  different(
                      field.getValue(), kept.path(field.getKey()), path + "/" + field.getKey())));
    } else if (sent.isArray() && kept.isArray() && sent.size() == kept.size()) {
      for (int i = 0; i < sent.size(); i++) {
        different.addAll(different(sent.get(i), kept.get(i), path + "/" + i));
      }
    } else if (!isNothing(sent) && !sent.asText().equals(kept.asText())) {
      different.add(path + " was " + sent + " and is " + kept);
    }
    return different;
  }

  private static boolean isNothing(JsonNode node) {
    return node.isNull() || (node.isContainerNode() && node.isEmpty());
  }
}
