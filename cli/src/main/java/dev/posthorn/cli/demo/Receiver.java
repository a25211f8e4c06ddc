package dev.posthorn.cli.demo;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.posthorn.cli.demo.Arrival.Reaction;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * A customer's web server on a free port of this machine. Every request runs on a virtual thread of
 * its own, so that a hanging one holds up nobody but its caller.
 */
final class Receiver implements AutoCloseable {
  private final String endpoint;
  private final CustomerCheck check;
  private final AtomicReference<String> secret;
  private final Function<Instant, Reaction> behaviour;
  private final InstantSource clock;
  private final Consumer<Arrival> observer;
  private final CountDownLatch closing = new CountDownLatch(1);
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final HttpServer server;

  /**
   * Starts listening.
   *
   * @param endpoint the name it is shown under
   * @param check how it verifies
   * @param secret what it verifies with
   * @param behaviour what it does with a well signed request at a time
   * @param observer told of every request, on the request's thread, before it is answered
   */
  Receiver(
      String endpoint,
      CustomerCheck check,
      String secret,
      Function<Instant, Reaction> behaviour,
      InstantSource clock,
      Consumer<Arrival> observer)
      throws IOException {
    this.endpoint = endpoint;
    this.check = check;
    this.secret = new AtomicReference<>(secret);
    this.behaviour = behaviour;
    this.clock = clock;
    this.observer = observer;
    this.server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", this::handle);
    server.setExecutor(threads);
    server.start();
  }

  int port() {
    return server.getAddress().getPort();
  }

  /** From now on it verifies with {@code newSecret} only. */
  void switchTo(String newSecret) {
    secret.set(newSecret);
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      byte[] body = exchange.getRequestBody().readAllBytes();
      Instant now = clock.instant();
      boolean verified =
          check.verifies(
              exchange.getRequestHeaders()::getFirst,
              body,
              Objects.requireNonNull(secret.get()),
              now);
      Reaction reaction = verified ? behaviour.apply(now) : Reaction.REFUSED;
      observer.accept(arrival(exchange, verified, reaction));
      answer(exchange, reaction);
    }
  }

  private void answer(HttpExchange exchange, Reaction reaction) throws IOException {
    switch (reaction) {
      case ACCEPTED -> exchange.sendResponseHeaders(200, -1);
      case REFUSED -> exchange.sendResponseHeaders(401, -1);
      case FAILED -> exchange.sendResponseHeaders(503, -1);
      case HUNG -> {
        try {
          closing.await();
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
        }
      }
    }
  }

  private Arrival arrival(HttpExchange exchange, boolean verified, Reaction reaction) {
    return new Arrival(
        endpoint,
        header(exchange, "posthorn-event-id"),
        header(exchange, "posthorn-event-type"),
        Integer.parseInt(header(exchange, "posthorn-attempt")),
        header(exchange, "webhook-signature").split(" ").length,
        verified,
        reaction);
  }

  private static String header(HttpExchange exchange, String name) {
    String value = exchange.getRequestHeaders().getFirst(name);
    return value == null ? "" : value;
  }

  /** Ends all requests at once, hanging ones too. */
  @Override
  public void close() {
    closing.countDown();
    server.stop(0);
    threads.shutdownNow();
  }
}
