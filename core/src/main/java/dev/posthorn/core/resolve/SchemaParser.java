package dev.posthorn.core.resolve;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.posthorn.core.resolve.StructuralSchema.Bounds;
import dev.posthorn.core.resolve.StructuralSchema.Identity;
import dev.posthorn.core.resolve.StructuralSchema.Rule;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads {@code openAPIV3Schema} of a CustomResourceDefinition. */
final class SchemaParser {
  private SchemaParser() {}

  static StructuralSchema parse(JsonNode node) {
    JsonNode pattern = node.path("pattern");
    return new StructuralSchema(
        type(node),
        node.path("description").asText(""),
        properties(node.path("properties")),
        Set.copyOf(texts(node.path("required"))),
        node.path("additionalProperties").isObject()
            ? parse(node.path("additionalProperties"))
            : null,
        node.path("x-kubernetes-preserve-unknown-fields").asBoolean(),
        items(node),
        identity(node),
        texts(node.path("enum")),
        bounds(node),
        pattern.isTextual() ? Pattern.compile(pattern.asText()) : null,
        node.path("format").asText().equals("date-time"),
        node.has("default") ? tree(node.get("default")) : null,
        rules(node.path("x-kubernetes-validations")));
  }

  private static StructuralSchema.Type type(JsonNode node) {
    if (node.path("x-kubernetes-int-or-string").asBoolean()) {
      return StructuralSchema.Type.INT_OR_STRING;
    }
    return switch (node.path("type").asText()) {
      case "object" -> StructuralSchema.Type.OBJECT;
      case "array" -> StructuralSchema.Type.ARRAY;
      case "string" -> StructuralSchema.Type.STRING;
      case "integer" -> StructuralSchema.Type.INTEGER;
      case "number" -> StructuralSchema.Type.NUMBER;
      case "boolean" -> StructuralSchema.Type.BOOLEAN;
      default -> StructuralSchema.Type.ANY;
    };
  }

  private static Map<String, StructuralSchema> properties(JsonNode node) {
    var properties = new LinkedHashMap<String, StructuralSchema>();
    node.properties().forEach(entry -> properties.put(entry.getKey(), parse(entry.getValue())));
    return properties;
  }

  /** An item without a description is described by its list. */
  private static @Nullable StructuralSchema items(JsonNode list) {
    if (!(list.path("items") instanceof ObjectNode items)) {
      return null;
    }
    if (items.has("description") || !list.has("description")) {
      return parse(items);
    }
    return parse(items.deepCopy().set("description", list.get("description")));
  }

  private static Identity identity(JsonNode node) {
    return switch (node.path("x-kubernetes-list-type").asText()) {
      case "map" -> new Identity.Keys(texts(node.path("x-kubernetes-list-map-keys")));
      case "set" -> new Identity.Value();
      default -> new Identity.None();
    };
  }

  private static Bounds bounds(JsonNode node) {
    return new Bounds(
        number(node.path("minimum")),
        number(node.path("maximum")),
        size(node, "minLength", "minItems", "minProperties"),
        size(node, "maxLength", "maxItems", "maxProperties"));
  }

  private static @Nullable Double number(JsonNode node) {
    return node.isNumber() ? node.asDouble() : null;
  }

  private static @Nullable Long size(JsonNode node, String... names) {
    for (String name : names) {
      if (node.path(name).isNumber()) {
        return node.path(name).asLong();
      }
    }
    return null;
  }

  private static List<Rule> rules(JsonNode node) {
    var rules = new ArrayList<Rule>();
    for (JsonNode rule : node) {
      rules.add(new Rule(rule.path("rule").asText(), rule.path("message").asText()));
    }
    return rules;
  }

  private static List<String> texts(JsonNode node) {
    var texts = new LinkedHashSet<String>();
    for (JsonNode text : node) {
      texts.add(text.asText());
    }
    return List.copyOf(texts);
  }

  /** A default value; it stands on no line. */
  private static Tree tree(JsonNode node) {
    return switch (node.getNodeType()) {
      case OBJECT -> {
        var object = new LinkedHashMap<String, Tree>();
        node.properties().forEach(entry -> object.put(entry.getKey(), tree(entry.getValue())));
        yield new Tree.Fields(object, 0);
      }
      case ARRAY -> {
        var list = new ArrayList<Tree>();
        node.forEach(item -> list.add(tree(item)));
        yield new Tree.Items(list, 0);
      }
      case BOOLEAN -> new Tree.Scalar(node.asBoolean(), 0);
      case NUMBER ->
          new Tree.Scalar(node.isIntegralNumber() ? (Object) node.asLong() : node.asDouble(), 0);
      default -> new Tree.Scalar(node.isNull() ? null : node.asText(), 0);
    };
  }
}
