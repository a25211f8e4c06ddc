package dev.posthorn.cli.cluster;

import dev.posthorn.cli.terminal.Refusal;
import dev.posthorn.dispatcher.http.HttpServer;
import dev.posthorn.dispatcher.http.Listen;
import dev.posthorn.dispatcher.http.Management;
import dev.posthorn.dispatcher.http.Readiness.NotReady;
import dev.posthorn.dispatcher.http.ServerLimits;
import dev.posthorn.operator.OperatorOptions;
import dev.posthorn.operator.PosthornOperator;
import dev.posthorn.operator.cluster.ServerClock;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.okhttp.OkHttpClientFactory;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.InstantSource;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** An operator and its probes at work: the composition root of {@code operator}. */
public final class OperatorRun implements AutoCloseable {
  private final KubernetesClient client;
  private final HttpServer server;
  private volatile @Nullable PosthornOperator operator;

  private OperatorRun(KubernetesClient client, Listen management, PrometheusMeterRegistry meters) {
    this.client = client;
    this.server = listen(management, meters);
  }

  /**
   * Answers probes at once, and returns when all watches of the API server are up. Refuses with one
   * line, and leaves nothing running, what cannot work: a taken port, an API server that does not
   * answer, missing rights.
   */
  public static OperatorRun start(OperatorOptions options, Listen management, InstantSource clock) {
    var meters = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    meters.config().meterFilter(PosthornOperator.meterFilter());
    var serverClock = new ServerClock(clock);
    var run = new OperatorRun(client(serverClock), management, meters);
    try {
      run.operator = PosthornOperator.start(options, run.client, serverClock, meters, clock);
      return run;
    } catch (RuntimeException e) {
      run.close();
      throw Refusal.cannotStart(String.valueOf(e.getMessage()));
    }
  }

  /** Of the cluster that the environment names: a kubeconfig, or the Pod's ServiceAccount. */
  private static KubernetesClient client(ServerClock serverClock) {
    Config config =
        new ConfigBuilder(Config.autoConfigure(null))
            .withRequestRetryBackoffLimit(0) // reconcilers try again by themselves
            .withWebsocketPingInterval(10_000L) // so that a dead watch is seen
            .build();
    config.setMaxConcurrentRequests(256);
    config.setMaxConcurrentRequestsPerHost(256);
    return new KubernetesClientBuilder()
        .withHttpClientFactory(new OkHttpClientFactory())
        .withHttpClientBuilderConsumer(
            http -> http.addOrReplaceInterceptor("server-clock", serverClock))
        .withConfig(config)
        .build();
  }

  private HttpServer listen(Listen management, PrometheusMeterRegistry meters) {
    return switch (HttpServer.start(
        "management",
        management,
        ServerLimits.DEFAULT,
        Management.router(this::missing, meters),
        meters,
        new SplittableRandom())) {
      case HttpServer.Start.Listening(HttpServer started) -> started;
      case HttpServer.Start.Failed(String message) -> throw Refusal.cannotStart(message);
    };
  }

  private List<NotReady> missing() {
    PosthornOperator running = operator;
    return running == null
        ? List.of(new NotReady("watches", "the first lists of the API server are not complete yet"))
        : running.missing().stream().map(why -> new NotReady("operator", why)).toList();
  }

  /** Where health and metrics are. */
  public Listen management() {
    return server.listen();
  }

  /** Completes when it must end, which the log explains. */
  public CompletableFuture<Throwable> failure() {
    PosthornOperator running = operator;
    return running == null ? new CompletableFuture<>() : running.failure();
  }

  /** Finishes what is being reconciled, gives the lease back. */
  @Override
  public void close() {
    PosthornOperator running = operator;
    if (running != null) {
      running.close();
    }
    server.stop();
    client.close();
  }
}
