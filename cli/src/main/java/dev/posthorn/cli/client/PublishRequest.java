package dev.posthorn.cli.client;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.jspecify.annotations.Nullable;

/**
 * One event as it is published.
 *
 * @param tenant whose endpoints may get it
 * @param type such as {@code order.paid}
 * @param data valid JSON, sent as it is written, not parsed and printed anew
 * @param id the producer's own id; a second publish with it is a duplicate
 * @param source where the event came from; the id is unique only together with it
 * @param subject what the event is about
 */
public record PublishRequest(
    String tenant,
    String type,
    String data,
    @Nullable String id,
    @Nullable String source,
    @Nullable String subject) {
  private static final JsonFactory JSON = new JsonFactory();

  /** The body of {@code POST /v1/events}. */
  byte[] json() {
    var out = new ByteArrayOutputStream(data.length() + 200);
    try (JsonGenerator json = JSON.createGenerator(out)) {
      json.writeStartObject();
      json.writeStringField("tenant", tenant);
      json.writeStringField("type", type);
      writeIfPresent(json, "id", id);
      writeIfPresent(json, "source", source);
      writeIfPresent(json, "subject", subject);
      json.writeFieldName("data");
      json.writeRawValue(data);
      json.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException("memory does not fail", e);
    }
    return out.toByteArray();
  }

  /** The same event under another id of the producer's. */
  public PublishRequest withId(@Nullable String newId) {
    return new PublishRequest(tenant, type, data, newId, source, subject);
  }

  private static void writeIfPresent(JsonGenerator json, String name, @Nullable String value)
      throws IOException {
    if (value != null) {
      json.writeStringField(name, value);
    }
  }

  /** Shows no payload. */
  @Override
  public String toString() {
    return "PublishRequest[tenant=" + tenant + ", type=" + type + "]";
  }
}
