package dev.posthorn.core.event;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Reads what producers publish: the JSON form, and CloudEvents 1.0 structured, batched and binary
 * ({@code POST /v1/events}; the same forms in streams).
 *
 * <p>Stateless, safe for any thread. Never throws for what a producer sent. Keeps {@code body} (a
 * binary event's data is the array itself): the caller must not change it afterwards.
 */
public final class EventReader {
  /** Events in one batch. */
  public static final int MAX_BATCH = 1_000;

  private static final String STRUCTURED = "application/cloudevents+json";
  private static final String BATCH = "application/cloudevents-batch+json";

  private EventReader() {}

  /**
   * Reads a publish by its {@code content-type} and {@code ce-*} headers.
   *
   * @param headers all headers of the request; of interest are {@code content-type}, {@code ce-*}
   *     and {@code traceparent}
   * @param body the whole body; its size was bounded by the caller
   * @param tenant who decides the tenant
   */
  public static Reading read(List<Header> headers, byte[] body, TenantRule tenant) {
    String contentType = find(headers, "content-type");
    String traceparent = find(headers, "traceparent");
    String essence = contentType == null ? "" : MediaTypes.essence(contentType);
    if (essence.equals(STRUCTURED)) {
      return one(body, () -> new CloudEventForm(body).traceparent(traceparent), tenant);
    }
    if (essence.equals(BATCH)) {
      return batch(body, () -> new CloudEventForm(body).traceparent(traceparent), tenant);
    }
    if (hasAttributes(headers)) {
      return binary(headers, contentType, body, tenant);
    }
    if (essence.equals(EventData.JSON_TYPE)) {
      return one(body, () -> new PlainForm(body).traceparent(traceparent), tenant);
    }
    return unsupported();
  }

  /** Reads the JSON form, for streams of format {@code Json}. */
  public static Reading readJson(byte[] body, TenantRule tenant) {
    return one(body, () -> new PlainForm(body), tenant);
  }

  /** Reads a CloudEvent in the JSON format, for streams of format {@code CloudEvents}. */
  public static Reading readCloudEvent(byte[] body, TenantRule tenant) {
    return one(body, () -> new CloudEventForm(body), tenant);
  }

  private static Reading binary(
      List<Header> headers, @Nullable String contentType, byte[] body, TenantRule tenant) {
    try {
      PublishedEvent event = BinaryForm.event(headers, contentType, body, tenant);
      return new Reading.Events(List.of(event), false);
    } catch (RefusedException refusal) {
      return refusal.refused();
    }
  }

  private static Reading unsupported() {
    return new Reading.Refused(
        Reading.Kind.UNSUPPORTED_TYPE,
        "content-type",
        "content-type is none of application/json, "
            + STRUCTURED
            + ", "
            + BATCH
            + ", and there are no ce- headers; send one of these");
  }

  private static Reading one(byte[] body, Supplier<JsonEvents.Form> form, TenantRule tenant) {
    return parsed(
        body,
        parser -> {
          if (parser.currentToken() == JsonToken.START_ARRAY) {
            throw RefusedException.invalid(
                null, "the body is an array; send one event, or a batch as " + BATCH);
          }
          return new Reading.Events(List.of(JsonEvents.object(parser, form.get(), tenant)), false);
        });
  }

  private static Reading batch(byte[] body, Supplier<JsonEvents.Form> form, TenantRule tenant) {
    return parsed(
        body,
        parser -> {
          if (parser.currentToken() != JsonToken.START_ARRAY) {
            throw RefusedException.invalid(
                null, "the body is not an array; send a batch, or one event as " + STRUCTURED);
          }
          return new Reading.Events(elements(parser, form, tenant), true);
        });
  }

  private static List<PublishedEvent> elements(
      JsonParser parser, Supplier<JsonEvents.Form> form, TenantRule tenant)
      throws IOException, RefusedException {
    var events = new ArrayList<PublishedEvent>();
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      if (events.size() == MAX_BATCH) {
        throw RefusedException.invalid(
            null, "the batch holds more than " + MAX_BATCH + " events; send it in parts");
      }
      try {
        events.add(JsonEvents.object(parser, form.get(), tenant));
      } catch (RefusedException refusal) {
        throw refusal.inBatch(events.size());
      }
    }
    return events;
  }

  /** The step between the first token of a body and its end. */
  private interface Step {
    Reading read(JsonParser parser) throws IOException, RefusedException;
  }

  private static Reading parsed(byte[] body, Step step) {
    if (!JsonReading.isUtf8(body)) {
      return unreadable("the body is not UTF-8 without a byte order mark");
    }
    try (JsonParser parser = JsonReading.parser(body)) {
      if (parser.nextToken() == null) {
        return unreadable("the body is empty");
      }
      Reading reading = step.read(parser);
      return parser.nextToken() == null ? reading : unreadable("the body goes on after its JSON");
    } catch (JsonProcessingException malformed) {
      return unreadable("the body is not well-formed JSON" + place(malformed));
    } catch (RefusedException refusal) {
      return refusal.refused();
    } catch (IOException impossible) {
      throw new UncheckedIOException("reading an array cannot fail", impossible);
    }
  }

  /** The parser's own message may quote the data, so only the place is taken from it. */
  private static String place(JsonProcessingException malformed) {
    var location = malformed.getLocation();
    return location == null
        ? ""
        : " (line " + location.getLineNr() + ", column " + location.getColumnNr() + ")";
  }

  private static Reading unreadable(String cause) {
    return new Reading.Refused(
        Reading.Kind.UNREADABLE, null, cause + "; send well-formed JSON in UTF-8");
  }

  private static @Nullable String find(List<Header> headers, String name) {
    for (Header header : headers) {
      if (header.name().equalsIgnoreCase(name)) {
        return header.value();
      }
    }
    return null;
  }

  private static boolean hasAttributes(List<Header> headers) {
    for (Header header : headers) {
      if (header.name().regionMatches(true, 0, BinaryForm.PREFIX, 0, BinaryForm.PREFIX.length())) {
        return true;
      }
    }
    return false;
  }
}
