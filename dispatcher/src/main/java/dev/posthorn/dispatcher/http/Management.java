package dev.posthorn.dispatcher.http;

import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/**
 * The calls for the platform, on a port of their own and without a token: {@code /livez}, {@code
 * /readyz}, {@code /metrics}. None of them shows a tenant.
 */
public final class Management {
  private static final String TEXT = "text/plain; version=0.0.4; charset=utf-8";

  private Management() {}

  /** The router of the management port. */
  public static Router router(Readiness readiness, PrometheusMeterRegistry metrics) {
    return new Router(
        List.of(
            open("/livez", call -> Reply.json(200, Map.of("live", true))),
            open("/readyz", call -> ready(readiness.missing())),
            open("/metrics", call -> scrape(metrics))),
        Callers.NONE);
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
