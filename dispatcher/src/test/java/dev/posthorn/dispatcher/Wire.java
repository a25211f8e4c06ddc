package dev.posthorn.dispatcher;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** A way over loopback to a server that a test can cut and mend. */
final class Wire implements AutoCloseable {
  private final ServerSocket listening;
  private final int target;
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();
  private volatile boolean cut;

  private Wire(ServerSocket listening, int target) {
    this.listening = listening;
    this.target = target;
  }

  static Wire to(int port) throws IOException {
    var wire = new Wire(new ServerSocket(0, 50, InetAddress.getLoopbackAddress()), port);
    Thread.ofVirtual().start(wire::accept);
    return wire;
  }

  int port() {
    return listening.getLocalPort();
  }

  private void accept() {
    while (!listening.isClosed()) {
      try {
        Socket near = listening.accept();
        if (cut) {
          near.close();
        } else {
          connect(near);
        }
      } catch (IOException closed) {
        return;
      }
    }
  }

  private void connect(Socket near) throws IOException {
    var far = new Socket(InetAddress.getLoopbackAddress(), target);
    open.add(near);
    open.add(far);
    Thread.ofVirtual().start(() -> copy(near, far));
    Thread.ofVirtual().start(() -> copy(far, near));
  }

  private void copy(Socket from, Socket to) {
    try (from;
        to) {
      from.getInputStream().transferTo(to.getOutputStream());
    } catch (IOException ended) {
      // one end is gone: so is the other
    } finally {
      open.remove(from);
      open.remove(to);
    }
  }

  /** Ends all connections, and lets no new one through. */
  void cut() {
    cut = true;
    open.forEach(socket -> {
      try {
        socket.close();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    });
  }

  void mend() {
    cut = false;
  }

  @Override
  public void close() throws IOException {
    listening.close();
    cut();
  }
}
