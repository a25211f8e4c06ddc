package dev.posthorn.dispatcher.http;

import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The calls for the platform, on a port of their own: {@code /livez}, {@code /readyz}, {@code
 * /metrics}, without a token and without a word about a tenant; in a cluster also those of the
 * operator, with its token.
 */
public final class Management {
  private static final String TEXT = "text/plain; version=0.0.4; charset=utf-8";

  private Management() {}

  /** The router of the management port. */
  public static Router router(Readiness readiness, PrometheusMeterRegistry metrics) {
    return router(readiness, metrics, List.of(), Callers.NONE);
  }

  /**
   * The router of the management port, with more calls.
   *
   * @param more of the operator
   * @param callers who the operator is
   */
  public static Router router(
      Readiness readiness,
      PrometheusMeterRegistry metrics,
      List<Router.Route> more,
      Callers callers) {
    var routes = new ArrayList<Router.Route>();
    routes.add(open("/livez", call -> Reply.json(200, Map.of("live", true))));
    routes.add(open("/readyz", call -> ready(readiness.missing())));
    routes.add(open("/metrics", call -> scrape(metrics)));
    routes.addAll(more);
    return new Router(routes, callers);
  }

  private static Router.Route open(String path, Router.Handler handler) {
    return new Router.Route(Router.Method.GET, path, new Access.Open(), handler);
  }

  private static Reply ready(List<Readiness.NotReady> missing) {
    return missing.isEmpty()
        ? Reply.json(200, Map.of("ready", true))
        : Reply.json(503, new Unready(false, missing));
  }

  private static Reply scrape(PrometheusMeterRegistry metrics) {
    return Reply.bytes(TEXT, metrics.scrape(TEXT).getBytes(StandardCharsets.UTF_8));
  }

  private record Unready(boolean ready, List<Readiness.NotReady> missing) {}
}
