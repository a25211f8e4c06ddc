package dev.posthorn.dispatcher;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.function.ToIntFunction;

/** A receiver on loopback that keeps what it got and answers what a test wants. */
public final class Receiver implements AutoCloseable {
  private final HttpServer server;
  private final List<Request> requests = new CopyOnWriteArrayList<>();

  /** A request as received; header names are capitalised as the JDK's server does it. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  public record Request(Map<String, List<String>> headers, byte[] body) {
    /** The first value of a header. */
    public String header(String name) {
      return headers.entrySet().stream()
          .filter(entry -> entry.getKey().equalsIgnoreCase(name))
          .map(entry -> entry.getValue().getFirst())
          .findFirst()
          .orElseThrow(() -> new AssertionError("no header " + name + " in " + headers.keySet()));
    }
  }

  private Receiver(HttpServer server) {
    this.server = server;
  }

  /** Starts one that answers the status that {@code answer} gives, from 100 on. */
  public static Receiver start(ToIntFunction<Request> answer) throws IOException {
    var server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 128);
    var receiver = new Receiver(server);
    server.createContext(
        "/",
        exchange -> {
          var request =
              new Request(
                  Map.copyOf(exchange.getRequestHeaders()),
                  exchange.getRequestBody().readAllBytes());
          receiver.requests.add(request);
          exchange.sendResponseHeaders(answer.applyAsInt(request), -1);
          exchange.close();
        });
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.start();
    return receiver;
  }

  /** What arrived so far. */
  public List<Request> requests() {
    return requests;
  }

  /** Its URL. */
  public String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort() + "/in";
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
