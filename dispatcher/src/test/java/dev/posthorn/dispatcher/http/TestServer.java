package dev.posthorn.dispatcher.http;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;

/** A server on a loopback port with a few calls to try things on. */
final class TestServer implements AutoCloseable {
  static final int BODY_LIMIT = 100_000;
  static final ServerLimits LIMITS = ServerLimits.DEFAULT;

  final SimpleMeterRegistry metrics = new SimpleMeterRegistry();
  final CountDownLatch entered = new CountDownLatch(1);
  final CountDownLatch release = new CountDownLatch(1);
  final HttpServer server;

  TestServer() {
    this(LIMITS);
  }

  TestServer(ServerLimits limits) {
    var start =
        HttpServer.start(
            "test", new Listen("127.0.0.1", 0), limits, router(), metrics, new Random(1));
    if (!(start instanceof HttpServer.Start.Listening(HttpServer listening))) {
      throw new IllegalStateException(start.toString());
    }
    this.server = listening;
  }

  private Router router() {
    return new Router(
        List.of(
            route(Router.Method.POST, "/size", new Access.Open(), TestServer::size),
            route(Router.Method.POST, "/ignore", new Access.Open(), call -> text("ignored")),
            route(Router.Method.POST, "/private", new Access.Known(), TestServer::size),
            route(Router.Method.GET, "/hello/{name}", new Access.Open(), TestServer::hello),
            route(Router.Method.GET, "/broken", new Access.Open(), TestServer::broken),
            route(Router.Method.GET, "/wait", new Access.Open(), call -> await())),
        Callers.NONE);
  }

  private static Router.Route route(
      Router.Method method, String template, Access access, Router.Handler handler) {
    return new Router.Route(method, template, access, handler);
  }

  private static Reply size(Call call) {
    return text(Integer.toString(call.body(BODY_LIMIT).length));
  }

  private static Reply hello(Call call) {
    return text("hello " + call.path("name") + " " + call.query("mood").values());
  }

  private static Reply broken(Call call) {
    throw new IllegalStateException("the secret thought of " + call.requestId());
  }

  private Reply await() {
    entered.countDown();
    try {
      release.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return text("waited");
  }

  private static Reply text(String text) {
    return Reply.bytes("text/plain", text.getBytes(StandardCharsets.UTF_8));
  }

  RawConnection connect() throws IOException {
    return new RawConnection(server.listen());
  }

  static ServerLimits body(Duration time) {
    return new ServerLimits(LIMITS.headerBytes(), 100, Duration.ofSeconds(20), time, LIMITS.stop());
  }

  @Override
  public void close() {
    release.countDown();
    server.stop();
  }
}
