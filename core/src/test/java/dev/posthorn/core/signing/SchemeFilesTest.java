package dev.posthorn.core.signing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.posthorn.core.expression.Expressions;
import dev.posthorn.core.resolve.Known;
import dev.posthorn.core.resolve.ManifestFile;
import dev.posthorn.core.resolve.ManifestReader;
import dev.posthorn.core.resolve.Manifests;
import dev.posthorn.core.resolve.Resolution;
import dev.posthorn.core.resolve.ResolveOptions;
import dev.posthorn.core.resolve.Resolver;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The schemes that are shipped as files; {@link VectorsTest} has requests of theirs. */
class SchemeFilesTest {
  private static final Instant NOON = Instant.parse("2026-11-22T12:00:00Z");
  private static final ManifestReader READER = new ManifestReader();

  static List<Path> files() {
    return Schemes.files();
  }

  @ParameterizedTest
  @MethodSource("files")
  void lintFindsNothing(Path file) throws IOException {
    String name = file.getFileName().toString().replace(".yaml", "");
    Manifests manifests = READER.read(List.of(manifest(file)));
    assertThat(manifests.findings()).isEmpty();
    var resolver =
        new Resolver(BuiltInSchemes.load(), new Expressions(() -> 0), ResolveOptions.DEFAULT);
    Resolution resolution =
        resolver.resolve(manifests.resources(), Known.NOTHING, NOON, new Random(1));
    assertThat(resolution.findings()).isEmpty();
    assertThat(resolution.configuration().schemes()).containsOnlyKeys(name);
  }

  @ParameterizedTest
  @MethodSource("files")
  void theFirstLineSaysWhereTheFactsAreFrom(Path file) throws IOException {
    assertThat(Files.readAllLines(file).getFirst()).startsWith("# Source: ");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "paddle",
        "linear",
        "bitbucket",
        "adyen-platform",
        "line",
        "meta",
        "zoom",
        "gitlab"
      })
  void signsAndVerifies(String name) {
    Scheme scheme = Schemes.scheme(name + ".posthorn.dev");
    assertThat(scheme.signs()).isTrue();
    assertThat(scheme.verifies()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"intercom", "square", "zendesk", "discord", "hubspot-v3"})
  void verifiesOnly(String name) {
    Scheme scheme = Schemes.scheme(name + ".posthorn.dev");
    assertThat(scheme.signs()).isFalse();
    assertThat(scheme.verifies()).isTrue();
  }

  @Test
  void gitlabIsStandardWebhooksUnderAnotherName() throws IOException {
    assertThat(Schemes.spec("gitlab.posthorn.dev"))
        .isEqualTo(BuiltInSchemes.spec("standard-webhooks"));
  }

  @Test
  void kustomizeListsAllOfThem() throws IOException {
    var list = Path.of("..", "config", "schemes", "kustomization.yaml");
    assertThat(Files.readAllLines(list).stream().filter(line -> line.startsWith("  - ")))
        .containsExactlyElementsOf(
            files().stream().map(file -> "  - " + file.getFileName()).toList());
  }

  private static ManifestFile manifest(Path file) throws IOException {
    return new ManifestFile(file.getFileName().toString(), Files.readString(file));
  }
}
