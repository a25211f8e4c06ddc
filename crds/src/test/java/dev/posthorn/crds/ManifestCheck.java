package dev.posthorn.crds;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.Error;
import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.dialect.Dialects;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What an API server would say of a manifest: fills in defaults, then refuses unknown fields, what
 * breaks the schema, repeated list items and broken CEL rules. A violation is {@code path:
 * message}.
 */
final class ManifestCheck {
  private static final SchemaRegistry REGISTRY =
      SchemaRegistry.withDefaultDialect(Dialects.getOpenApi30());

  private final Schemas schemas = Schemas.load();
  private final RuleCheck rules = new RuleCheck();
  private final IdentityHashMap<JsonNode, Schema> compiled = new IdentityHashMap<>();

  /** Checks an object that is created, or updated where {@code old} is given. */
  List<String> check(JsonNode object, @Nullable JsonNode old) {
    var schema = schemas.schema(object.path("kind").asText()).orElseThrow();
    var now = withDefaults(object);
    var violations = new ArrayList<String>();
    unknownFields(now, schema, "", violations);
    structure(now, schema, violations);
    repeatedItems(now, schema, "", violations);
    if (violations.isEmpty()) {
      rules.check(now, old == null ? null : withDefaults(old), schema, "", violations);
    }
    return violations;
  }

  /** A copy with the defaults of the kind's schema. */
  JsonNode withDefaults(JsonNode object) {
    var copy = object.deepCopy();
    fillIn(copy, schemas.schema(object.path("kind").asText()).orElseThrow());
    return copy;
  }

  private static void fillIn(JsonNode value, JsonNode schema) {
    if (value instanceof ObjectNode object) {
      for (var property : schema.path("properties").properties()) {
        var fallback = property.getValue().get("default");
        if (fallback != null && !object.has(property.getKey())) {
          object.set(property.getKey(), fallback.deepCopy());
        }
        fillIn(object.path(property.getKey()), property.getValue());
      }
    }
    value.forEach(item -> fillIn(item, schema.path("items")));
  }

  private static void unknownFields(
      JsonNode value, JsonNode schema, String path, List<String> violations) {
    if (value.isObject() && schema.has("properties")) {
      for (var field : value.properties()) {
        var inner = schema.path("properties").path(field.getKey());
        if (!inner.isMissingNode()) {
          unknownFields(field.getValue(), inner, child(path, field.getKey()), violations);
        } else if (!path.isEmpty()) {
          violations.add(child(path, field.getKey()) + ": unknown field");
        }
      }
    }
    var index = 0;
    for (var item : value.isArray() ? value : List.<JsonNode>of()) {
      unknownFields(item, schema.path("items"), path + "[" + index++ + "]", violations);
    }
  }

  private void structure(JsonNode object, JsonNode schema, List<String> violations) {
    compiled
        .computeIfAbsent(schema, node -> REGISTRY.getSchema(node.toString(), InputFormat.JSON))
        .validate(
            object.toString(),
            InputFormat.JSON,
            context -> context.executionConfig(c -> c.formatAssertionsEnabled(true)))
        .stream()
        .map(ManifestCheck::text)
        .forEach(violations::add);
  }

  private static String text(Error error) {
    var path =
        error
            .getInstanceLocation()
            .toString()
            .substring(1)
            .replaceAll("/([0-9]+)", "[$1]")
            .replace('/', '.');
    return path + ": " + error.getMessage();
  }

  private static void repeatedItems(
      JsonNode value, JsonNode schema, String path, List<String> violations) {
    for (var property : schema.path("properties").properties()) {
      repeatedItems(
          value.path(property.getKey()),
          property.getValue(),
          child(path, property.getKey()),
          violations);
    }
    if (value instanceof ArrayNode items) {
      items.forEach(item -> repeatedItems(item, schema.path("items"), path + "[]", violations));
      var key = schema.at("/x-kubernetes-list-map-keys/0").asText();
      var seen = new HashSet<JsonNode>();
      for (var item : items) {
        if (!"atomic".equals(schema.path("x-kubernetes-list-type").asText())
            && !seen.add(key.isEmpty() ? item : item.path(key))) {
          violations.add(
              path
                  + ": duplicate value: "
                  + (key.isEmpty() ? item : Map.of(key, item.path(key).asText())));
        }
      }
    }
  }

  static String child(String path, String field) {
    return path.isEmpty() ? field : path + "." + field;
  }
}
