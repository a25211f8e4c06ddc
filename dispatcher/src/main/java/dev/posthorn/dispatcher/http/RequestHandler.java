package dev.posthorn.dispatcher.http;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Turns a request of the server into a {@link Call} and the {@link Reply} into its response. Runs
 * on the request's virtual thread.
 */
final class RequestHandler extends Handler.Abstract {
  static final String REQUEST_ID = "X-Request-Id";
  private static final Logger LOG = LoggerFactory.getLogger(RequestHandler.class);
  private static final int DRAIN_BYTES = 16 * 1024 * 1024;
  private static final Duration DRAIN_TIME = Duration.ofSeconds(2);

  private final Router router;
  private final RequestIds requestIds;
  private final Duration bodyTime;
  private final MeterRegistry registry;
  private final Map<String, Timer> timers = new HashMap<>();
  private final Timer unknown;

  RequestHandler(Router router, RequestIds requestIds, Duration bodyTime, MeterRegistry registry) {
    this.router = router;
    this.requestIds = requestIds;
    this.bodyTime = bodyTime;
    this.registry = registry;
    router.routes().forEach(r -> timers.computeIfAbsent(r.template(), t -> timer(registry, t)));
    this.unknown = timer(registry, "unknown");
  }

  private static Timer timer(MeterRegistry registry, String route) {
    return Timer.builder("posthorn.http.request.duration")
        .description("From the request's headers to the end of its answer, by route template")
        .tag("route", route)
        .serviceLevelObjectives(
            Duration.ofMillis(1),
            Duration.ofMillis(5),
            Duration.ofMillis(25),
            Duration.ofMillis(100),
            Duration.ofMillis(500),
            Duration.ofMillis(2500))
        .register(registry);
  }

  @Override
  public boolean handle(Request request, Response response, Callback callback) throws Exception {
    Timer.Sample sample = Timer.start(registry);
    String id = requestIds.of(request.getHeaders().get(REQUEST_ID));
    var body = new RequestBody(request, bodyTime);
    Router.Match match = router.find(request.getMethod(), request.getHttpURI().getPath());
    try {
      send(answer(match, request, body, id), id, body, response, callback);
    } catch (ClientGoneException e) {
      callback.failed(e);
    }
    sample.stop(timer(match));
    return true;
  }

  private Timer timer(Router.Match match) {
    return match instanceof Router.Match.Found found
        ? timers.getOrDefault(found.route().template(), unknown)
        : unknown;
  }

  /** The top of the call: what no handler expected ends here, logged once. */
  private Reply answer(Router.Match match, Request request, RequestBody body, String id) {
    try {
      return switch (match) {
        case Router.Match.Found(Router.Route route, Map<String, String> path) -> {
          Caller caller = router.gate().admit(route.access(), authorization(request), path);
          yield route.handler().handle(new Call(request, body, path, caller, id));
        }
        case Router.Match.WrongMethod(String allow) -> wrongMethod(allow).reply();
        case Router.Match.Unknown() -> UNKNOWN_PATH.reply();
      };
    } catch (ProblemException e) {
      return e.problem().reply();
    } catch (ClientGoneException e) {
      throw e;
    } catch (RuntimeException e) {
      LOG.atError()
          .addKeyValue("requestId", id)
          .addKeyValue("method", request.getMethod())
          .setCause(e)
          .log("A request failed: a fault of Posthorn, please report it with this trace");
      return INTERNAL.reply();
    }
  }

  private static final Problem UNKNOWN_PATH =
      Problem.of(
          ProblemType.NOT_FOUND,
          "there is no such call: GET /v1/openapi.yaml lists the ones there are");

  private static final Problem INTERNAL =
      Problem.of(
          ProblemType.INTERNAL,
          "this should not happen: try again, and report the X-Request-Id of this answer");

  private static Problem wrongMethod(String allow) {
    return new Problem(
        ProblemType.METHOD_NOT_ALLOWED,
        "this path takes " + allow + " only",
        null,
        Map.of("Allow", allow));
  }

  private static @Nullable String authorization(Request request) {
    List<HttpField> fields = request.getHeaders().getFields(HttpHeader.AUTHORIZATION);
    return fields.size() == 1 ? fields.getFirst().getValue() : null;
  }

  private static void send(
      Reply reply, String id, RequestBody body, Response response, Callback callback)
      throws java.io.IOException {
    response.setStatus(reply.status());
    var headers = response.getHeaders();
    headers.put(HttpHeader.CONTENT_TYPE, reply.contentType());
    headers.put(HttpHeader.CONTENT_LENGTH, reply.body().length);
    headers.put(REQUEST_ID, id);
    headers.put(HttpHeader.CACHE_CONTROL, "no-store");
    headers.put("X-Content-Type-Options", "nosniff");
    reply.headers().forEach(headers::put);
    ByteBuffer content = ByteBuffer.wrap(reply.body());
    if (body.unread()) {
      headers.put(HttpHeader.CONNECTION, "close");
      Content.Sink.write(response, true, content);
      body.drain(DRAIN_BYTES, DRAIN_TIME);
      callback.succeeded();
    } else {
      response.write(true, content, callback);
    }
  }
}
