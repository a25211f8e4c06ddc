package dev.posthorn.core.event;

import java.util.List;

/**
 * A request body, and the headers that belong to it.
 *
 * @param contentType its media type
 * @param bytes never empty; not to be changed
 * @param headers further headers in lower case: {@code ce-*} of the binary format, else none
 */
@SuppressWarnings("ArrayRecordComponent") // bodies are sent, not compared
public record RenderedBody(String contentType, byte[] bytes, List<Header> headers) {

  /** Copies the list of headers. */
  public RenderedBody {
    headers = List.copyOf(headers);
  }

  /** The body that a transform made: its JSON, whatever the format. */
  public static RenderedBody transformed(byte[] json) {
    return new RenderedBody(EventData.JSON_TYPE, json, List.of());
  }

  @Override
  public String toString() {
    return "RenderedBody[" + contentType + ", " + bytes.length + " bytes, " + headers + "]";
  }
}
