package dev.posthorn.dispatcher.send;

/** Sends one request; the seam where tests and the simulation put another network. */
public interface Transport extends AutoCloseable {
  /**
   * Sends once, never follows a redirect, never tries again, and returns within the request's
   * timeout. Blocks the calling thread, normally a virtual one. Everything that can happen to a
   * request is an {@link Exchange}; nothing of it is an exception.
   */
  Exchange send(OutboundRequest request);

  /** Ends all requests in flight with class {@code shutdown} and refuses further ones likewise. */
  @Override
  void close();
}
