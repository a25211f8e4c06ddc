package dev.posthorn.dispatcher;

import dev.posthorn.core.config.Configuration;
import dev.posthorn.core.config.DispatcherSettings;
import dev.posthorn.core.config.KeyDenial;
import dev.posthorn.core.config.ResourceName;
import dev.posthorn.core.egress.EgressGuard;
import dev.posthorn.core.expression.Expressions;
import dev.posthorn.core.signing.BuiltInSchemes;
import dev.posthorn.dispatcher.accept.EventAcceptor;
import dev.posthorn.dispatcher.accept.SnapshotExplainer;
import dev.posthorn.dispatcher.accept.SystemEvents;
import dev.posthorn.dispatcher.api.Api;
import dev.posthorn.dispatcher.api.OperatorCalls;
import dev.posthorn.dispatcher.api.OperatorView;
import dev.posthorn.dispatcher.http.Listen;
import dev.posthorn.dispatcher.http.Management;
import dev.posthorn.dispatcher.http.Readiness.NotReady;
import dev.posthorn.dispatcher.http.Router;
import dev.posthorn.dispatcher.lane.Message;
import dev.posthorn.dispatcher.lane.Scheduler;
import dev.posthorn.dispatcher.lane.SchedulerThread;
import dev.posthorn.dispatcher.replay.ReplayRunner;
import dev.posthorn.dispatcher.replay.ReplayStep;
import dev.posthorn.dispatcher.send.OkHttpTransport;
import dev.posthorn.dispatcher.send.Preparation;
import dev.posthorn.dispatcher.send.SystemResolver;
import dev.posthorn.dispatcher.send.Transport;
import dev.posthorn.dispatcher.snapshot.Snapshot;
import dev.posthorn.dispatcher.snapshot.SnapshotCompiler;
import dev.posthorn.dispatcher.snapshot.Subscriber;
import dev.posthorn.dispatcher.source.StreamState;
import dev.posthorn.dispatcher.source.Streams;
import dev.posthorn.dispatcher.store.AuditEntry;
import dev.posthorn.dispatcher.store.Committed;
import dev.posthorn.dispatcher.store.DeliveryStore;
import dev.posthorn.dispatcher.store.EndpointRow;
import dev.posthorn.dispatcher.store.Erasure;
import dev.posthorn.dispatcher.store.Lane;
import dev.posthorn.dispatcher.store.Shared;
import dev.posthorn.dispatcher.store.StoreAnswer;
import dev.posthorn.dispatcher.store.StoreThread;
import dev.posthorn.dispatcher.store.StoreUnavailableException;
import dev.posthorn.dispatcher.store.Write;
import dev.posthorn.dispatcher.store.Written;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The dispatcher of one process, wired in plain sight: store and its thread, scheduler and its
 * thread, sender, acceptor, sources, HTTP. {@link #apply} gives it what to do, at the start as at
 * every change.
 */
public final class Dispatcher {
  /**
   * Memory for events that wait for their first attempt; beyond it they are read from the store.
   */
  private static final long CACHE_BYTES = 64L << 20;

  /** How long enabling an endpoint waits for the scheduler. */
  private static final Duration ENABLE = Duration.ofSeconds(5);

  /** What a start led to. */
  public sealed interface Start {
    /** It runs; give it a configuration. */
    record Started(Dispatcher dispatcher) implements Start {}

    /**
     * It cannot run.
     *
     * @param message one sentence: what, why, and what to do
     */
    record Failed(String message) implements Start {}
  }

  private final DispatcherOptions options;
  private final InstantSource clock;
  private final PrometheusMeterRegistry meters =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final Expressions expressions = new Expressions(System::nanoTime);
  private final SnapshotCompiler compiler =
      new SnapshotCompiler(expressions, BuiltInSchemes.load());
  private final EventCache cache = new EventCache(CACHE_BYTES);
  private final CompletableFuture<Throwable> failure = new CompletableFuture<>();
  private final DeliveryStore store;
  private final LiveLanes lanes;
  private final StoreThread storeThread;
  private final SchedulerThread scheduler;
  private final EndpointRegistry endpoints;
  private final Transport transport;
  private final CommandRunner commands;
  private final InFlight inFlight = new InFlight();
  private final DeliveryMeters deliveryMeters = new DeliveryMeters(meters);
  private final ReplayRunner replays;
  private final EventAcceptor acceptor;
  private final Streams streams;
  private final KeyWatch keyWatch;
  private final KeyMeters keyMeters;
  private final StoreMeters storeMeters;
  private final ErasedDeliveries erasedDeliveries = new ErasedDeliveries();
  private final TenantEraser eraser;
  private final LiveErasures erasures;
  private final Servers servers;
  private final Map<String, KeyDenial> denials = new ConcurrentHashMap<>();
  private final @Nullable ClusterSide cluster;
  private volatile @Nullable Snapshot snapshot;
  private volatile @Nullable Instant heldSince;
  private @Nullable Configuration declared; // guarded by this

  private Dispatcher(
      DispatcherOptions options,
      @Nullable ClusterSide cluster,
      InstantSource clock,
      DeliveryStore store,
      RandomGenerator random) {
    this.options = options;
    this.cluster = cluster;
    this.clock = clock;
    this.store = store;
    this.servers = new Servers(options, meters);
    this.lanes = new LiveLanes(store.isShared());
    this.endpoints = new EndpointRegistry(store.endpoints());
    store.denials().forEach(this::remember);
    this.transport = new OkHttpTransport(new SystemResolver(), clock);
    var systemEvents =
        new SystemEvents(
            this::snapshot, clock, () -> ThreadLocalRandom.current().nextLong(), meters);
    var announcer =
        new EndpointAnnouncer(systemEvents, this::snapshot, endpoints, directory(), clock);
    this.storeThread =
        new StoreThread(
            store,
            StoreThread.Limits.DEFAULT,
            () -> Kept.of(settings().retention()),
            announcer,
            clock,
            this::committed,
            failure::complete);
    this.commands = runner(announcer);
    this.scheduler = new SchedulerThread(new Scheduler(random), commands, clock, failure::complete);
    this.acceptor =
        new EventAcceptor(
            this::snapshot,
            storeThread::accept,
            storeThread::announce,
            store.log()::storedBytes,
            systemEvents,
            clock,
            () -> ThreadLocalRandom.current().nextLong(),
            meters);
    var rejects = new StreamAnnouncer(systemEvents, this::snapshot);
    this.streams =
        new Streams(
            options.consumer(),
            expressions,
            acceptor,
            (stream, record) -> storeThread.reject(record, rejects.rejected(stream, record)),
            () -> settings().limits().maxPayloadBytes(),
            meters,
            clock);
    var step =
        new ReplayStep(
            this::subscriber, store.log(), write -> LiveReplays.durable(storeThread, write));
    this.replays =
        new ReplayRunner(store.log().replays(), step, lanes::own, clock, failure::complete);
    this.keyWatch = new KeyWatch(this::snapshot, this::replan, new KeyAnnouncer(acceptor), clock);
    this.keyMeters = new KeyMeters(meters, this::snapshot, clock);
    this.storeMeters = new StoreMeters(meters, store.log(), endpoints, lanes, scheduler::sending);
    this.eraser =
        new TenantEraser(
            this::snapshot, endpoints, cache, commands, storeThread, this::tellScheduler);
    this.erasures = new LiveErasures(store.log(), this::erase);
  }

  private CommandRunner runner(EndpointAnnouncer announcer) {
    var attempts =
        new DeliveryAttempts(
            this::snapshot,
            cache,
            store.log(),
            new Preparation(options.version()),
            transport,
            store::maySend,
            this::unsignable,
            clock,
            DeliveryAttempts::sleep);
    return new CommandRunner(
        attempts, storeThread, endpoints, deliveryMeters, inFlight, announcer, this::tellScheduler);
  }

  /**
   * Opens the store, starts the threads and listens. Without a configuration it is not ready.
   *
   * @param clock the time, for everything
   */
  public static Start start(DispatcherOptions options, InstantSource clock) {
    return start(options, null, clock);
  }

  /** The same, which answers the operator of a cluster too. */
  static Start start(
      DispatcherOptions options, @Nullable ClusterSide cluster, InstantSource clock) {
    DeliveryStore store;
    try {
      store = options.store().open(options.data(), options.role());
    } catch (IllegalArgumentException | StoreUnavailableException unusable) {
      return new Start.Failed(String.valueOf(unusable.getMessage()));
    }
    var dispatcher = new Dispatcher(options, cluster, clock, store, new SplittableRandom());
    store.erasing().forEach(dispatcher::resume);
    dispatcher.storeThread.start();
    dispatcher.scheduler.start();
    dispatcher.keyWatch.start();
    dispatcher.replays.start();
    Optional<String> reason = dispatcher.listen();
    if (reason.isPresent()) {
      dispatcher.stop();
      return new Start.Failed(reason.get());
    }
    return new Start.Started(dispatcher);
  }

  /**
   * Makes a configuration the one that counts. Blocks until new endpoints have their numbers in the
   * store; one thread at a time.
   */
  public synchronized void apply(Configuration configuration) {
    declared = configuration;
    endpoints.register(configuration, storeThread);
    endpoints.declared(configuration.endpoints().keySet(), clock.instant(), storeThread);
    Configuration allowed = configuration.without(denials.values());
    Snapshot next = compiler.compile(allowed, endpoints.numbers(), snapshot);
    snapshot = next;
    replan();
    keyWatch.wake();
    if (options.role().sends()) {
      streams.apply(
          next.streams(), new EgressGuard(next.settings().egress()), next.settings().suspended());
    }
  }

  private void replan() {
    Snapshot present = snapshot;
    if (present != null) {
      tellScheduler(
          new Message.Configured(
              SchedulerPlan.of(present, endpoints::row, heldSince != null, clock.instant())));
    }
  }

  /**
   * Holds all sending, or releases it; accepting goes on, what is in flight ends.
   *
   * @param since since when changes of the configuration do not arrive; null releases
   */
  void hold(@Nullable Instant since) {
    heldSince = since;
    replan();
  }

  /** What everything counts with. */
  MeterRegistry meters() {
    return meters;
  }

  private void unsignable() {
    keyMeters.unsigned();
    keyWatch.wake();
  }

  /** Whether each stream is read. */
  Map<ResourceName, StreamState> streams() {
    return streams.states();
  }

  /** Keys that may not sign, whatever the keyrings of a configuration say. */
  public List<KeyDenial> denials() {
    return List.copyOf(denials.values());
  }

  private synchronized void deny(KeyDenial denial) {
    remember(denial);
    if (declared != null) {
      apply(declared);
    }
  }

  private void remember(KeyDenial denial) {
    denials.put(key(denial), denial);
  }

  private static String key(KeyDenial denial) {
    return denial.keyringId() + "/" + denial.keyId();
  }

  /** Where the API listens, if its role has one. */
  public Optional<Listen> api() {
    return servers.api();
  }

  /** Where health and metrics are. */
  public Listen management() {
    return servers.management();
  }

  /** What was counted, for the last line of a run. */
  public Balance balance() {
    return storeMeters.balance();
  }

  /** Completes when an invariant broke: the process must end, and start again from the store. */
  public CompletableFuture<Throwable> failure() {
    return failure;
  }

  /**
   * Stops: takes nothing new, lets what is in flight finish as long as the options say, writes what
   * waits. Deliveries that are left stay open in the store.
   */
  public void stop() {
    streams.close();
    replays.close();
    servers.stopApi();
    tellScheduler(new Message.Drain());
    commands.awaitDrained(options.drain());
    transport.close();
    keyWatch.close();
    scheduler.close();
    storeThread.close();
    servers.stop();
    store.close();
  }

  private Optional<String> listen() {
    Router api =
        Api.router(
            new Api.Parts(
                options.callers(),
                acceptor,
                store.log(),
                directory(),
                new LiveKeys(this::snapshot, storeThread, this::deny, options.keys()),
                new LiveReplays(storeThread, inFlight, replays::wake),
                new SnapshotExplainer(this::snapshot),
                erasures,
                () -> settings().limits().maxPayloadBytes(),
                clock));
    return servers.start(management(cluster), api);
  }

  private Router management(@Nullable ClusterSide side) {
    return side == null
        ? Management.router(this::missing, meters)
        : Management.router(
            this::missing, meters, OperatorCalls.routes(operatorView(side)), side.operator());
  }

  private OperatorView operatorView(ClusterSide side) {
    String process = Long.toHexString(clock.millis());
    var transitions =
        new EndpointTransitions(this::snapshot, directory(), lanes::own, clock, process);
    return new LiveOperatorView(side.config(), transitions);
  }

  private LiveEndpoints directory() {
    return new LiveEndpoints(
        this::snapshot, () -> heldSince, endpoints, store.log(), this::enable, clock);
  }

  private void enable(EndpointRow row, AuditEntry entry) {
    StoreAnswer.await(storeThread.audit(entry, null));
    CompletableFuture<EndpointRow> changed = endpoints.nextHealth(row.number());
    if (lanes.own(row.tenant())) {
      tellScheduler(new Message.Enable(row.number()));
    } else {
      storeThread.askEnable(row.number());
    }
    try {
      EndpointRow enabled = changed.get(ENABLE.toMillis(), TimeUnit.MILLISECONDS);
      // The store thread writes in order: what comes after the change is durable after it.
      storeThread
          .register(new Write.Register(enabled.name(), enabled.tenant(), Lane.of(enabled.tenant())))
          .join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException | TimeoutException e) {
      throw new StoreUnavailableException("the scheduler did not answer: try again", false, e);
    }
  }

  /** An earlier process began to erase a tenant; the store goes on by itself. */
  private void resume(String tenant) {
    store.log().erasure(tenant).ifPresent(erasedDeliveries::before);
    eraser.resume(tenant);
  }

  private synchronized CompletableFuture<Written.Begun> erase(AuditEntry entry) {
    return eraser.begin(entry);
  }

  private void committed(Committed committed) {
    hear(committed.shared());
    for (Committed.AcceptedEvent event : committed.accepted()) {
      if (lanes.own(event.event().published().tenant())) {
        cache.put(event.seq(), event.event(), event.targets().size());
      }
    }
    inFlight.committed(committed);
    deliveryMeters.committed(committed);
    tellScheduler(new Message.Stored(committed));
    committed.erased().forEach(this::erased);
  }

  /** What other processes did that use the same database. */
  private void hear(Shared shared) {
    lanes.hear(shared);
    endpoints.refresh(shared.endpoints());
    Shared.Ownership ownership = shared.ownership();
    if (ownership != null && !ownership.anew()) {
      endpoints.refresh(ownership.gained());
    }
    List<String> erasing = shared.erasing();
    if (erasing != null) {
      erasing.forEach(eraser::follow);
    }
    for (KeyDenial denial : shared.denials()) {
      if (!denials.containsKey(key(denial))) {
        // Not on this thread, which new endpoints wait for.
        Thread.ofVirtual().start(() -> deny(denial));
      }
    }
  }

  private void erased(Committed.Erased erased) {
    deliveryMeters.erased(erasedDeliveries.more(erased));
    Erasure completed = erased.completed();
    if (completed != null) {
      cache.forget(completed.tenant());
      erasures.completed(completed);
    }
  }

  private void tellScheduler(Message message) {
    scheduler.tell(message);
  }

  private List<NotReady> missing() {
    var missing = new ArrayList<NotReady>();
    if (snapshot == null) {
      missing.add(new NotReady("config", "the first configuration is not complete yet"));
    }
    String unavailable = storeThread.whyUnavailable();
    if (unavailable != null) {
      missing.add(new NotReady("store", unavailable));
    }
    if (failure.isDone()) {
      missing.add(new NotReady("engine", "the engine has stopped: restart the process"));
    }
    return missing;
  }

  private Optional<Subscriber> subscriber(String tenant, int endpoint) {
    Snapshot present = snapshot;
    return present == null ? Optional.empty() : present.subscribers(tenant).find(endpoint);
  }

  private @Nullable Snapshot snapshot() {
    return snapshot;
  }

  private DispatcherSettings settings() {
    Snapshot present = snapshot;
    return present == null ? DispatcherSettings.DEFAULT : present.settings();
  }
}
