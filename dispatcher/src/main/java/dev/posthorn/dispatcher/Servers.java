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
import org.jspecify.annotations.Nullable;

/** The HTTP servers of a dispatcher: health and metrics, and the API where its role has one. */
final class Servers {
  private final DispatcherOptions options;
  private final MeterRegistry meters;
  private final List<HttpServer> running = new ArrayList<>();
  private @Nullable HttpServer api;

  Servers(DispatcherOptions options, MeterRegistry meters) {
    this.options = options;
    this.meters = meters;
  }

  /** Starts them, health first; the reason where one cannot listen. */
  Optional<String> start(Router management, Router calls) {
    Optional<String> failed = listen("management", options.management(), management);
    if (failed.isPresent() || !options.role().serves()) {
      return failed;
    }
    failed = listen("api", options.api(), calls);
    if (failed.isEmpty()) {
      api = running.getLast();
    }
    return failed;
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

  /** Where the API listens, if its role has one. */
  Optional<Listen> api() {
    return Optional.ofNullable(api).map(HttpServer::listen);
  }

  /** Where health and metrics are. */
  Listen management() {
    return running.getFirst().listen();
  }

  /** Takes no calls any more, but those for health and metrics. */
  void stopApi() {
    if (api != null) {
      api.stop();
    }
  }

  void stop() {
    running.forEach(HttpServer::stop);
  }
}
