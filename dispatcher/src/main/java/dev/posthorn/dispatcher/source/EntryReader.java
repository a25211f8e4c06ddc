package dev.posthorn.dispatcher.source;

import dev.posthorn.core.config.StreamConfig;
import dev.posthorn.core.event.EventReader;
import dev.posthorn.core.event.PublishedEvent;
import dev.posthorn.core.event.Reading;
import dev.posthorn.core.event.TenantRule;
import dev.posthorn.core.expression.Compilation;
import dev.posthorn.core.expression.EventVariables;
import dev.posthorn.core.expression.Expressions;
import dev.posthorn.core.expression.Filter;
import dev.posthorn.core.expression.FilterOutcome;
import dev.posthorn.core.expression.Mapping;
import dev.posthorn.core.expression.MappingExpressions;
import dev.posthorn.core.expression.MappingOutcome;
import dev.posthorn.core.expression.RecordVariables;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Turns entries of one stream into events: format, mapping, filter, bounds. Pure; any thread. */
final class EntryReader {
  private static final String EVENT_FIELD = "event";

  private final StreamConfig config;
  private final TenantRule tenant;
  private final @Nullable Mapping mapping;
  private final @Nullable Filter filter;

  /**
   * Compiles what a stream declares.
   *
   * @throws IllegalArgumentException where an expression is not valid, which resolving should have
   *     found
   */
  EntryReader(StreamConfig config, Expressions expressions) {
    this.config = config;
    String fixed = config.tenant();
    this.tenant = fixed == null ? TenantRule.stated() : new TenantRule.Replaced(fixed);
    StreamConfig.Mapping texts = config.mapping();
    this.mapping =
        texts == null
            ? null
            : compiled(
                expressions.mapping(
                    new MappingExpressions(
                        texts.tenant(), texts.type(), texts.id(), texts.time(), texts.data())));
    this.filter = config.filter() == null ? null : compiled(expressions.filter(config.filter()));
  }

  private static <T> T compiled(Compilation<T> compilation) {
    return switch (compilation) {
      case Compilation.Compiled<T>(var expression) -> expression;
      case Compilation.Invalid<T>(var finding) ->
          throw new IllegalArgumentException(finding.toString());
    };
  }

  /**
   * Reads an entry.
   *
   * @param maxPayloadBytes the largest data of an event, and how much of a rejected one is kept
   */
  EntryReading read(StreamEntry entry, Instant now, int maxPayloadBytes) {
    Map<String, byte[]> fields = entry.fields();
    if (fields == null) {
      return new EntryReading.Trimmed();
    }
    EntryReading reading = read(fields);
    if (!(reading instanceof EntryReading.Mapped(var event))) {
      return reading instanceof EntryReading.Unmappable bad ? cut(bad, maxPayloadBytes) : reading;
    }
    if (event.data().bytes().length > maxPayloadBytes) {
      return new EntryReading.Unmappable(
          "too_large",
          "its data has %d bytes, allowed are %d: publish a reference to it, or raise limits.maxPayloadBytes"
              .formatted(event.data().bytes().length, maxPayloadBytes),
          new byte[0]);
    }
    return filtered(withId(event, entry.id()), now);
  }

  private EntryReading read(Map<String, byte[]> fields) {
    if (config.format() == StreamConfig.Format.FIELDS) {
      return readFields(fields);
    }
    byte[] json = fields.size() == 1 ? fields.values().iterator().next() : fields.get(EVENT_FIELD);
    if (json == null) {
      return new EntryReading.Unmappable(
          "mapping",
          "the entry has %d fields and none is called \"event\": put the event's JSON there, or use format: Fields"
              .formatted(fields.size()),
          joined(fields));
    }
    return mapping == null ? readEvent(json) : map(RecordVariables.ofJson(json), json);
  }

  private EntryReading readEvent(byte[] json) {
    Reading reading =
        config.format() == StreamConfig.Format.CLOUD_EVENTS
            ? EventReader.readCloudEvent(json, tenant)
            : EventReader.readJson(json, tenant);
    return switch (reading) {
      case Reading.Events(var events, var _) -> new EntryReading.Mapped(events.getFirst());
      case Reading.Refused(var kind, var field, var detail) ->
          new EntryReading.Unmappable(
              kind == Reading.Kind.INVALID ? "mapping" : "unreadable", named(field, detail), json);
    };
  }

  private EntryReading readFields(Map<String, byte[]> fields) {
    var texts = new LinkedHashMap<String, String>();
    for (Map.Entry<String, byte[]> field : fields.entrySet()) {
      Optional<String> text = utf8(field.getValue());
      if (text.isEmpty()) {
        return new EntryReading.Unmappable(
            "unreadable",
            "field %s is not UTF-8: write it as text, or as base64".formatted(field.getKey()),
            joined(fields));
      }
      texts.put(field.getKey(), text.get());
    }
    return map(Optional.of(RecordVariables.ofFields(texts)), joined(fields));
  }

  private EntryReading map(Optional<RecordVariables> record, byte[] payload) {
    if (record.isEmpty()) {
      return new EntryReading.Unmappable(
          "unreadable", "the record is no JSON object: write one JSON object in UTF-8", payload);
    }
    if (mapping == null) {
      throw new IllegalStateException(config.name() + " has format Fields and no mapping");
    }
    return switch (mapping.apply(record.get(), tenant)) {
      case MappingOutcome.Mapped(var event) -> new EntryReading.Mapped(event);
      case MappingOutcome.Unmapped(var field, var reason) ->
          new EntryReading.Unmappable("mapping", named(field, reason), payload);
    };
  }

  private EntryReading filtered(PublishedEvent event, Instant now) {
    if (filter == null) {
      return new EntryReading.Mapped(event);
    }
    var variables = EventVariables.beforeAcceptance(event, now);
    return switch (filter.test(variables)) {
      case FilterOutcome.Matched() -> new EntryReading.Mapped(event);
      case FilterOutcome.NotMatched(), FilterOutcome.Failed(var _) -> new EntryReading.Filtered();
      case FilterOutcome.OverBudget(var reason) ->
          new EntryReading.Unmappable(
              "filter", "spec.filter was stopped: " + reason, event.data().bytes());
    };
  }

  /**
   * An entry without a producer's id is known by its place, so that reading it again is harmless.
   */
  private PublishedEvent withId(PublishedEvent event, String entryId) {
    if (event.id() != null) {
      return event;
    }
    return new PublishedEvent(
        event.tenant(),
        event.type(),
        event.source(),
        config.redis().stream() + "/" + entryId,
        event.subject(),
        event.time(),
        event.data(),
        event.dataSchema(),
        event.traceparent(),
        event.extensions());
  }

  private static String named(@Nullable String field, String detail) {
    return field == null ? detail : field + ": " + detail;
  }

  private static EntryReading cut(EntryReading.Unmappable bad, int maxPayloadBytes) {
    return bad.payload().length <= maxPayloadBytes
        ? bad
        : new EntryReading.Unmappable(bad.reason(), bad.message(), new byte[0]);
  }

  private static byte[] joined(Map<String, byte[]> fields) {
    var all = new ByteArrayOutputStream();
    fields.forEach((name, value) -> {
      all.writeBytes((name + "=").getBytes(StandardCharsets.UTF_8));
      all.writeBytes(value);
      all.write('\n');
    });
    return all.toByteArray();
  }

  private static Optional<String> utf8(byte[] bytes) {
    try {
      return Optional.of(
          StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString());
    } catch (CharacterCodingException malformed) {
      return Optional.empty();
    }
  }
}
