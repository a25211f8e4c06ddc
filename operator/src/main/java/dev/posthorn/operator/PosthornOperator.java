package dev.posthorn.operator;

import dev.posthorn.core.expression.Expressions;
import dev.posthorn.core.resolve.ClusterResolver;
import dev.posthorn.core.signing.BuiltInSchemes;
import dev.posthorn.operator.cluster.ClusterCache;
import dev.posthorn.operator.cluster.Installations;
import dev.posthorn.operator.cluster.ServerClock;
import dev.posthorn.operator.pods.DispatcherPolls;
import dev.posthorn.operator.reconcile.Controllers;
import dev.posthorn.operator.reconcile.Watches;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.config.MeterFilter;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * The operator of one process, wired in plain sight: watches, reconcilers, the poll of pods, the
 * lease. Several processes may run; one leads, the others keep their caches warm.
 */
public final class PosthornOperator implements AutoCloseable {
  private static final Duration FIRST_LISTS = Duration.ofMinutes(2);

  private final ClusterCache cache;
  private final Installations installations;
  private final DispatcherPolls polls;
  private final Controllers controllers;
  private final CompletableFuture<Throwable> failure = new CompletableFuture<>();

  private PosthornOperator(
      OperatorOptions options,
      KubernetesClient client,
      ServerClock serverClock,
      MeterRegistry meters,
      InstantSource clock) {
    var watches = new Watches();
    this.cache = new ClusterCache(client, watches);
    this.installations = new Installations(client, watches);
    this.polls = new DispatcherPolls(cache, watches, clock);
    this.controllers =
        Controllers.of(
            new Controllers.Surroundings(
                client, cache, installations, polls, watches, meters, clock, serverClock),
            new ClusterResolver(BuiltInSchemes.load(), new Expressions(System::nanoTime)),
            options.settings(),
            new SecureRandom(),
            failure::complete);
  }

  /**
   * Starts all watches, then the reconcilers as soon as this process leads. Blocks until the
   * watches have their first lists.
   *
   * @param serverClock an interceptor of {@code client}
   * @throws RuntimeException if the API server refuses or does not answer; nothing runs then
   */
  public static PosthornOperator start(
      OperatorOptions options,
      KubernetesClient client,
      ServerClock serverClock,
      MeterRegistry meters,
      InstantSource clock) {
    var operator = new PosthornOperator(options, client, serverClock, meters, clock);
    try {
      operator.cache.start(FIRST_LISTS);
      operator.installations.start(FIRST_LISTS);
      operator.polls.start();
      operator.controllers.start();
      return operator;
    } catch (RuntimeException e) {
      operator.close();
      throw e;
    }
  }

  /**
   * Keeps out of the metrics what grows without end: the number of a retry is no label. To be set
   * before anything is measured.
   */
  public static MeterFilter meterFilter() {
    return MeterFilter.ignoreTags("reconciliations.retries.number", "reconciliations.retries.last");
  }

  /** What keeps it from its work now; empty when nothing does. */
  public List<String> missing() {
    var missing = new ArrayList<String>();
    if (!cache.live() || !installations.live() || !controllers.live()) {
      missing.add("a watch of the API server is broken; it is begun again by itself");
    }
    if (failure.isDone()) {
      missing.add("it leads no more and is about to end");
    }
    return missing;
  }

  /** Completes when it must end: it has lost the lease, or a watch cannot be read. */
  public CompletableFuture<Throwable> failure() {
    return failure;
  }

  /** Finishes what is being reconciled, gives the lease back, ends all watches. */
  @Override
  public void close() {
    controllers.close();
    polls.close();
    cache.close();
    installations.close();
  }
}
