package dev.posthorn.core.event;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Writes CloudEvents 1.0: the JSON format and the HTTP binding's binary mode.
 *
 * <p>{@code id} and {@code source} are the producer's; where it gave none, our id and {@code
 * posthorn}. {@code time} is the producer's, else the acceptance. The tenant is not written: it is
 * how the event was routed here, and no business of the receiver.
 */
final class CloudEventWriter {
  /** A valid relative URI reference, as CloudEvents demands of {@code source}. */
  private static final String OWN_SOURCE = "posthorn";

  private static final String NOT_IN_URI = "\"<>\\^`{|}";

  private CloudEventWriter() {}

  static RenderedBody structured(Event event) {
    EventData data = event.published().data();
    var json = new JsonBuffer(384 + data.bytes().length * 3 / 2);
    attributes(event).forEach(json::member);
    String contentType = data.contentType();
    if (contentType != null) {
      json.member("datacontenttype", contentType);
    }
    switch (data.form()) {
      case NONE -> {}
      case JSON -> json.spliced("data", data.bytes());
      case TEXT -> text(json, data);
      case BINARY -> json.member("data_base64", EnvelopeWriter.base64(data));
    }
    return new RenderedBody("application/cloudevents+json", json.end(), List.of());
  }

  /** Data said to be JSON that is not stays bytes; a JSON string would be other data. */
  private static void text(JsonBuffer json, EventData data) {
    String contentType = data.contentType();
    if (contentType == null) {
      json.member("datacontenttype", "text/plain; charset=utf-8");
    }
    if (contentType != null && MediaTypes.isJson(contentType)) {
      json.member("data_base64", EnvelopeWriter.base64(data));
    } else {
      json.member("data", EnvelopeWriter.text(data));
    }
  }

  static RenderedBody binary(Event event) {
    var headers = new ArrayList<Header>();
    attributes(event)
        .forEach((name, value) -> headers.add(new Header("ce-" + name, HeaderText.encode(value))));
    return EnvelopeWriter.dataWith(event.published().data(), headers);
  }

  private static Map<String, String> attributes(Event event) {
    PublishedEvent published = event.published();
    var attributes = new LinkedHashMap<String, String>();
    attributes.put("specversion", "1.0");
    attributes.put("id", published.id() == null ? event.id().value() : published.id());
    attributes.put("source", source(published.source()));
    attributes.put("type", published.type());
    putIfPresent(attributes, "subject", published.subject());
    attributes.put("time", event.time().toString());
    putIfPresent(attributes, "dataschema", published.dataSchema());
    putIfPresent(attributes, "traceparent", published.traceparent());
    attributes.putAll(published.extensions());
    return attributes;
  }

  private static void putIfPresent(
      Map<String, String> attributes, String name, @Nullable String value) {
    if (value != null) {
      attributes.put(name, value);
    }
  }

  /** The source as URI reference: what RFC 3986 does not allow in one is percent-encoded. */
  private static String source(String stated) {
    if (stated.isEmpty()) {
      return OWN_SOURCE;
    }
    byte[] units = stated.getBytes(StandardCharsets.UTF_8);
    var uri = new StringBuilder(units.length);
    for (int i = 0; i < units.length; i++) {
      byte unit = units[i];
      boolean allowed = unit > ' ' && unit < 0x7f && NOT_IN_URI.indexOf(unit) < 0;
      if (allowed && (unit != '%' || HeaderText.isEscape(units, i))) {
        uri.append((char) unit);
      } else {
        HeaderText.percent(uri, unit);
      }
    }
    return uri.toString();
  }
}
