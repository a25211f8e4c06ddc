package dev.posthorn.core.resolve;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLGenerator;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.posthorn.core.config.ConfigJson;
import dev.posthorn.core.config.Configuration;
import dev.posthorn.core.config.KeysConfig;
import dev.posthorn.core.config.ResourceName;
import dev.posthorn.core.expression.Expressions;
import dev.posthorn.core.signing.BuiltInSchemes;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every folder of {@code ResolverTest} is a directory as a user would have it. */
class ResolverTest {
  private static final Instant NOW = Instant.parse("2026-11-22T10:00:00Z");
  private static final ManifestReader READER = new ManifestReader();
  private static final YAMLMapper YAML =
      YAMLMapper.builder()
          .enable(YAMLGenerator.Feature.MINIMIZE_QUOTES)
          .disable(YAMLGenerator.Feature.WRITE_DOC_START_MARKER)
          .disable(YAMLGenerator.Feature.SPLIT_LINES)
          .enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS)
          .build();

  static List<GoldenCase> cases() {
    return GoldenCase.of(ResolverTest.class);
  }

  @ParameterizedTest
  @MethodSource("cases")
  void directoryComesToConfigurationAndFindings(GoldenCase golden) {
    Manifests manifests = READER.read(golden.inputs());
    if (!manifests.usable()) {
      golden.expect("findings.txt", lines(manifests.findings().stream()));
      golden.expect("out.yaml", "");
      return;
    }
    Resolution resolution = resolve(manifests, ResolveOptions.DEFAULT);
    golden.expect("findings.txt", lines(resolution.findings().stream()));
    golden.expect("out.yaml", yaml(resolution.configuration()));
  }

  @ParameterizedTest
  @MethodSource("cases")
  void noOutputForPeopleShowsASecret(GoldenCase golden) {
    Manifests manifests = READER.read(golden.inputs());
    Resolution resolution = resolve(manifests, ResolveOptions.DEFAULT);
    var shown =
        List.of(manifests.toString(), resolution.toString(), resolution.configuration().toString());
    assertThat(shown).noneMatch(text -> text.contains("canary"));
  }

  private static Resolution resolve(Manifests manifests, ResolveOptions options) {
    var resolver = new Resolver(BuiltInSchemes.load(), new Expressions(() -> 0), options);
    return resolver.resolve(manifests.resources(), Known.NOTHING, NOW, new Random(1));
  }

  private static String lines(Stream<Finding> findings) {
    return findings.map(finding -> finding + "\n").collect(Collectors.joining());
  }

  /** As stored, but for keys: they are shown by their ids. */
  private static String yaml(Configuration configuration) {
    try {
      JsonNode tree = new JsonMapper().readTree(ConfigJson.write(configuration));
      configuration.keys().forEach((name, keys) -> summarize(tree, name, keys));
      return YAML.writeValueAsString(tree);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void summarize(JsonNode tree, ResourceName name, KeysConfig keys) {
    var entry = (ObjectNode) tree.path("keys").path(name.toString());
    entry.put(
        "keyring",
        keys.keyring().versions().stream()
            .map(version -> "v" + version.version() + " from " + version.times().notBefore())
            .collect(Collectors.joining(", ")));
  }
}
