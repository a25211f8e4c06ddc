package dev.posthorn.core.event;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;

/** Writes the formats that are Posthorn's own: Envelope and Data. */
final class EnvelopeWriter {
  /** An empty body is an error to some verifiers (standardwebhooks 1.0.0), so none is sent. */
  private static final byte[] EMPTY_OBJECT = "{}".getBytes(StandardCharsets.US_ASCII);

  private static final byte[] NULL = "null".getBytes(StandardCharsets.US_ASCII);

  private EnvelopeWriter() {}

  static RenderedBody envelope(Event event) {
    EventData data = event.published().data();
    var json =
        new JsonBuffer(160 + data.bytes().length * 3 / 2)
            .member("id", event.id().value())
            .member("type", event.published().type())
            .member("timestamp", event.time().toString());
    switch (data.form()) {
      case NONE -> json.spliced("data", NULL);
      case JSON -> json.spliced("data", data.bytes());
      case TEXT -> json.member("data", text(data));
      case BINARY -> json.member("data", base64(data)).member("dataEncoding", "base64");
    }
    return new RenderedBody(EventData.JSON_TYPE, json.end(), List.of());
  }

  static RenderedBody data(Event event) {
    return dataWith(event.published().data(), List.of());
  }

  /** The data as body: {@code {}} where there is none. */
  static RenderedBody dataWith(EventData data, List<Header> headers) {
    return data.form() == EventData.Form.NONE
        ? new RenderedBody(EventData.JSON_TYPE, EMPTY_OBJECT, headers)
        : new RenderedBody(contentType(data), data.bytes(), headers);
  }

  static String text(EventData data) {
    return new String(data.bytes(), StandardCharsets.UTF_8);
  }

  static String base64(EventData data) {
    return Base64.getEncoder().encodeToString(data.bytes());
  }

  private static String contentType(EventData data) {
    String stated = data.contentType();
    if (stated != null) {
      return stated;
    }
    return data.form() == EventData.Form.TEXT
        ? "text/plain; charset=utf-8"
        : "application/octet-stream";
  }
}
