package dev.posthorn.core.expression;

import dev.posthorn.core.event.EventData;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** One record of a stream as a mapping sees it. Immutable. */
public final class RecordVariables {
  private final Map<String, Object> fields;
  private final boolean texts;

  private RecordVariables(Map<String, Object> fields, boolean texts) {
    this.fields = fields;
    this.texts = texts;
  }

  /** A record whose fields are texts, as a Redis entry. */
  public static RecordVariables ofFields(Map<String, String> fields) {
    return new RecordVariables(new LinkedHashMap<>(fields), true);
  }

  /** A record that is a JSON object; empty if {@code json} is not one. */
  public static Optional<RecordVariables> ofJson(byte[] json) {
    if (EventData.of(json, EventData.JSON_TYPE).form() != EventData.Form.JSON) {
      return Optional.empty();
    }
    return JsonInput.read(json) instanceof Map<?, ?> members
        ? Optional.of(new RecordVariables(named(members), false))
        : Optional.empty();
  }

  private static Map<String, Object> named(Map<?, ?> members) {
    Map<String, Object> fields = new LinkedHashMap<>();
    members.forEach((name, value) -> fields.put((String) name, value));
    return fields;
  }

  /** Whether the fields are texts for want of types, so that a text may well be JSON. */
  boolean texts() {
    return texts;
  }

  Map<String, Object> fields() {
    return fields;
  }
}
