package dev.posthorn.dispatcher.send;

import java.io.IOException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.Collections;
import java.util.Map;
import java.util.WeakHashMap;
import okhttp3.Connection;

/**
 * When the connections of a pool were used last, to notice those that the receiver has closed
 * since. OkHttp looks only after 10 s, but Node.js closes after 5 s: each delivery in between would
 * fail as a reset. Any thread.
 */
final class LastUse {
  private final long freshNanos;
  private final Map<Connection, Long> released = Collections.synchronizedMap(new WeakHashMap<>());

  /** Connections used within {@code fresh} are taken as they are. */
  LastUse(Duration fresh) {
    freshNanos = fresh.toNanos();
  }

  void released(Connection connection) {
    released.put(connection, System.nanoTime());
  }

  /**
   * Whether an HTTP/1 connection was idle for longer than that and has ended, or holds bytes that
   * nobody asked for. Waits 1 ms when it has not. Called before a request is written.
   */
  boolean ended(Connection connection) {
    var since = released.get(connection);
    return since != null && System.nanoTime() - since > freshNanos && ended(connection.socket());
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
