package dev.posthorn.core.signing;

import java.util.List;

/**
 * A request whose signature is in question.
 *
 * @param method in capitals, as {@code POST}
 * @param url as its sender called it, query included; only some schemes sign it
 * @param headers every line as it came, repeated names as repeated entries
 * @param body the raw bytes before any decoding; neither copied nor changed
 */
@SuppressWarnings("ArrayRecordComponent") // never compared; a copy per attempt would be waste
public record Received(String method, String url, List<Header> headers, byte[] body) {

  /** A POST to an address that the scheme does not sign. */
  public static Received post(List<Header> headers, byte[] body) {
    return new Received("POST", "", headers, body);
  }

  /** Shows neither payload nor signature. */
  @Override
  public String toString() {
    return "Received[method=" + method + ", bytes=" + body.length + "]";
  }
}
