package dev.posthorn.dispatcher.store;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What was sent and received in an attempt. Headers and bodies are stored encrypted and read only
 * with the attempt itself; the rest is stored in the clear and comes with lists too.
 *
 * @param address the address dialled, or null where no connection was made
 * @param keyIds ids of the keys that signed, newest first
 * @param timings how long each step took
 * @param request headers as sent (secret values masked) and an excerpt of the body
 * @param response headers and an excerpt of the body; null where none came
 * @param certificateNotAfter end of the receiver's certificate; null without TLS
 * @param clockSkewSeconds the receiver's clock minus ours; null where it sent no date
 */
public record AttemptDetail(
    @Nullable String address,
    List<String> keyIds,
    Timings timings,
    @Nullable Message request,
    @Nullable Message response,
    @Nullable Instant certificateNotAfter,
    @Nullable Long clockSkewSeconds) {

  /** The detail of a try that ended before a request. */
  public static final AttemptDetail NONE =
      new AttemptDetail(null, List.of(), Timings.NONE, null, null, null, null);

  /**
   * Durations in microseconds; -1 for a step that did not happen.
   *
   * @param dns looking the name up
   * @param connect TCP
   * @param tls the handshake
   * @param firstByte from the request's first byte to the response's first
   * @param total the whole attempt
   */
  public record Timings(long dns, long connect, long tls, long firstByte, long total) {
    /** Nothing happened. */
    public static final Timings NONE = new Timings(-1, -1, -1, -1, -1);
  }

  /**
   * One half of an exchange.
   *
   * @param headers in order
   * @param body at most 16 KiB; empty where the settings keep none
   * @param truncated whether the body went on
   */
  @SuppressWarnings("ArrayRecordComponent") // Bytes are shared, never changed, never compared.
  public record Message(List<Header> headers, byte[] body, boolean truncated) {}

  /** A header line. */
  public record Header(String name, String value) {}
}
