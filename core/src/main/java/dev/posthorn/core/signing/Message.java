package dev.posthorn.core.signing;

import java.time.Instant;
import java.util.List;

/**
 * What one attempt is about to send, as far as a signature can cover it.
 *
 * @param id our event id, the same for every attempt: 1 to 128 letters, digits, - and _
 * @param timestamp of this attempt, not of the event; not before 1970
 * @param method in capitals, as {@code POST}
 * @param url as it is requested, query included
 * @param headers that the request carries anyway, for schemes that sign one
 * @param body the raw bytes; neither copied nor changed, so they must not change while signing
 */
@SuppressWarnings("ArrayRecordComponent") // never compared; a copy per attempt would be waste
public record Message(
    String id, Instant timestamp, String method, String url, List<Header> headers, byte[] body) {

  /** A POST without headers of its own. */
  public static Message post(String id, Instant timestamp, String url, byte[] body) {
    return new Message(id, timestamp, "POST", url, List.of(), body);
  }

  /** Shows no payload and no URL, which may be a credential. */
  @Override
  public String toString() {
    return "Message[id=" + id + ", timestamp=" + timestamp + ", bytes=" + body.length + "]";
  }
}
