package dev.posthorn.dispatcher.send;

import dev.posthorn.core.egress.EgressGuard;
import java.time.Duration;
import java.util.List;

/**
 * A request ready to be sent: signed, with all its headers. {@link #toString()} shows neither URL
 * nor headers nor body.
 *
 * @param endpoint namespace and name of the endpoint; chooses the connection pool
 * @param namespace of the endpoint, for allowHosts
 * @param url where to; may be a credential itself
 * @param headers in order; {@code content-type} and {@code user-agent} included; Host,
 *     Content-Length, Connection and Accept-Encoding are the transport's
 * @param body sent as it is; not copied, so it must not change any more
 * @param timeout for all together: lookup, connect, TLS, request, answer
 * @param tls what to trust and what to present; {@link TlsSettings#DEFAULT} for most
 * @param guard the judge of the present snapshot; one instance per policy, kept as long as the
 *     policy is the same, since connections are only shared under the same instance
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record OutboundRequest(
    String endpoint,
    String namespace,
    String url,
    List<Header> headers,
    byte[] body,
    Duration timeout,
    TlsSettings tls,
    EgressGuard guard) {
  /** Checks the timeout. */
  public OutboundRequest {
    if (!timeout.isPositive()) {
      throw new IllegalArgumentException(
          "timeout " + timeout + " is not positive; use 1 s or more");
    }
    headers = List.copyOf(headers);
  }

  @Override
  public String toString() {
    return "OutboundRequest[" + endpoint + ", " + body.length + " bytes]";
  }
}
