package dev.posthorn.dispatcher.http;

import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.URI;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.random.RandomGenerator;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.NetworkConnectionLimit;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.handler.GracefulHandler;
import org.eclipse.jetty.util.component.Graceful;
import org.eclipse.jetty.util.thread.QueuedThreadPool;

/**
 * An HTTP/1.1 server (Jetty) whose requests run on virtual threads. It takes connections from
 * {@link #start} to {@link #stop}. Thread-safe.
 */
public final class HttpServer {
  /** What a start led to. */
  public sealed interface Start {
    /** It takes connections. */
    record Listening(HttpServer server) implements Start {}

    /**
     * The address cannot be listened on.
     *
     * @param message one sentence: which, why, and what to do
     */
    record Failed(String message) implements Start {}
  }

  private static final int ACCEPTORS = 1;
  private static final int PLATFORM_THREADS = 16;
  private static final int FIRST_FREE_PORT = 1024;

  private final Server server;
  private final ServerConnector connector;

  private final Duration within;

  private HttpServer(Server server, ServerConnector connector, Duration within) {
    this.server = server;
    this.connector = connector;
    this.within = within;
  }

  /**
   * Starts a server.
   *
   * @param name what it is for, in thread names: {@code api}
   * @param random names requests; used once
   */
  public static Start start(
      String name,
      Listen listen,
      ServerLimits limits,
      Router router,
      MeterRegistry registry,
      RandomGenerator random) {
    var server = new Server(threads(name));
    var requestIds = new RequestIds(random);
    ServerConnector connector = connector(server, listen, limits);
    server.addConnector(connector);
    server.addBean(new NetworkConnectionLimit(limits.connections(), connector));
    server.addBean(new DripGuard(connector, limits.idle()));
    server.setErrorHandler(new ParserProblems(requestIds));
    server.setHandler(
        new GracefulHandler(new RequestHandler(router, requestIds, limits.body(), registry)));
    try {
      connector.open();
    } catch (IOException e) {
      return new Start.Failed(reason(listen));
    }
    run(server);
    return new Start.Listening(new HttpServer(server, connector, limits.stop()));
  }

  private static QueuedThreadPool threads(String name) {
    var threads = new QueuedThreadPool(PLATFORM_THREADS);
    threads.setName("http-" + name);
    threads.setVirtualThreadsExecutor(
        Executors.newThreadPerTaskExecutor(
            Thread.ofVirtual().name("http-" + name + "-request-", 0).factory()));
    return threads;
  }

  private static ServerConnector connector(Server server, Listen listen, ServerLimits limits) {
    var http = new HttpConfiguration();
    http.setSendServerVersion(false);
    http.setSendXPoweredBy(false);
    http.setRequestHeaderSize(limits.headerBytes());
    var connector = new ServerConnector(server, ACCEPTORS, -1, new HttpConnectionFactory(http));
    connector.setHost(listen.host());
    connector.setPort(listen.port());
    connector.setIdleTimeout(limits.idle().toMillis());
    return connector;
  }

  private static void run(Server server) {
    try {
      server.start();
    } catch (Exception e) {
      throw new IllegalStateException("the HTTP server did not start", e);
    }
  }

  private static String reason(Listen listen) {
    String where = "cannot listen on " + listen + ": ";
    try {
      InetAddress address = InetAddress.getByName(listen.host());
      if (!address.isAnyLocalAddress() && NetworkInterface.getByInetAddress(address) == null) {
        return where + "the address is not one of this machine; use 127.0.0.1, or 0.0.0.0 for all";
      }
    } catch (UnknownHostException e) {
      return where + "the name is unknown; use an address, as 127.0.0.1";
    } catch (SocketException e) {
      return where + "the network interfaces cannot be read; try 127.0.0.1";
    }
    return where
        + (listen.port() > 0 && listen.port() < FIRST_FREE_PORT
            ? "the port is taken, or ports below 1024 need a privilege; choose a higher one"
            : "the port is taken; stop the other program or choose another port");
  }

  /** The address bound, with the real port. */
  public Listen listen() {
    return new Listen(connector.getHost(), connector.getLocalPort());
  }

  /** The root of its URLs. */
  public URI uri() {
    return URI.create("http://" + listen());
  }

  /**
   * Stops: no new connection, new requests on open ones get 503, those in flight may finish within
   * the limit and are cut off then. Blocks until it is over; again is harmless.
   *
   * @return whether every request in flight was answered
   */
  public boolean stop() {
    boolean answered = drain();
    try {
      server.stop();
    } catch (Exception e) {
      throw new IllegalStateException("the HTTP server did not stop", e);
    }
    return answered;
  }

  private boolean drain() {
    try {
      Graceful.shutdown(server).get(within.toMillis(), TimeUnit.MILLISECONDS);
      return true;
    } catch (TimeoutException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    } catch (ExecutionException e) {
      throw new IllegalStateException("the HTTP server did not stop", e);
    }
  }
}
