package dev.posthorn.crds;

import com.fasterxml.jackson.annotation.JsonClassDescription;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.crd.generator.annotation.AdditionalPrinterColumn;
import io.fabric8.generator.annotation.Size;
import io.fabric8.kubernetes.client.CustomResource;
import java.lang.reflect.Field;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Says what Fabric8's annotations cannot: walks a kind's records beside their schema and adds list
 * types, formats, required fields and defaults; puts fields and columns into the order of the
 * source; drops repeated rules.
 */
final class SchemaCompletion {
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
  private static final Set<Class<?>> SCALARS =
      Set.of(
          String.class,
          Integer.class,
          Long.class,
          Double.class,
          Boolean.class,
          boolean.class,
          ByteCount.class);

  private final Class<? extends CustomResource<?, ?>> kind;
  private final RecordDefaults defaults = new RecordDefaults();

  SchemaCompletion(Class<? extends CustomResource<?, ?>> kind) {
    this.kind = kind;
  }

  /** Changes the definition in place. */
  void complete(ObjectNode definition) {
    var version = (ObjectNode) definition.at("/spec/versions/0");
    orderColumns((ArrayNode) version.get("additionalPrinterColumns"));
    var schema = (ObjectNode) version.at("/schema/openAPIV3Schema");
    distinctRules(schema);
    schema.put("description", kind.getAnnotation(JsonClassDescription.class).value());
    var parts = ((ParameterizedType) kind.getGenericSuperclass()).getActualTypeArguments();
    var spec = (ObjectNode) schema.at("/properties/spec");
    record(spec.put("description", "What you want."), (Class<?>) parts[0]);
    var status = (ObjectNode) schema.at("/properties/status");
    record(status.put("description", "What is, as the operator reports it."), (Class<?>) parts[1]);
    status.putObject("default").putArray("conditions").add(waiting());
    if (mayBeEmpty(spec)) {
      spec.putObject("default");
    } else {
      schema.putArray("required").add("spec");
    }
  }

  private static boolean mayBeEmpty(ObjectNode spec) {
    if (spec.has("required")) {
      return false;
    }
    var violations = new ArrayList<String>();
    new RuleCheck().check(NODES.objectNode(), null, spec, "spec", violations);
    return violations.isEmpty();
  }

  private static ObjectNode waiting() {
    return NODES
        .objectNode()
        .put("type", "Ready")
        .put("status", "Unknown")
        .put("reason", "Pending")
        .put("message", "Waiting for controller")
        .put("lastTransitionTime", "1970-01-01T00:00:00Z");
  }

  private void orderColumns(ArrayNode columns) {
    var names =
        Arrays.stream(kind.getAnnotationsByType(AdditionalPrinterColumn.class))
            .map(AdditionalPrinterColumn::name)
            .toList();
    var sorted =
        columns
            .valueStream()
            .sorted(Comparator.comparingInt(c -> names.indexOf(c.path("name").asText())))
            .toList();
    columns.removeAll().addAll(sorted);
  }

  private void record(ObjectNode schema, Class<?> type) {
    distinctRules(schema);
    var found = (ObjectNode) schema.get("properties");
    var ordered = NODES.objectNode();
    var required = NODES.arrayNode();
    for (var component : type.getRecordComponents()) {
      var property = (ObjectNode) found.get(component.getName());
      ordered.set(component.getName(), property);
      property(property, component);
      var fallback = defaults.of(component);
      fallback.ifPresent(value -> property.set("default", value));
      if (fallback.isEmpty() && isRequired(component)) {
        required.add(component.getName());
      }
    }
    schema.set("properties", ordered);
    schema.remove("required");
    if (!required.isEmpty()) {
      schema.set("required", required);
    }
  }

  private void property(ObjectNode schema, RecordComponent component) {
    var field = field(component);
    schema.remove(List.of("required", "default", "nullable"));
    value(schema, component.getGenericType());
    var values = field.getAnnotation(OneOf.class);
    if (values != null) {
      var list = schema.putArray("enum");
      Arrays.stream(values.value()).forEach(list::add);
    }
    if (field.isAnnotationPresent(Time.class)) {
      schema.put("format", "date-time").put("maxLength", Bounds.TIME_MAX);
    }
    if (field.isAnnotationPresent(Quantity.class)) {
      quantity(schema.get("additionalProperties") instanceof ObjectNode inner ? inner : schema);
    }
    if (List.class.equals(component.getType())) {
      listType(schema, component.getGenericType(), field.getAnnotation(Listing.class));
    }
  }

  private void value(ObjectNode schema, Type type) {
    if (type instanceof ParameterizedType container) {
      var last = container.getActualTypeArguments().length - 1;
      var inner = schema.get(last == 0 ? "items" : "additionalProperties");
      value((ObjectNode) inner, container.getActualTypeArguments()[last]);
    } else if (type instanceof Class<?> plain && plain.isRecord() && !SCALARS.contains(plain)) {
      record(schema, plain);
    } else if (type == Integer.class || type == Long.class) {
      schema.put("format", type == Long.class ? "int64" : "int32");
      wholeNumber(schema, "minimum");
      wholeNumber(schema, "maximum");
    }
  }

  private static void wholeNumber(ObjectNode schema, String bound) {
    if (schema.has(bound)) {
      schema.put(bound, schema.get(bound).asLong());
    }
  }

  /**
   * A quantity may be written as a number: the API server then matches no pattern, so the type says
   * it all.
   */
  private static void quantity(ObjectNode schema) {
    schema.remove(List.of("type", "maxLength"));
    var forms = schema.putArray("anyOf");
    forms.addObject().put("type", "integer");
    forms.addObject().put("type", "string");
    schema.put("x-kubernetes-int-or-string", true);
    schema.put("pattern", Bounds.QUANTITY).put("maxLength", Bounds.QUANTITY_MAX).put("minimum", 0);
  }

  private static void listType(ObjectNode schema, Type type, @Nullable Listing listing) {
    if (listing == null) {
      if (!SCALARS.contains(((ParameterizedType) type).getActualTypeArguments()[0])) {
        throw new IllegalStateException("a list of objects needs @Listing: " + schema);
      }
      schema.put("x-kubernetes-list-type", "set");
    } else if (listing.key().isEmpty()) {
      schema.put("x-kubernetes-list-type", "atomic");
    } else {
      schema
          .put("x-kubernetes-list-type", "map")
          .putArray("x-kubernetes-list-map-keys")
          .add(listing.key());
    }
  }

  private static void distinctRules(ObjectNode schema) {
    if (schema.get("x-kubernetes-validations") instanceof ArrayNode rules) {
      var distinct = rules.valueStream().distinct().toList();
      rules.removeAll().addAll(distinct);
    }
  }

  /**
   * Neither nullable nor filled in. Lists and maps are always filled in, so they are required if
   * they must not be empty.
   */
  private static boolean isRequired(RecordComponent component) {
    if (List.class.equals(component.getType()) || Map.class.equals(component.getType())) {
      return Optional.ofNullable(field(component).getAnnotation(Size.class))
              .map(Size::min)
              .orElse(0L)
          > 0;
    }
    return !component.getAnnotatedType().isAnnotationPresent(Nullable.class);
  }

  static Field field(RecordComponent component) {
    try {
      return component.getDeclaringRecord().getDeclaredField(component.getName());
    } catch (NoSuchFieldException e) {
      throw new IllegalStateException(e);
    }
  }
}
