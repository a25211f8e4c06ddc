package dev.posthorn.crds;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every manifest under {@code <kind>/} is judged as an API server would judge it. */
class ManifestsTest {
  private static final Path FOLDER = Path.of("src", "test", "resources");
  private static final ManifestCheck CHECK = new ManifestCheck();
  private static final YAMLMapper YAML = new YAMLMapper();
  private static final JsonMapper JSON = new JsonMapper();

  @ParameterizedTest
  @MethodSource("valid")
  void validManifestsAreTaken(Path file) throws IOException {
    assertThat(check(YAML.readTree(file.toFile()))).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("invalid")
  void invalidManifestsAreRefusedForTheOneReasonTheyState(Path file) throws IOException {
    var expected = Files.readAllLines(file).getFirst().replaceFirst("# expect: ", "");

    assertThat(check(YAML.readTree(file.toFile()))).singleElement().asString().contains(expected);
  }

  @ParameterizedTest
  @MethodSource("valid")
  void anAbsentFieldMeansTheSameWithAndWithoutAnApiServer(Path file) throws IOException {
    var content = YAML.readTree(file.toFile());
    var manifest = content.has("new") ? content.get("new") : content;
    var spec = specClass(manifest);

    var standalone = JSON.convertValue(manifest.get("spec"), spec);
    var cluster = JSON.convertValue(CHECK.withDefaults(manifest).get("spec"), spec);

    assertThat(standalone).isEqualTo(cluster);
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void everyRuleHasAManifestThatBreaksIt(String kind) throws IOException {
    var messages =
        Schemas.load().schema(kind).orElseThrow().findValues("x-kubernetes-validations").stream()
            .flatMap(JsonNode::valueStream)
            .map(rule -> rule.path("message").asText())
            .collect(Collectors.toSet());
    var broken =
        manifests("invalid-")
            .filter(file -> file.startsWith(FOLDER.resolve(folder(kind))))
            .map(ManifestsTest::firstLine)
            .toList();

    assertThat(messages)
        .filteredOn(message -> broken.stream().noneMatch(line -> line.contains(message)))
        .isEmpty();
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void everyKindHasThreeValidManifests(String kind) throws IOException {
    assertThat(valid().filter(file -> file.startsWith(FOLDER.resolve(folder(kind)))))
        .hasSizeGreaterThanOrEqualTo(3);
  }

  @Test
  void noRuleWasSkippedBecauseAFolderIsMissing() throws IOException {
    try (var folders = Files.list(FOLDER)) {
      assertThat(folders.map(folder -> folder.getFileName().toString()))
          .containsExactlyInAnyOrderElementsOf(
              Api.KINDS.stream().map(ManifestsTest::folder).toList());
    }
  }

  private static List<String> check(JsonNode manifest) {
    return manifest.has("new")
        ? CHECK.check(manifest.get("new"), manifest.get("old"))
        : CHECK.check(manifest, null);
  }

  private static Class<?> specClass(JsonNode manifest) {
    var name = ManifestsTest.class.getPackageName() + "." + manifest.get("kind").asText() + "Spec";
    try {
      return Class.forName(name);
    } catch (ClassNotFoundException e) {
      throw new IllegalArgumentException(name, e);
    }
  }

  static List<String> kinds() {
    return Api.KINDS;
  }

  static Stream<Path> valid() throws IOException {
    return manifests("valid-");
  }

  static Stream<Path> invalid() throws IOException {
    return manifests("invalid-");
  }

  private static String folder(String kind) {
    return kind.toLowerCase(Locale.ROOT);
  }

  private static String firstLine(Path file) {
    try {
      return Files.readAllLines(file).getFirst();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Stream<Path> manifests(String prefix) throws IOException {
    try (var files = Files.walk(FOLDER)) {
      return files
          .filter(file -> file.getFileName().toString().startsWith(prefix))
          .sorted()
          .toList()
          .stream();
    }
  }
}
