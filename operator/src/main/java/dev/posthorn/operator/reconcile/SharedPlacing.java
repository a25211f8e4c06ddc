package dev.posthorn.operator.reconcile;

import dev.posthorn.core.config.ConfigObject;
import dev.posthorn.core.config.ResourceName;
import dev.posthorn.core.resolve.ResourceRef;
import dev.posthorn.crds.Condition;
import dev.posthorn.crds.ConditionType;
import dev.posthorn.crds.Reason;
import dev.posthorn.operator.cluster.ClusterCache;
import dev.posthorn.operator.cluster.ConfigSecret;
import dev.posthorn.operator.cluster.Names;
import dev.posthorn.operator.reconcile.Stated.Truth;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Config objects that go to every Dispatcher with an object that refers to their source, and to no
 * other: keys lie nowhere where nobody signs with them. Thread-safe; blocks.
 */
final class SharedPlacing {
  private final ClusterCache cache;
  private final Placing placing;

  SharedPlacing(ClusterCache cache, Placing placing) {
    this.cache = cache;
    this.placing = placing;
  }

  /**
   * Stores {@code config} with all {@code users}, and removes it elsewhere.
   *
   * @param config empty: what is stored stays
   * @param sourceLives asked before something is made that was not there
   * @return what came of it, by user
   */
  Map<ResourceName, Placement> place(
      ResourceRef source,
      ConfigObject kind,
      Optional<? extends Record> config,
      Set<ResourceName> users,
      BooleanSupplier sourceLives) {
    withdraw(source, kind, users);
    var placements = new TreeMap<ResourceName, Placement>();
    for (ResourceName user : users) {
      Placement kept =
          placing.isStored(user, kind, source.name()) ? new Placement.Kept() : new Placement.None();
      placements.put(
          user,
          config
              .map(each -> new ConfigSecret(user.namespace(), kind, source, each))
              .map(each -> placing.store(user, each, sourceLives))
              .orElse(kept));
    }
    return placements;
  }

  /** Removes it where no user is. */
  void withdraw(ResourceRef source, ConfigObject kind, Set<ResourceName> users) {
    cache.dispatchers().stream()
        .map(Names::of)
        .filter(dispatcher -> !users.contains(dispatcher))
        .forEach(dispatcher -> placing.remove(dispatcher, kind, source));
  }

  /** The condition {@code Programmed}: with all users, or there is none. */
  Stated programmed(
      ResourceRef source,
      Map<ResourceName, Placement> placements,
      List<Condition> former,
      @Nullable Long generation) {
    if (placements.isEmpty()) {
      return Stated.of(
          ConditionType.Programmed, Truth.True, Reason.NotReferenced, "no object refers to it");
    }
    var all = new ArrayList<Stated>();
    placements.forEach((user, placement) ->
        all.add(placing.programmed(user, source, placement, former, generation)));
    return all.stream().filter(each -> !each.holds()).findFirst().orElseGet(all::getFirst);
  }
}
