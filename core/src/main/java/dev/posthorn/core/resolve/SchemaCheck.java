package dev.posthorn.core.resolve;

import dev.posthorn.core.resolve.StructuralSchema.Bounds;
import dev.posthorn.core.resolve.StructuralSchema.Identity;
import dev.posthorn.core.resolve.StructuralSchema.Rule;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Checks one object against its schema as strictly as an API server does for {@code kubectl apply}:
 * no unknown field, defaults filled in, rules applied. For one object and one thread. No message
 * quotes a text of the object: it may be a key that stands in the wrong place.
 */
final class SchemaCheck {
  /**
   * A field that is wrong.
   *
   * @param unknown whether there is no such field
   */
  record Violation(String path, boolean unknown, String message) {}

  private final SchemaRules rules;
  private final List<Violation> violations = new ArrayList<>();

  SchemaCheck(SchemaRules rules) {
    this.rules = rules;
  }

  List<Violation> violations() {
    return List.copyOf(violations);
  }

  /** The plain value with defaults filled in; only to be used where there is no violation. */
  @Nullable Object check(Tree value, StructuralSchema schema, String path) {
    int before = violations.size();
    Object plain =
        switch (value) {
          case Tree.Fields object when accepts(schema, StructuralSchema.Type.OBJECT) ->
              object(object, schema, path);
          case Tree.Items list when accepts(schema, StructuralSchema.Type.ARRAY) ->
              list(list, schema, path);
          case Tree.Scalar(Object scalar, int line) when accepts(schema, typeOf(scalar)) -> {
            scalar(scalar, schema, path);
            yield schema.type() == StructuralSchema.Type.NUMBER && scalar instanceof Long whole
                ? (Object) whole.doubleValue()
                : scalar;
          }
          default -> {
            wrongType(value, schema, path);
            yield null;
          }
        };
    if (plain != null && violations.size() == before) {
      checkRules(plain, schema, path);
    }
    return plain;
  }

  private static boolean accepts(StructuralSchema schema, StructuralSchema.@Nullable Type actual) {
    return actual != null
        && switch (schema.type()) {
          case ANY -> true;
          case NUMBER ->
              actual == StructuralSchema.Type.NUMBER || actual == StructuralSchema.Type.INTEGER;
          case INT_OR_STRING ->
              actual == StructuralSchema.Type.INTEGER || actual == StructuralSchema.Type.STRING;
          default -> actual == schema.type();
        };
  }

  private static StructuralSchema.@Nullable Type typeOf(@Nullable Object scalar) {
    return switch (scalar) {
      case null -> null;
      case Long whole -> StructuralSchema.Type.INTEGER;
      case Double number -> StructuralSchema.Type.NUMBER;
      case Boolean truth -> StructuralSchema.Type.BOOLEAN;
      default -> StructuralSchema.Type.STRING;
    };
  }

  private void wrongType(Tree value, StructuralSchema schema, String path) {
    StructuralSchema.Type actual =
        switch (value) {
          case Tree.Fields object -> StructuralSchema.Type.OBJECT;
          case Tree.Items list -> StructuralSchema.Type.ARRAY;
          case Tree.Scalar(Object scalar, int line) -> typeOf(scalar);
        };
    boolean quotesHelp =
        schema.type() == StructuralSchema.Type.STRING
            && actual != StructuralSchema.Type.OBJECT
            && actual != StructuralSchema.Type.ARRAY;
    violation(
        path,
        "is "
            + (actual == null ? "empty" : actual)
            + ", must be "
            + schema.type()
            + (quotesHelp && actual != null ? ": put it in quotes" : meaning(schema)));
  }

  private Object object(Tree.Fields object, StructuralSchema schema, String path) {
    var plain = new LinkedHashMap<String, @Nullable Object>();
    object
        .fields()
        .forEach((name, value) -> {
          StructuralSchema field = schema.properties().getOrDefault(name, schema.values());
          if (field == null) {
            unknown(name, value, schema, path, plain);
          } else if (!(value instanceof Tree.Scalar(Object scalar, int line) && scalar == null)) {
            plain.put(name, check(value, field, FieldPath.field(path, name)));
          }
        });
    schema
        .properties()
        .forEach((name, field) -> {
          Tree fallback = field.fallback();
          if (!plain.containsKey(name) && fallback != null) {
            plain.put(name, check(fallback, field, FieldPath.field(path, name)));
          }
        });
    for (String name : schema.required().stream().sorted().toList()) {
      if (!plain.containsKey(name)) {
        violation(
            FieldPath.field(path, name), "is missing" + meaning(schema.properties().get(name)));
      }
    }
    size(plain.size(), "fields", schema, path);
    return plain;
  }

  private void unknown(
      String name,
      Tree value,
      StructuralSchema schema,
      String path,
      Map<String, @Nullable Object> plain) {
    if (schema.open()) {
      plain.put(name, value.plain());
    } else {
      violation(
          FieldPath.field(path, name),
          "unknown field" + Spelling.hint(name, schema.properties().keySet()));
    }
  }

  private Object list(Tree.Items list, StructuralSchema schema, String path) {
    var plain = new ArrayList<@Nullable Object>(list.items().size());
    Set<Object> seen = new HashSet<>();
    for (int i = 0; i < list.items().size(); i++) {
      Tree item = list.items().get(i);
      Object value =
          schema.items() == null
              ? item.plain()
              : check(item, schema.items(), FieldPath.item(path, i));
      plain.add(value);
      Object key = identity(value, schema.identity());
      if (key != null && !seen.add(key)) {
        violation(
            FieldPath.item(path, i), "repeats an item" + byKey(schema.identity()) + "; remove one");
      }
    }
    size(plain.size(), "items", schema, path);
    return plain;
  }

  private static @Nullable Object identity(@Nullable Object item, Identity identity) {
    return switch (identity) {
      case Identity.None none -> null;
      case Identity.Value value -> item;
      case Identity.Keys(List<String> names) ->
          item instanceof Map<?, ?> map && map.keySet().containsAll(names)
              ? names.stream().map(map::get).toList()
              : null;
    };
  }

  private static String byKey(Identity identity) {
    return identity instanceof Identity.Keys(List<String> names)
        ? " with the same " + String.join(" and ", names)
        : "";
  }

  private void scalar(@Nullable Object scalar, StructuralSchema schema, String path) {
    if (scalar instanceof String text) {
      text(text, schema, path);
    } else if (scalar instanceof Number number) {
      Bounds bounds = schema.bounds();
      if ((bounds.min() != null && number.doubleValue() < bounds.min())
          || (bounds.max() != null && number.doubleValue() > bounds.max())) {
        violation(path, "is " + number + ", must be " + range(bounds.min(), bounds.max()));
      }
    }
  }

  private void text(String text, StructuralSchema schema, String path) {
    if (!schema.choices().isEmpty() && !schema.choices().contains(text)) {
      String near =
          Spelling.nearest(text, schema.choices())
              .map(choice -> "; did you mean \"" + choice + "\"?")
              .orElse("");
      violation(path, "must be one of " + String.join(", ", schema.choices()) + near);
      return;
    }
    int before = violations.size();
    size(text.codePointCount(0, text.length()), "characters", schema, path);
    if (violations.size() == before
        && schema.pattern() != null
        && !schema.pattern().matcher(text).find()) {
      violation(path, "does not match " + schema.pattern().pattern() + meaning(schema));
    }
    if (schema.dateTime() && !isTime(text)) {
      violation(path, "must be an RFC 3339 time, as 2026-11-22T10:00:00Z");
    }
  }

  private static boolean isTime(String text) {
    try {
      OffsetDateTime.parse(text);
      return true;
    } catch (DateTimeParseException e) {
      return false;
    }
  }

  private void size(int size, String what, StructuralSchema schema, String path) {
    Long min = schema.bounds().minSize();
    Long max = schema.bounds().maxSize();
    if ((min != null && size < min) || (max != null && size > max)) {
      violation(path, "has " + size + " " + what + ", must have " + range(min, max));
    }
  }

  private static String range(@Nullable Number min, @Nullable Number max) {
    if (min == null) {
      return "at most " + whole(max);
    }
    return max == null ? "at least " + whole(min) : whole(min) + ".." + whole(max);
  }

  private static String whole(@Nullable Number number) {
    return number instanceof Double real && real == Math.rint(real)
        ? String.valueOf(real.longValue())
        : String.valueOf(number);
  }

  private void checkRules(Object self, StructuralSchema schema, String path) {
    for (Rule rule : schema.rules()) {
      if (!rules.holds(rule, self)) {
        violation(path, rule.message());
      }
    }
  }

  private static String meaning(@Nullable StructuralSchema schema) {
    return schema == null || schema.description().isEmpty() ? "" : ": " + schema.description();
  }

  private void violation(String path, String message) {
    violations.add(new Violation(path, false, message));
  }
}
