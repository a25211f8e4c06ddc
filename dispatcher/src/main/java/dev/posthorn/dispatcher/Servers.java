package dev.posthorn.dispatcher;

import dev.posthorn.dispatcher.http.HttpServer;
import dev.posthorn.dispatcher.http.Listen;
import dev.posthorn.dispatcher.http.Router;
import dev.posthorn.dispatcher.http.ServerLimits;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;

/** The two HTTP servers of a dispatcher: health and metrics, and the API. */
final class Servers {
  private final DispatcherOptions options;
  private final MeterRegistry meters;
  private final List<HttpServer> running = new ArrayList<>();

  Servers(DispatcherOptions options, MeterRegistry meters) {
    this.options = options;
    this.meters = meters;
  }

  /** Starts both, health first; the reason where one cannot listen. */
  Optional<String> start(Router management, Router api) {
    Optional<String> failed = listen("management", options.management(), management);
    return failed.isPresent() ? failed : listen("api", options.api(), api);
  }

  private Optional<String> listen(String name, Listen where, Router router) {
    var limits =
        new ServerLimits(
            ServerLimits.DEFAULT.headerBytes(),
            ServerLimits.DEFAULT.connections(),
            ServerLimits.DEFAULT.idle(),
            ServerLimits.DEFAULT.body(),
            options.drain());
    return switch (HttpServer.start(name, where, limits, router, meters, new SplittableRandom())) {
      case HttpServer.Start.Failed(var message) -> Optional.of(message);
      case HttpServer.Start.Listening(var server) -> {
        running.add(server);
        yield Optional.empty();
      }
    };
  }

  /** Where the API listens. */
  Listen api() {
    return running.getLast().listen();
  }

  /** Where health and metrics are. */
  Listen management() {
    return running.getFirst().listen();
  }

  /** Takes no calls any more, but those for health and metrics. */
  void stopApi() {
    running.reversed().stream().limit(1).forEach(HttpServer::stop);
  }

  void stop() {
    running.forEach(HttpServer::stop);
  }
}
