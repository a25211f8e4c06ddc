package dev.posthorn.core.event;

import com.fasterxml.jackson.core.JsonParser;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** The JSON form: {@code {tenant, type, data, id?, source?, subject?, time?}}, nothing else. */
final class PlainForm implements JsonEvents.Form {
  private final byte[] json;
  private final EventDraft draft = new EventDraft();
  private boolean hasData;

  PlainForm(byte[] json) {
    this.json = json;
  }

  @Override
  public void member(String name, JsonParser parser) throws IOException, RefusedException {
    switch (name) {
      case "tenant" -> draft.tenant(JsonEvents.text(name, parser));
      case "type" -> draft.type(JsonEvents.text(name, parser));
      case "id" -> draft.id(JsonEvents.text(name, parser));
      case "source" -> draft.source(JsonEvents.text(name, parser));
      case "subject" -> draft.subject(JsonEvents.text(name, parser));
      case "time" -> draft.timeText(JsonEvents.text(name, parser));
      case "data" -> {
        draft.data(EventData.checkedJson(JsonEvents.slice(parser, json), EventData.JSON_TYPE));
        hasData = true;
      }
      default ->
          throw RefusedException.invalid(
              JsonReading.shown(name),
              "the field is unknown; the fields are tenant, type, data, id, source, subject, time");
    }
  }

  PlainForm traceparent(@Nullable String header) {
    draft.traceparent(header);
    return this;
  }

  @Override
  public PublishedEvent event(TenantRule tenant) throws RefusedException {
    PublishedEvent event = draft.event(tenant);
    if (!hasData) {
      throw RefusedException.invalid("data", "data is missing; add any JSON value, null included");
    }
    return event;
  }
}
