package dev.posthorn.crds;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * The schemas of all kinds, as an API server enforces them: {@code openAPIV3Schema} of {@code
 * config/crd}, with bounds, defaults and {@code x-kubernetes-validations}. Immutable as long as
 * nobody changes the nodes; safe for all threads.
 *
 * <p>Those who check without an API server need to know what it does besides: it refuses unknown
 * fields in strict mode (kubectl's default), fills in {@code default} from the outside inwards
 * before it checks, drops null where a default exists, and takes {@code apiVersion}, {@code kind}
 * and {@code metadata} of every object for granted.
 */
public final class Schemas {
  private final Map<String, JsonNode> definitions;

  private Schemas(Map<String, JsonNode> definitions) {
    this.definitions = definitions;
  }

  /**
   * Reads the definitions that this jar carries.
   *
   * @throws IllegalStateException if one is missing, that is if the jar was built without {@code
   *     config/crd}
   */
  public static Schemas load() {
    var yaml = new YAMLMapper();
    var definitions = new LinkedHashMap<String, JsonNode>();
    for (var kind : Api.KINDS) {
      definitions.put(kind, read(yaml, kind));
    }
    return new Schemas(Map.copyOf(definitions));
  }

  /** The schema of a kind's objects, or nothing for a kind that is not ours. */
  public Optional<JsonNode> schema(String kind) {
    return Optional.ofNullable(definitions.get(kind))
        .map(definition -> definition.at("/spec/versions/0/schema/openAPIV3Schema"));
  }

  /** Whether objects of the kind belong to a namespace; false for a kind that is not ours. */
  public boolean namespaced(String kind) {
    return "Namespaced"
        .equals(
            definitions.getOrDefault(kind, MissingNode.getInstance()).at("/spec/scope").asText());
  }

  static String fileName(String kind) {
    return kind.toLowerCase(Locale.ROOT) + "s.yaml";
  }

  private static JsonNode read(YAMLMapper yaml, String kind) {
    try (var file = Schemas.class.getResourceAsStream(fileName(kind))) {
      if (file == null) {
        throw new IllegalStateException(
            "the schema of %s is not in the jar: build it with config/crd".formatted(kind));
      }
      return yaml.readTree(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
