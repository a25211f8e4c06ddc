package dev.posthorn.e2e.erasure;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/**
 * Receivers that say in their answers what they were sent: {@code /ok} takes it, {@code /fails}
 * does not, {@code /hangs} takes it once it is let go.
 */
final class TalkativeReceiver implements AutoCloseable {
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final HttpServer server;
  private final String answer;
  private final CountDownLatch hanging = new CountDownLatch(1);
  private final Map<String, List<String>> arrived = new ConcurrentHashMap<>();

  TalkativeReceiver(String answer) throws IOException {
    this.answer = answer;
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 512);
    server.createContext("/", this::handle);
    server.setExecutor(threads);
    server.start();
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      exchange.getRequestBody().readAllBytes();
      String path = exchange.getRequestURI().getPath();
      arrived(path).add(exchange.getRequestHeaders().getFirst("posthorn-event-id"));
      if (path.endsWith("/hangs")) {
        await();
      }
      byte[] body = answer.getBytes(StandardCharsets.UTF_8);
      exchange.getResponseHeaders().set("x-said", answer);
      exchange.sendResponseHeaders(path.endsWith("/fails") ? 500 : 200, body.length);
      exchange.getResponseBody().write(body);
    }
  }

  private void await() {
    try {
      if (!hanging.await(2, TimeUnit.MINUTES)) {
        throw new IllegalStateException("it was never let go");
      }
    } catch (InterruptedException stop) {
      Thread.currentThread().interrupt();
    }
  }

  /** Event ids as they came, again for each attempt. */
  List<String> arrived(String path) {
    return arrived.computeIfAbsent(path, _ -> new CopyOnWriteArrayList<>());
  }

  void letGo() {
    hanging.countDown();
  }

  String url(String path) {
    return "http://127.0.0.1:" + server.getAddress().getPort() + path;
  }

  @Override
  public void close() {
    hanging.countDown();
    server.stop(0);
    threads.shutdownNow();
  }
}
