package dev.posthorn.operator.workload;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.dataformat.yaml.YAMLGenerator;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.fabric8.kubernetes.api.model.HasMetadata;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What a Dispatcher is made of, as files: {@code in-...} is given, {@code out-...} comes out.
 * Rewritten by {@code -Dposthorn.regenerate=true} and reviewed as a diff.
 */
class WorkloadTest {
  private static final boolean REGENERATE = Boolean.getBoolean("posthorn.regenerate");
  private static final YAMLMapper YAML =
      YAMLMapper.builder()
          .disable(YAMLGenerator.Feature.WRITE_DOC_START_MARKER)
          .enable(YAMLGenerator.Feature.MINIMIZE_QUOTES)
          .enable(MapperFeature.SORT_PROPERTIES_ALPHABETICALLY)
          .enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS)
          .build();

  static List<Path> cases() throws IOException {
    return Cases.all();
  }

  @ParameterizedTest
  @MethodSource("cases")
  void aDispatcherIsMadeOfTheseObjects(Path folder) throws IOException {
    Map<String, String> made = new TreeMap<>();
    for (HasMetadata object : Cases.objects(folder)) {
      String file =
          "out-"
              + object.getKind()
              + "-"
              + object.getMetadata().getName().replace(':', '_')
              + ".yaml";
      assertThat(made.put(file, YAML.writeValueAsString(object))).as(file).isNull();
    }
    if (REGENERATE) {
      rewrite(folder, made);
    }
    assertThat(stored(folder)).isEqualTo(made);
  }

  private static Map<String, String> stored(Path folder) throws IOException {
    Map<String, String> stored = new TreeMap<>();
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.toList()) {
        if (!file.getFileName().toString().startsWith("in-")) {
          stored.put(file.getFileName().toString(), Files.readString(file));
        }
      }
    }
    return stored;
  }

  private static void rewrite(Path folder, Map<String, String> made) throws IOException {
    for (String file : stored(folder).keySet()) {
      Files.delete(folder.resolve(file));
    }
    for (Map.Entry<String, String> each : made.entrySet()) {
      Files.writeString(folder.resolve(each.getKey()), each.getValue());
    }
  }
}
