package dev.posthorn.dispatcher.http;

import java.util.Map;
import java.util.TreeMap;

/**
 * An answer. The server adds {@code X-Request-Id}, {@code Content-Length} and {@code Date}.
 *
 * @param status the HTTP status
 * @param contentType the media type of {@code body}
 * @param body whole; not to be changed afterwards
 * @param headers further headers
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record Reply(int status, String contentType, byte[] body, Map<String, String> headers) {

  /** A record, list or map as JSON; null members are left out. */
  public static Reply json(int status, Object value) {
    return new Reply(status, "application/json", Json.bytes(value), Map.of());
  }

  /** The same with one more header. */
  public Reply with(String name, String value) {
    var more = new TreeMap<>(headers);
    more.put(name, value);
    return new Reply(status, contentType, body, more);
  }

  /** Bytes under their media type, with status 200. */
  public static Reply bytes(String contentType, byte[] body) {
    return new Reply(200, contentType, body, Map.of());
  }
}
