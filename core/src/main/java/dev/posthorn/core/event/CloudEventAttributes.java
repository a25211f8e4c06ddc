package dev.posthorn.core.event;

import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The context attributes of a CloudEvent, by name, from whichever encoding they came. */
final class CloudEventAttributes {
  private static final Set<String> REQUIRED = Set.of("specversion", "id", "source", "type");

  private final String fieldPrefix;
  private final EventDraft draft = new EventDraft();
  private final Set<String> given = new HashSet<>();

  /** Fields are named with this prefix in findings: {@code ce-} for headers. */
  CloudEventAttributes(String fieldPrefix) {
    this.fieldPrefix = fieldPrefix;
  }

  /** The header's trace context, unless the event brings its own. */
  void traceparent(@Nullable String header) {
    draft.traceparent(header);
  }

  void put(String name, String value) throws RefusedException {
    if (!given.add(name)) {
      throw invalid(name, "is given twice; send it once");
    }
    switch (name) {
      case "specversion" -> checkVersion(value);
      case "id" -> draft.id(value);
      case "source" -> draft.source(value);
      case "type" -> draft.type(value);
      case "subject" -> draft.subject(value);
      case "time" -> draft.timeText(value);
      case "dataschema" -> draft.dataSchema(value);
      case "tenant" -> draft.tenant(value);
      case "traceparent" -> draft.traceparent(value);
      default -> draft.extension(name, value);
    }
    if (value.isEmpty() && REQUIRED.contains(name)) {
      throw invalid(name, "is empty; CloudEvents 1.0 requires it");
    }
  }

  private void checkVersion(String version) throws RefusedException {
    if (!version.equals("1.0")) {
      throw invalid("specversion", "is not \"1.0\"; send CloudEvents 1.0");
    }
  }

  PublishedEvent event(EventData data, TenantRule tenant) throws RefusedException {
    for (String name : new String[] {"specversion", "id", "source", "type"}) {
      if (!given.contains(name)) {
        throw invalid(name, "is missing; CloudEvents 1.0 requires it");
      }
    }
    return draft.data(data).event(tenant);
  }

  private RefusedException invalid(String name, String finding) {
    String field = fieldPrefix + JsonReading.shown(name);
    return RefusedException.invalid(field, field + " " + finding);
  }
}
