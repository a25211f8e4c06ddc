package dev.posthorn.core.resolve;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.posthorn.crds.Schemas;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * The schema of each kind, metadata included: ours from {@code crds}, the core ones as far as they
 * are read. Immutable, safe for any thread.
 */
final class KindSchemas {
  private static final String CORE_KINDS = "core-kinds.json";

  private final Map<Kind, StructuralSchema> schemas;
  private final SchemaRules rules;

  private KindSchemas(Map<Kind, StructuralSchema> schemas) {
    this.schemas = schemas;
    this.rules = SchemaRules.of(schemas.values());
  }

  static KindSchemas load() {
    JsonNode core = coreKinds();
    Schemas ours = Schemas.load();
    var schemas = new EnumMap<Kind, StructuralSchema>(Kind.class);
    for (Kind kind : Kind.values()) {
      JsonNode schema =
          kind.core()
              ? core.path(kind.title())
              : ours.schema(kind.title())
                  .orElseThrow(() -> new IllegalStateException(kind + " has no schema"));
      schemas.put(kind, SchemaParser.parse(complete(schema, core.path("metadata"))));
    }
    return new KindSchemas(schemas);
  }

  /** With metadata checked, and status not: it is a report, and an API server drops it. */
  private static JsonNode complete(JsonNode schema, JsonNode metadata) {
    ObjectNode complete = schema.deepCopy();
    ObjectNode properties = complete.withObject("/properties");
    for (String field : List.of("apiVersion", "kind")) {
      properties.withObject("/" + field).put("type", "string");
    }
    properties.set("metadata", metadata);
    if (properties.has("status")) {
      properties.withObject("/status").removeAll();
      properties.withObject("/status").put("x-kubernetes-preserve-unknown-fields", true);
    }
    complete.withArray("/required").add("metadata");
    return complete;
  }

  private static JsonNode coreKinds() {
    try (InputStream file = KindSchemas.class.getResourceAsStream(CORE_KINDS)) {
      if (file == null) {
        throw new IllegalStateException(CORE_KINDS + " is missing in the program");
      }
      return new JsonMapper().readTree(file);
    } catch (IOException e) {
      throw new UncheckedIOException(CORE_KINDS, e);
    }
  }

  StructuralSchema of(Kind kind) {
    return Objects.requireNonNull(schemas.get(kind));
  }

  SchemaCheck check() {
    return new SchemaCheck(rules);
  }
}
