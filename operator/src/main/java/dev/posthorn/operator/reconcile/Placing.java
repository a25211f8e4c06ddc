package dev.posthorn.operator.reconcile;

import dev.posthorn.core.config.ConfigObject;
import dev.posthorn.core.config.ResourceName;
import dev.posthorn.core.resolve.ResourceRef;
import dev.posthorn.crds.Condition;
import dev.posthorn.crds.ConditionType;
import dev.posthorn.operator.cluster.ClusterCache;
import dev.posthorn.operator.cluster.ConfigObjects;
import dev.posthorn.operator.cluster.ConfigSecret;
import dev.posthorn.operator.pods.DispatcherPolls;
import dev.posthorn.operator.pods.Seen;
import io.fabric8.kubernetes.api.model.ConfigMap;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** Stores config objects and follows them into the pods. Thread-safe; blocks. */
final class Placing {
  private final ClusterCache cache;
  private final ConfigObjects objects;
  private final DispatcherPolls polls;

  Placing(ClusterCache cache, ConfigObjects objects, DispatcherPolls polls) {
    this.cache = cache;
    this.objects = objects;
    this.polls = polls;
  }

  /** What is stored for {@code source} in the namespace of a Dispatcher; empty if nothing is. */
  <T extends Record> Optional<T> stored(
      ResourceName dispatcher, ConfigObject kind, ResourceRef source, Class<T> type) {
    return cache
        .config(ConfigSecret.name(dispatcher.namespace(), kind, source.name()))
        .flatMap(secret -> ConfigSecret.read(secret, type));
  }

  /** Whether anything is stored for {@code source}. */
  boolean isStored(ResourceName dispatcher, ConfigObject kind, ResourceName source) {
    return cache.config(ConfigSecret.name(dispatcher.namespace(), kind, source)).isPresent();
  }

  /**
   * Stores {@code config} for the Dispatcher.
   *
   * @param sourceLives asked before something is made that was not there
   */
  Placement store(ResourceName dispatcher, ConfigSecret config, BooleanSupplier sourceLives) {
    Optional<ConfigMap> root = cache.configRoot(dispatcher);
    if (root.isEmpty()) {
      return new Placement.Waits(
          "Dispatcher " + dispatcher + " is being set up; see its conditions");
    }
    return objects
        .store(config, root.get(), sourceLives)
        .<Placement>map(version -> new Placement.Stored(config.name().name(), version))
        .orElseGet(Placement.None::new);
  }

  /** Removes what is stored for {@code source}, if anything is. */
  void remove(ResourceName dispatcher, ConfigObject kind, ResourceRef source) {
    objects.remove(ConfigSecret.name(dispatcher.namespace(), kind, source.name()));
    polls.forget(dispatcher, source);
  }

  /**
   * The condition {@code Programmed}; the source is woken once that changes.
   *
   * @param former the conditions in the status
   */
  Stated programmed(
      ResourceName dispatcher,
      ResourceRef source,
      Placement placement,
      List<Condition> former,
      @Nullable Long generation) {
    Seen seen = polls.seen(dispatcher);
    boolean latched = Conditions.holds(ConditionType.Programmed, former, generation);
    Stated stated = placement.programmed(seen, latched);
    if (placement instanceof Placement.Stored(String secret, long version) && !stated.holds()) {
      polls.await(dispatcher, source, secret, version, seen.verdict(secret, version));
    } else {
      polls.forget(dispatcher, source);
    }
    return stated;
  }
}
