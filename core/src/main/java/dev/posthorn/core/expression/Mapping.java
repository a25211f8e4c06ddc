package dev.posthorn.core.expression;

import dev.cel.common.values.NullValue;
import dev.posthorn.core.event.EventData;
import dev.posthorn.core.event.EventDraft;
import dev.posthorn.core.event.Reading;
import dev.posthorn.core.event.TenantRule;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Map;

/** A compiled mapping of records to events. Immutable, safe for any thread. */
public final class Mapping {
  private final Map<String, CelProgram> programs;

  Mapping(Map<String, CelProgram> programs) {
    this.programs = programs;
  }

  /**
   * The event that a record is. Never throws for what the record holds.
   *
   * @param record its fields
   * @param tenant who decides the tenant
   */
  public MappingOutcome apply(RecordVariables record, TenantRule tenant) {
    var draft = new EventDraft();
    for (String attribute : MappingExpressions.ATTRIBUTES) {
      CelProgram program = programs.get(attribute);
      if (program != null) {
        String fault =
            set(draft, attribute, program.evaluate("record", record.fields()), record.texts());
        if (!fault.isEmpty()) {
          return new MappingOutcome.Unmapped(attribute, fault);
        }
      }
    }
    return switch (draft.settle(tenant)) {
      case Reading.Events(var events, boolean batch) ->
          new MappingOutcome.Mapped(events.getFirst());
      case Reading.Refused(var kind, String field, String detail) ->
          new MappingOutcome.Unmapped(field, detail);
    };
  }

  /** Sets one attribute; answers with the fault, or an empty text. */
  private static String set(
      EventDraft draft, String attribute, CelProgram.Evaluation evaluation, boolean texts) {
    return switch (evaluation) {
      case CelProgram.Evaluation.Failed(String reason) -> reason;
      case CelProgram.Evaluation.OverBudget(String reason) -> reason;
      case CelProgram.Evaluation.Value(NullValue absent) -> "";
      case CelProgram.Evaluation.Value(Object value) ->
          attribute.equals("data")
              ? setData(draft, value, texts)
              : setAttribute(draft, attribute, value);
    };
  }

  private static String setAttribute(EventDraft draft, String attribute, Object value) {
    if (attribute.equals("time") && value instanceof Instant time) {
      draft.time(time);
      return "";
    }
    boolean number = attribute.equals("id") && value instanceof Long;
    if (!number && !(value instanceof String)) {
      return "the result is no text; convert it with string(...)";
    }
    String text = value.toString();
    switch (attribute) {
      case "tenant" -> draft.tenant(text);
      case "type" -> draft.type(text);
      case "id" -> draft.id(text);
      default -> draft.timeText(text);
    }
    return "";
  }

  private static String setData(EventDraft draft, Object value, boolean texts) {
    if (texts && value instanceof String text) {
      draft.data(fieldData(text));
      return "";
    }
    return switch (JsonOutput.write(value)) {
      case TransformOutcome.Transformed(byte[] json) -> {
        draft.data(EventData.of(json, EventData.JSON_TYPE));
        yield "";
      }
      case TransformOutcome.Failed(String reason) -> reason;
      case TransformOutcome.OverBudget(String reason) -> reason;
    };
  }

  private static EventData fieldData(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    EventData json = EventData.of(bytes, EventData.JSON_TYPE);
    return json.form() == EventData.Form.JSON ? json : EventData.of(bytes, "text/plain");
  }
}
