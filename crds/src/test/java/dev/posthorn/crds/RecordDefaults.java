package dev.posthorn.crds;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.lang.reflect.RecordComponent;
import java.util.Optional;

/** The defaults of records: what their constructors make of an empty object. */
final class RecordDefaults {
  private final JsonMapper json =
      JsonMapper.builder()
          .defaultPropertyInclusion(
              JsonInclude.Value.construct(
                  JsonInclude.Include.NON_EMPTY, JsonInclude.Include.NON_EMPTY))
          .build();

  /**
   * The default of a component, without what its own fields' defaults add; nothing where there is
   * none.
   */
  Optional<JsonNode> of(RecordComponent component) {
    if (SchemaCompletion.field(component).isAnnotationPresent(Conditional.class)) {
      return Optional.empty();
    }
    return Optional.ofNullable(ofAll(component.getDeclaringRecord()).get(component.getName()))
        .map(value -> rest(value, component.getType()));
  }

  private JsonNode rest(JsonNode value, Class<?> type) {
    if (!(value instanceof ObjectNode object) || !type.isRecord()) {
      return value;
    }
    var inner = ofAll(type);
    var rest = json.createObjectNode();
    for (var component : type.getRecordComponents()) {
      var name = component.getName();
      if (object.has(name)
          && !object.get(name).equals(inner.get(name))
          && !isConditional(component)) {
        rest.set(name, rest(object.get(name), component.getType()));
      }
    }
    return rest;
  }

  private static boolean isConditional(RecordComponent component) {
    return SchemaCompletion.field(component).isAnnotationPresent(Conditional.class);
  }

  private ObjectNode ofAll(Class<?> type) {
    return json.valueToTree(json.convertValue(json.createObjectNode(), type));
  }
}
