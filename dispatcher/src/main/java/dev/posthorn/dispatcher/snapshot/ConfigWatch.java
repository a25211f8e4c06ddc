package dev.posthorn.dispatcher.snapshot;

import dev.posthorn.core.config.ConfigObject;
import dev.posthorn.core.config.Configuration;
import dev.posthorn.core.expression.Expressions;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lists and watches the config objects of a Dispatcher, and hands over all of them as one
 * configuration: after the first full list, then after each change, the latest state whatever came
 * in between. A thread of its own from {@link #start} to {@link #close}.
 */
public final class ConfigWatch implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ConfigWatch.class);

  /** A burst of changes is one change. */
  private static final long PAUSE_MILLIS = 50;

  /** Looks at the watch itself so often. */
  private static final long LOOK_MILLIS = 1_000;

  private static final long PAGE = 500;

  /** What is told, all of it on the watch's own thread. */
  public interface Listener {
    /**
     * All config objects there are.
     *
     * @param operatorToken by which the operator is known; null for none
     * @return whether it is in effect; if not, it is told again in a second
     */
    boolean configured(Configuration configuration, @Nullable String operatorToken);

    /** How old the configuration may be; every second. */
    void looked(Staleness staleness);
  }

  /** A config object that is not in effect as it is written now. */
  public record Rejected(String object, String error) {}

  /**
   * How far the watch has come.
   *
   * @param version the highest resourceVersion of which all is in effect; null before the first
   * @param rejected what is not, by name
   */
  public record Progress(@Nullable String version, List<Rejected> rejected) {}

  private final SharedIndexInformer<Secret> informer;
  private final ConfigReader reader;
  private final Listener listener;
  private final InstantSource clock;
  private final Thread thread;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final AtomicBoolean dirty = new AtomicBoolean();
  private boolean wanted; // guarded by lock
  private boolean closed; // guarded by lock
  private ConfigState state = ConfigState.EMPTY;
  private boolean watched;
  private @Nullable Configuration inEffect;
  private @Nullable String token;
  private volatile Staleness staleness;
  private volatile Progress progress = new Progress(null, List.of());

  /**
   * Prepares the watch.
   *
   * @param namespace of the Dispatcher
   * @param dispatcher its name
   * @param failed hears what nobody foresaw; the thread has ended then
   */
  public ConfigWatch(
      KubernetesClient client,
      String namespace,
      String dispatcher,
      Expressions expressions,
      Listener listener,
      InstantSource clock,
      Consumer<Throwable> failed) {
    this.reader = new ConfigReader(expressions, dispatcher);
    this.listener = listener;
    this.clock = clock;
    this.staleness = new Staleness(false, clock.instant());
    this.informer =
        client
            .secrets()
            .inNamespace(namespace)
            .withLabel(ConfigObject.LABEL)
            .withLimit(PAGE)
            .runnableInformer(0);
    this.thread =
        Thread.ofPlatform()
            .name("posthorn-config")
            .daemon()
            .uncaughtExceptionHandler((_, broken) -> failed.accept(broken))
            .unstarted(this::run);
  }

  /** Starts to list; does not wait for it. An API server that is away is tried for ever. */
  public void start() {
    informer.exceptionHandler((_, problem) -> retry(problem));
    informer.addEventHandler(new Wake());
    informer.start();
    thread.start();
  }

  private static boolean retry(Throwable problem) {
    LOG.atWarn()
        .addKeyValue("problem", problem.getMessage())
        .log(
            "Config objects cannot be listed or watched; tried again. If it lasts: is the API"
                + " server reachable, and may this ServiceAccount list and watch Secrets here?");
    return true;
  }

  /** How far it has come. Any thread. */
  public Progress progress() {
    return progress;
  }

  /** How old the configuration may be, as of now. Any thread. */
  public Staleness staleness() {
    return informer.isWatching() ? staleness : staleness.looked(false, clock.instant());
  }

  private void run() {
    while (await()) {
      look();
    }
  }

  private void look() {
    // Read before the objects, so that these are at least as new.
    String version = informer.lastSyncResourceVersion();
    boolean news = dirty.getAndSet(false) || !Objects.equals(version, progress.version());
    if (informer.hasSynced() && version != null && news) {
      take(version);
    }
    // At two looks in a row: what was missed in between is in effect before it counts as fresh.
    boolean watching = informer.isWatching();
    staleness = staleness.looked(watching && watched, clock.instant());
    watched = watching;
    listener.looked(staleness);
  }

  private void take(String version) {
    List<ConfigSecret> present =
        informer.getStore().list().stream().map(ConfigWatch::secret).toList();
    state = state.with(present, reader);
    List<Rejected> rejected =
        state.rejected().stream().map(each -> new Rejected(each.object(), each.error())).toList();
    tell(rejected);
    Optional<Configuration> next = state.configuration();
    boolean live = next.isEmpty() || hand(next.get());
    dirty.compareAndSet(false, !live);
    progress =
        new Progress(live ? highest(version, progress.version()) : progress.version(), rejected);
  }

  /** Versions are numbers of up to 64 bits; a deletion may carry one that was seen before. */
  private static String highest(String version, @Nullable String former) {
    return former == null
            || Long.compareUnsigned(Long.parseUnsignedLong(version), Long.parseUnsignedLong(former))
                > 0
        ? version
        : former;
  }

  private boolean hand(Configuration next) {
    if (next.equals(inEffect) && Objects.equals(token, state.operatorToken())) {
      return true;
    }
    boolean live = listener.configured(next, state.operatorToken());
    if (live) {
      inEffect = next;
      token = state.operatorToken();
    }
    return live;
  }

  /** Each new rejection once. */
  private void tell(List<Rejected> rejected) {
    rejected.stream()
        .filter(each -> !progress.rejected().contains(each))
        .forEach(each ->
            LOG.atWarn()
                .addKeyValue("object", each.object())
                .addKeyValue("error", each.error())
                .log("A config object is refused; its last good state stays in effect."));
  }

  private static ConfigSecret secret(Secret secret) {
    var metadata = secret.getMetadata();
    Map<String, String> labels = metadata.getLabels();
    Map<String, String> data = secret.getData();
    return new ConfigSecret(
        metadata.getName(),
        metadata.getResourceVersion(),
        secret.getType(),
        labels == null ? null : labels.get(ConfigObject.LABEL),
        data == null ? Map.of() : data);
  }

  /** Waits for a change, at most until the next look; false when it is closed. */
  private boolean await() {
    lock.lock();
    try {
      long left = TimeUnit.MILLISECONDS.toNanos(LOOK_MILLIS);
      while (!wanted && !closed && left > 0) {
        left = changed.awaitNanos(left);
      }
      long pause = wanted ? TimeUnit.MILLISECONDS.toNanos(PAUSE_MILLIS) : 0;
      while (!closed && pause > 0) {
        pause = changed.awaitNanos(pause);
      }
      wanted = false;
      return !closed;
    } catch (InterruptedException e) {
      return false;
    } finally {
      lock.unlock();
    }
  }

  private void signal(boolean close) {
    dirty.set(true);
    lock.lock();
    try {
      wanted = true;
      closed |= close;
      changed.signal();
    } finally {
      lock.unlock();
    }
  }

  /** What changed is found by looking. */
  private final class Wake implements ResourceEventHandler<Secret> {
    @Override
    public void onList(String version, boolean empty) {
      signal(false);
    }

    @Override
    public void onAdd(Secret secret) {
      signal(false);
    }

    @Override
    public void onUpdate(Secret before, Secret now) {
      signal(false);
    }

    @Override
    public void onDelete(Secret secret, boolean unknown) {
      signal(false);
    }
  }

  /** Watches nothing more; waits for a hand-over that is under way. */
  @Override
  public void close() {
    informer.close();
    signal(true);
    try {
      thread.join();
    } catch (InterruptedException hurry) {
      Thread.currentThread().interrupt();
    }
  }
}
