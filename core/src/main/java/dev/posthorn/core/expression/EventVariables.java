package dev.posthorn.core.expression;

import dev.cel.common.values.NullValue;
import dev.posthorn.core.event.Event;
import dev.posthorn.core.event.EventData;
import dev.posthorn.core.event.PublishedEvent;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.AbstractMap;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One event as filters and transforms see it. Make one per event and share it over all filters: its
 * data is parsed at the first filter that needs it, once. For one thread at a time.
 */
public final class EventVariables {
  private final String id;
  private final Instant time;
  private final PublishedEvent published;
  private final Fields fields = new Fields();
  private @Nullable Object data;

  private EventVariables(String id, Instant time, PublishedEvent published) {
    this.id = id;
    this.time = time;
    this.published = published;
  }

  /** The variables of {@code event}; costs nothing yet. */
  public static EventVariables of(Event event) {
    return new EventVariables(event.id().value(), event.time(), event.published());
  }

  /**
   * The variables of an event that is not accepted yet: {@code id} is empty, and {@code time} is
   * {@code now} where the producer gave none.
   */
  public static EventVariables beforeAcceptance(PublishedEvent published, Instant now) {
    Instant stated = published.time();
    return new EventVariables("", stated == null ? now : stated, published);
  }

  /** The value of the variable {@code event}. */
  Map<String, Object> fields() {
    return fields;
  }

  private @Nullable Object field(String name) {
    return switch (name) {
      case "id" -> id;
      case "sourceId" -> orEmpty(published.id());
      case "source" -> published.source();
      case "type" -> published.type();
      case "subject" -> orEmpty(published.subject());
      case "time" -> time;
      case "tenant" -> published.tenant();
      case "data" -> data();
      default -> null;
    };
  }

  private static String orEmpty(@Nullable String text) {
    return text == null ? "" : text;
  }

  private Object data() {
    Object parsed = data;
    if (parsed == null) {
      parsed = parse(published.data());
      data = parsed;
    }
    return parsed;
  }

  private static Object parse(EventData data) {
    return switch (data.form()) {
      case NONE -> NullValue.NULL_VALUE;
      case JSON -> JsonInput.read(data.bytes());
      case TEXT -> new String(data.bytes(), StandardCharsets.UTF_8);
      case BINARY -> Base64.getEncoder().encodeToString(data.bytes());
    };
  }

  /** The fields as a map that makes no value before it is asked for. */
  private final class Fields extends AbstractMap<String, Object> {
    @Override
    public @Nullable Object get(Object name) {
      return name instanceof String field ? field(field) : null;
    }

    @Override
    public boolean containsKey(Object name) {
      return name instanceof String field && CelEnvironment.EVENT_FIELDS.containsKey(field);
    }

    @Override
    public Set<Entry<String, Object>> entrySet() {
      Map<String, Object> all = new LinkedHashMap<>();
      for (String name : CelEnvironment.EVENT_FIELDS.keySet()) {
        Object value = field(name);
        if (value != null) {
          all.put(name, value);
        }
      }
      return all.entrySet();
    }
  }
}
