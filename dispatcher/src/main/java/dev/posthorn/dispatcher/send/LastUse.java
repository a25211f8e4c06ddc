package dev.posthorn.dispatcher.send;

import java.io.IOException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLongArray;
import okhttp3.Connection;

/**
 * When the connections of a pool were used last, to notice those that the receiver has closed
 * since. OkHttp looks only after 10 s, but Node.js closes after 5 s: each delivery in between would
 * fail as a reset. Any thread.
 *
 * <p>Times are kept by local port: connections are locks inside OkHttp, and asking a lock for its
 * hash code costs more than the rest of this. Two connections with one local port, to different
 * receivers, can mislead each other; then one is looked at in vain, or used as OkHttp would.
 */
final class LastUse {
  private static final int PORTS = 1 << 16;

  private final long freshNanos;

  /** {@link System#nanoTime} of the last release; 0 before the first. */
  private final AtomicLongArray released = new AtomicLongArray(PORTS);

  /** Connections used within {@code fresh} are taken as they are. */
  LastUse(Duration fresh) {
    freshNanos = fresh.toNanos();
  }

  void released(Connection connection) {
    int port = connection.socket().getLocalPort();
    if (port >= 0) {
      released.lazySet(port, System.nanoTime() | 1);
    }
  }

  /**
   * Whether an HTTP/1 connection was idle for longer than that and has ended, or holds bytes that
   * nobody asked for. Waits 1 ms when it has not. Called before a request is written.
   */
  boolean ended(Connection connection) {
    Socket socket = connection.socket();
    int port = socket.getLocalPort();
    long since = port < 0 ? 0 : released.get(port);
    return since != 0 && System.nanoTime() - since > freshNanos && ended(socket);
  }

  private static boolean ended(Socket socket) {
    try {
      int timeout = socket.getSoTimeout();
      socket.setSoTimeout(1);
      try {
        var _ = socket.getInputStream().read();
        return true;
      } finally {
        socket.setSoTimeout(timeout);
      }
    } catch (SocketTimeoutException e) {
      return false;
    } catch (IOException e) {
      return true;
    }
  }
}
