package dev.posthorn.operator.reconcile;

import dev.posthorn.core.keyring.KeyringRecovery.Bootstrap;
import dev.posthorn.core.resolve.ClusterResolver;
import dev.posthorn.operator.cluster.ApiServers;
import dev.posthorn.operator.cluster.ClusterCache;
import dev.posthorn.operator.cluster.ConfigObjects;
import dev.posthorn.operator.cluster.Installations;
import dev.posthorn.operator.cluster.Keyrings;
import dev.posthorn.operator.cluster.LeanStore;
import dev.posthorn.operator.cluster.Live;
import dev.posthorn.operator.cluster.Names;
import dev.posthorn.operator.cluster.Occurrences;
import dev.posthorn.operator.cluster.PayloadKeys;
import dev.posthorn.operator.cluster.ServerClock;
import dev.posthorn.operator.cluster.VerificationSecrets;
import dev.posthorn.operator.pods.DispatcherPolls;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.informers.cache.ItemStore;
import io.javaoperatorsdk.operator.Operator;
import io.javaoperatorsdk.operator.api.config.ConfigurationServiceOverrider;
import io.javaoperatorsdk.operator.api.config.ControllerConfigurationOverrider;
import io.javaoperatorsdk.operator.api.reconciler.Reconciler;
import io.javaoperatorsdk.operator.monitoring.micrometer.MicrometerMetrics;
import io.javaoperatorsdk.operator.processing.retry.GenericRetry;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.time.InstantSource;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;

/** The reconcilers of all kinds under the Java Operator SDK, and the lease that says who leads. */
public final class Controllers implements AutoCloseable {
  private static final Duration FIRST_RETRY = Duration.ofSeconds(1);
  private static final Duration LONGEST_RETRY = Duration.ofMinutes(5);
  private static final Duration RESYNC = Duration.ofHours(1);
  private static final Duration STOP = Duration.ofSeconds(15);

  private final Operator operator;
  private final Leadership leadership;
  private final Sweep sweep;

  /**
   * What reconcilers work with; each is thread-safe.
   *
   * @param client the API server
   * @param cache what is watched of it
   * @param installations what Dispatchers are made of
   * @param polls what pods report
   * @param watches wakes reconcilers
   * @param meters takes their metrics
   * @param clock the time
   * @param serverClock the time of the API server
   */
  public record Surroundings(
      KubernetesClient client,
      ClusterCache cache,
      Installations installations,
      DispatcherPolls polls,
      Watches watches,
      MeterRegistry meters,
      InstantSource clock,
      ServerClock serverClock) {}

  /**
   * How reconcilers work.
   *
   * @param namespace of the operator, where the lease is
   * @param identity of this process
   * @param image that Dispatchers run which name none
   * @param bootstrap whether a keyring that is not there may be made
   * @param threads that reconcile at once
   */
  public record Settings(
      String namespace, String identity, String image, Bootstrap bootstrap, int threads) {}

  private Controllers(Operator operator, Leadership leadership, Sweep sweep) {
    this.operator = operator;
    this.leadership = leadership;
    this.sweep = sweep;
  }

  /**
   * Makes and registers all of them; {@link #start} begins.
   *
   * @param failed told why this process must end
   */
  public static Controllers of(
      Surroundings with,
      ClusterResolver resolver,
      Settings settings,
      RandomGenerator random,
      Consumer<Throwable> failed) {
    var live = new Live(with.client());
    var occurrences = new Occurrences(with.client(), settings.identity());
    var objects = new ConfigObjects(with.client(), with.cache());
    var placing = new Placing(with.cache(), objects, with.polls());
    var parts =
        new Parts(
            resolver,
            with.cache(),
            live,
            placing,
            with.polls(),
            new StatusWriter(occurrences),
            occurrences,
            with.watches(),
            with.clock(),
            with.serverClock());
    with.watches().podsChanged(with.polls()::podsChanged);
    var sweep =
        new Sweep(live, with.cache(), objects, with.installations(), placing, with.watches());
    with.watches().lost(sweep::look);
    var leadership =
        new Leadership(
            with.client(), settings.namespace(), settings.identity(), sweep::start, failed);
    var operator =
        new Operator(overrider -> configure(overrider, with, settings, leadership, failed));
    var keyrings =
        new KeyringHome(
            new Keyrings(with.client(), with.cache()), live, occurrences, settings.bootstrap());
    var home =
        new DispatcherHome(
            with.cache(),
            with.installations(),
            new ApiServers(with.client()),
            settings.image(),
            settings.namespace());
    var stores = new StoreHome(new PayloadKeys(with.client()), live, settings.bootstrap(), random);
    register(operator, new DispatcherReconciler(parts, home, stores, random));
    register(operator, new SchemeReconciler(parts));
    register(
        operator,
        new SigningSecretReconciler(
            parts, keyrings, new Verification(new VerificationSecrets(with.client())), random));
    register(operator, new EndpointReconciler(parts), with.cache().endpoints());
    register(operator, new StreamReconciler(parts), with.cache().streams());
    register(operator, new SourceReconciler(parts));
    return new Controllers(operator, leadership, sweep);
  }

  private static void configure(
      ConfigurationServiceOverrider overrider,
      Surroundings with,
      Settings settings,
      Leadership leadership,
      Consumer<Throwable> failed) {
    overrider
        .withKubernetesClient(with.client())
        .withCloseClientOnStop(false)
        .withConcurrentReconciliationThreads(settings.threads())
        .withReconciliationTerminationTimeout(STOP)
        .withLeaderElectionConfiguration(leadership.configuration())
        .withInformerStoppedHandler((informer, broken) -> {
          if (broken != null) {
            failed.accept(broken);
          }
        })
        .withMetrics(MicrometerMetrics.withoutPerResourceMetrics(with.meters()));
  }

  private static <P extends HasMetadata> void register(
      Operator operator, Reconciler<P> reconciler) {
    register(operator, reconciler, new LeanStore<>());
  }

  private static <P extends HasMetadata> void register(
      Operator operator, Reconciler<P> reconciler, ItemStore<P> store) {
    operator.register(reconciler, overrider -> settings(overrider, store));
  }

  /** Tries without end, tells of deletions, looks again now and then whatever happens. */
  private static <P extends HasMetadata> void settings(
      ControllerConfigurationOverrider<P> overrider, ItemStore<P> store) {
    overrider
        .withItemStore(store)
        .withFieldManager(Names.FIELD_MANAGER)
        .withTriggerReconcilerOnAllEvents(true)
        .withGenerationAware(true)
        .withReconciliationMaxInterval(RESYNC)
        .withRetry(
            new GenericRetry()
                .setInitialInterval(FIRST_RETRY)
                .setIntervalMultiplier(2)
                .setMaxInterval(LONGEST_RETRY.toMillis())
                .withoutMaxAttempts());
  }

  /** Begins to watch; reconciles once this process leads. */
  public void start() {
    operator.start();
  }

  /** Whether the reconcilers' own watches are up. */
  public boolean live() {
    return operator.getRuntimeInfo().allEventSourcesAreHealthy();
  }

  /** Whether this process leads. */
  public boolean leads() {
    return leadership.leads();
  }

  /** Finishes what is being reconciled, and gives the lease back. */
  @Override
  public void close() {
    sweep.close();
    leadership.resign(operator::stop);
  }
}
