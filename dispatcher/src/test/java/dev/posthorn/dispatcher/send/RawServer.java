package dev.posthorn.dispatcher.send;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** A receiver on loopback that does exactly what a test tells it, byte by byte. */
final class RawServer implements AutoCloseable {
  /** What the receiver does with one connection; it is closed afterwards. */
  interface Conversation {
    void with(Socket socket) throws IOException;
  }

  private final ServerSocket server;
  private final List<Socket> open = new CopyOnWriteArrayList<>();
  private final List<String> requests = new CopyOnWriteArrayList<>();
  private final Semaphore closed = new Semaphore(0);
  private final AtomicInteger connections = new AtomicInteger();

  private RawServer(ServerSocket server, Conversation conversation) {
    this.server = server;
    Thread.ofVirtual().start(() -> accept(conversation));
  }

  static RawServer start(ServerSocket socket, Conversation conversation) {
    return new RawServer(socket, conversation);
  }

  static RawServer start(Conversation conversation) {
    return start(loopback(), conversation);
  }

  /** Answers every request of every connection with these bytes. */
  static RawServer answering(String answer) {
    return answering(loopback(), answer);
  }

  static RawServer answering(ServerSocket socket, String answer) {
    var server = new RawServer[1];
    server[0] =
        new RawServer(
            socket,
            client -> {
              for (var request = readRequest(client); request != null; ) {
                server[0].requests.add(request);
                write(client, answer);
                request = readRequest(client);
              }
            });
    return server[0];
  }

  /** An answer without body: its status and headers. */
  static String head(String status, String... headers) {
    return "HTTP/1.1 " + status + "\r\n" + String.join("\r\n", headers) + "\r\n\r\n";
  }

  static ServerSocket loopback() {
    try {
      return new ServerSocket(0, 1_000, InetAddress.ofLiteral("127.0.0.1"));
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  static void write(Socket socket, String text) throws IOException {
    socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
    socket.getOutputStream().flush();
  }

  /** Head and body of the next request, or null at the end. */
  static @Nullable String readRequest(Socket socket) throws IOException {
    var in = socket.getInputStream();
    var head = new ByteArrayOutputStream();
    int matched = 0;
    while (matched < 4) {
      int next = in.read();
      if (next < 0) {
        return null;
      }
      head.write(next);
      matched = next == "\r\n\r\n".charAt(matched) ? matched + 1 : next == '\r' ? 1 : 0;
    }
    var text = head.toString(StandardCharsets.ISO_8859_1);
    return text + body(in, text);
  }

  String url() {
    return "http://127.0.0.1:" + port() + "/in";
  }

  int port() {
    return server.getLocalPort();
  }

  int connections() {
    return connections.get();
  }

  /** Waits until that many further connections have ended. */
  void awaitClosed(int count) throws InterruptedException {
    closed.acquire(count);
  }

  List<String> requests() {
    return requests;
  }

  @Override
  public void close() throws IOException {
    server.close();
    for (var socket : open) {
      socket.close();
    }
  }

  private static String body(InputStream in, String head) throws IOException {
    for (var line : head.lines().toList()) {
      if (line.toLowerCase(Locale.ROOT).startsWith("content-length:")) {
        int length = Integer.parseInt(line.substring(15).strip());
        return new String(in.readNBytes(length), StandardCharsets.ISO_8859_1);
      }
    }
    return "";
  }

  private void accept(Conversation conversation) {
    while (!server.isClosed()) {
      try {
        var socket = server.accept();
        connections.incrementAndGet();
        open.add(socket);
        Thread.ofVirtual().start(() -> talk(conversation, socket));
      } catch (IOException e) {
        return; // Closed.
      }
    }
  }

  private void talk(Conversation conversation, Socket socket) {
    try (socket) {
      conversation.with(socket);
    } catch (IOException e) {
      // The client went away, which some tests provoke.
    } finally {
      closed.release();
    }
  }
}
