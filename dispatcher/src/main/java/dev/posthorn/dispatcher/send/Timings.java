package dev.posthorn.dispatcher.send;

/**
 * How long the steps of a request took, in microseconds; {@link #NONE} for a step that did not
 * happen, as lookup, connect and TLS on a connection that was open already.
 *
 * @param dns the lookup
 * @param connect TCP
 * @param tls the handshake
 * @param firstByte from the start to the answer's headers
 * @param total from the start to the end
 */
public record Timings(long dns, long connect, long tls, long firstByte, long total) {
  /** The step did not happen. */
  public static final long NONE = -1;

  /** Without the steps: how long a denied lookup took would tell a tenant about the network. */
  Timings totalOnly() {
    return new Timings(NONE, NONE, NONE, NONE, total);
  }
}
