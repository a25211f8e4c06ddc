package dev.posthorn.core.expression;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The texts of {@code EventStream.spec.mapping}: CEL expressions, one per attribute.
 *
 * @param tenant null if the tenant is not mapped
 * @param type the event's type
 * @param id null if events have no id of their producer; may give an integer
 * @param time null if events have no time of their producer; gives a timestamp or RFC 3339 text
 * @param data null for no data; gives any value, written as JSON, but a text of a record of fields
 *     (a Redis entry) is the data itself: JSON if it is JSON, else plain text
 */
public record MappingExpressions(
    @Nullable String tenant,
    String type,
    @Nullable String id,
    @Nullable String time,
    @Nullable String data) {

  /** The order in which attributes are checked and mapped. */
  static final List<String> ATTRIBUTES = List.of("tenant", "type", "id", "time", "data");

  Map<String, String> byAttribute() {
    Map<String, String> texts = new LinkedHashMap<>();
    put(texts, "tenant", tenant);
    put(texts, "type", type);
    put(texts, "id", id);
    put(texts, "time", time);
    put(texts, "data", data);
    return texts;
  }

  private static void put(Map<String, String> texts, String attribute, @Nullable String text) {
    if (text != null) {
      texts.put(attribute, text);
    }
  }
}
