package dev.posthorn.dispatcher;

import dev.posthorn.core.expression.Expressions;
import dev.posthorn.dispatcher.http.KubernetesCallers;
import dev.posthorn.dispatcher.http.Listen;
import dev.posthorn.dispatcher.http.OperatorCallers;
import dev.posthorn.dispatcher.snapshot.ConfigWatch;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.okhttp.OkHttpClientFactory;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * A dispatcher whose configuration comes from a cluster: it watches the config objects that the
 * operator writes, asks the API server who calls, and tells the operator what became of it all.
 */
public final class ClusterDispatcher {
  private static final int CONNECT_MILLIS = 5_000;
  private static final int REQUEST_MILLIS = 10_000;
  private static final long PING_MILLIS = 10_000;

  /** What a start led to. */
  public sealed interface Start {
    /** It runs, and is ready once it has its configuration. */
    record Started(ClusterDispatcher dispatcher) implements Start {}

    /**
     * It cannot run.
     *
     * @param message one sentence: what, why, and what to do
     */
    record Failed(String message) implements Start {}
  }

  private final KubernetesClient client;
  private final Dispatcher dispatcher;
  private final ConfigWatch watch;

  private ClusterDispatcher(KubernetesClient client, Dispatcher dispatcher, ConfigWatch watch) {
    this.client = client;
    this.dispatcher = dispatcher;
    this.watch = watch;
  }

  /**
   * Starts in the cluster that the environment names: a kubeconfig, or the ServiceAccount of the
   * Pod. Does not wait for the API server.
   */
  public static Start start(ClusterOptions options, InstantSource clock) {
    Config config =
        new ConfigBuilder(Config.autoConfigure(null))
            .withConnectionTimeout(CONNECT_MILLIS)
            .withRequestTimeout(REQUEST_MILLIS)
            .withRequestRetryBackoffLimit(0) // who needs it tries again, and callers wait
            .withWebsocketPingInterval(PING_MILLIS) // so that a dead watch is seen
            .build();
    KubernetesClient client =
        new KubernetesClientBuilder()
            .withHttpClientFactory(new OkHttpClientFactory())
            .withConfig(config)
            .build();
    Start start = start(options, client, clock);
    if (start instanceof Start.Failed) {
      client.close();
    }
    return start;
  }

  /** The same with a client that tests bring. */
  static Start start(ClusterOptions options, KubernetesClient client, InstantSource clock) {
    var operator = new OperatorCallers();
    var follower = new ConfigFollower(operator, clock);
    var callers = KubernetesCallers.of(client, options.namespace(), follower::tenancy, clock);
    var dispatcherOptions =
        new DispatcherOptions(
            options.data(),
            options.role(),
            options.store(),
            options.api(),
            options.management(),
            callers,
            new ClusterKeys(clock),
            options.consumer(),
            options.version(),
            options.drain());
    var side = new ClusterSide(operator, follower::seen);
    return switch (Dispatcher.start(dispatcherOptions, side, clock)) {
      case Dispatcher.Start.Failed(String message) -> new Start.Failed(message);
      case Dispatcher.Start.Started(Dispatcher dispatcher) -> {
        var watch =
            new ConfigWatch(
                client,
                options.namespace(),
                options.dispatcher(),
                new Expressions(System::nanoTime),
                follower,
                clock,
                dispatcher.failure()::complete);
        follower.follow(dispatcher, watch);
        watch.start();
        yield new Start.Started(new ClusterDispatcher(client, dispatcher, watch));
      }
    };
  }

  /** Where the API listens, if its role has one. */
  public Optional<Listen> api() {
    return dispatcher.api();
  }

  /** Where health, metrics and the operator's calls are. */
  public Listen management() {
    return dispatcher.management();
  }

  /** What was counted, for the last line of a run. */
  public Balance balance() {
    return dispatcher.balance();
  }

  /** Completes when an invariant broke: the process must end, and start again from the store. */
  public CompletableFuture<Throwable> failure() {
    return dispatcher.failure();
  }

  /** Stops: no more changes, then as {@link Dispatcher#stop}. */
  public void stop() {
    watch.close();
    dispatcher.stop();
    client.close();
  }
}
