package dev.posthorn.operator.reconcile;

import dev.posthorn.core.config.ConfigObject;
import dev.posthorn.core.resolve.Kind;
import dev.posthorn.core.resolve.ResourceRef;
import dev.posthorn.crds.EventStream;
import dev.posthorn.crds.SignatureScheme;
import dev.posthorn.crds.SigningSecret;
import dev.posthorn.crds.WebhookEndpoint;
import dev.posthorn.operator.cluster.ClusterCache;
import dev.posthorn.operator.cluster.ConfigObjects;
import dev.posthorn.operator.cluster.ConfigSecret;
import dev.posthorn.operator.cluster.Installations;
import dev.posthorn.operator.cluster.Live;
import dev.posthorn.operator.cluster.Names;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Removes config objects whose source is gone: those that were deleted while no operator looked,
 * when this process begins to lead and hourly; and the last good keys of a deleted SigningSecret
 * once no endpoint signs with them. A thread of its own from then to {@link #close}.
 */
final class Sweep implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Sweep.class);

  private static final Map<Kind, Class<? extends HasMetadata>> SOURCES =
      Map.of(
          Kind.WEBHOOK_ENDPOINT, WebhookEndpoint.class,
          Kind.SIGNING_SECRET, SigningSecret.class,
          Kind.SIGNATURE_SCHEME, SignatureScheme.class,
          Kind.EVENT_STREAM, EventStream.class);

  private final Live live;
  private final ClusterCache cache;
  private final ConfigObjects objects;
  private final Installations installations;
  private final Watches watches;
  private final SharedPlacing sharedPlacing;
  private volatile boolean leading;
  private final ScheduledExecutorService thread =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().name("posthorn-sweep").daemon().factory());

  Sweep(
      Live live,
      ClusterCache cache,
      ConfigObjects objects,
      Installations installations,
      Placing placing,
      Watches watches) {
    this.live = live;
    this.cache = cache;
    this.objects = objects;
    this.installations = installations;
    this.watches = watches;
    this.sharedPlacing = new SharedPlacing(cache, placing);
  }

  /** Sweeps now and then hourly. */
  void start() {
    leading = true;
    var _ = thread.scheduleWithFixedDelay(this::run, 1, 3600, TimeUnit.SECONDS);
  }

  /** Looks soon whether {@code shared} is gone and nothing refers to it. Any thread. */
  void look(ResourceRef shared) {
    if (leading) {
      var _ = thread.schedule(() -> removeIfOrphaned(shared), 1, TimeUnit.SECONDS);
    }
  }

  private void removeIfOrphaned(ResourceRef shared) {
    try {
      boolean gone =
          shared.kind() == Kind.SIGNING_SECRET
              ? cache.signingSecret(shared.name()).isEmpty()
              : cache.scheme(shared.name().name()).isEmpty();
      if (gone && unused(shared)) {
        sharedPlacing.withdraw(
            shared,
            shared.kind() == Kind.SIGNING_SECRET ? ConfigObject.KEYS : ConfigObject.SCHEME,
            Set.of());
      }
    } catch (KubernetesClientException e) {
      LOG.atWarn()
          .addKeyValue("object", shared)
          .addKeyValue("code", e.getCode())
          .log("A config object of a deleted object could not be removed; it is tried in an hour.");
    }
  }

  private void run() {
    try {
      sweep();
      installations.removeBindings(
          cache.dispatchers().stream().map(Names::of).collect(Collectors.toSet()));
    } catch (KubernetesClientException e) {
      LOG.atWarn()
          .addKeyValue("code", e.getCode())
          .log("Config objects of deleted objects could not be removed; it is tried in an hour.");
    }
  }

  private void sweep() {
    for (Secret secret : cache.configs()) {
      Optional<ResourceRef> source =
          ConfigSecret.source(secret).filter(ref -> SOURCES.containsKey(ref.kind()));
      if (source.isPresent() && !isThere(source.get()) && unused(source.get())) {
        objects.remove(Names.of(secret));
      }
    }
  }

  /** What no watch shows is asked for: one may be behind. */
  private boolean isThere(ResourceRef source) {
    return cache.knows(source)
        || live.exists(Objects.requireNonNull(SOURCES.get(source.kind())), source.name());
  }

  /** The last good keys of a deleted SigningSecret stay as long as an endpoint signs with them. */
  private boolean unused(ResourceRef source) {
    return watches.users(source, cache).isEmpty();
  }

  @Override
  public void close() {
    thread.shutdownNow();
  }
}
