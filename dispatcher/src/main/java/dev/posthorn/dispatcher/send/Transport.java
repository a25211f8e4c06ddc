package dev.posthorn.dispatcher.send;

import java.util.function.BooleanSupplier;

/** Sends one request; the seam where tests and the simulation put another network. */
public interface Transport extends AutoCloseable {
  /**
   * Sends once, never follows a redirect, never tries again, and returns within the request's
   * timeout. Blocks the calling thread, normally a virtual one. Everything that can happen to a
   * request is an {@link Exchange}; nothing of it is an exception.
   *
   * @param maySend asked when the connection stands and nothing of the request is written yet: a
   *     key may have been revoked since the request was signed. False ends it as {@code
   *     signing_unavailable}; the receiver has seen nothing.
   */
  Exchange send(OutboundRequest request, BooleanSupplier maySend);

  /** Sends a request that nothing can withdraw. */
  default Exchange send(OutboundRequest request) {
    return send(request, () -> true);
  }

  /** Ends all requests in flight with class {@code shutdown} and refuses further ones likewise. */
  @Override
  void close();
}
