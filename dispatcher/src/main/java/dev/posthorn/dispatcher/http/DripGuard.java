package dev.posthorn.dispatcher.http;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.component.AbstractLifeCycle;
import org.jspecify.annotations.Nullable;

/**
 * Closes connections whose request's headers drip: the idle timeout never sees them, since each
 * byte starts it anew. Looks at all connections once per interval, on the connector's scheduler
 * thread; what has sent bytes in two intervals in a row and no request in either is closed. A body
 * cannot look like that, since its own time is shorter.
 */
final class DripGuard extends AbstractLifeCycle {
  private final ServerConnector connector;
  private final Duration interval;

  /** By connection, as the last look found it. Scheduler thread only. */
  private Map<EndPoint, Seen> seen = new HashMap<>();

  DripGuard(ServerConnector connector, Duration interval) {
    this.connector = connector;
    this.interval = interval;
  }

  /**
   * A connection at one look.
   *
   * @param requests begun so far
   * @param bytes received so far
   * @param dripping whether bytes came since the look before, and no request
   */
  record Seen(long requests, long bytes, boolean dripping) {
    static Seen of(@Nullable Seen before, long requests, long bytes) {
      boolean dripping = before != null && before.requests == requests && before.bytes < bytes;
      return new Seen(requests, bytes, dripping);
    }
  }

  @Override
  protected void doStart() {
    next();
  }

  private void next() {
    connector.getScheduler().schedule(this::look, interval.toMillis(), TimeUnit.MILLISECONDS);
  }

  private void look() {
    if (!isRunning()) {
      return;
    }
    var now = new HashMap<EndPoint, Seen>();
    for (EndPoint endPoint : connector.getConnectedEndPoints()) {
      Connection connection = endPoint.getConnection();
      if (connection != null) {
        Seen before = seen.get(endPoint);
        Seen found = Seen.of(before, connection.getMessagesIn(), connection.getBytesIn());
        if (before != null && before.dripping() && found.dripping()) {
          endPoint.close();
        } else {
          now.put(endPoint, found);
        }
      }
    }
    seen = now;
    next();
  }
}
