package dev.posthorn.operator.reconcile;

import dev.posthorn.core.resolve.ResourceRef;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Which object refers to which, as far as the reconcilers have looked at them. An object is put
 * here before what it refers to is read, so that no change between is missed. Thread-safe.
 */
final class ReferenceIndex {
  private final Map<ResourceRef, Set<ResourceRef>> targets = new HashMap<>(); // guarded by this
  private final Map<ResourceRef, Set<ResourceRef>> referrers = new HashMap<>(); // guarded by this

  /**
   * What {@code object} refers to from now on; nothing if it is gone.
   *
   * @return what it refers to now and did not before, or the other way round
   */
  synchronized Set<ResourceRef> put(ResourceRef object, Set<ResourceRef> now) {
    Set<ResourceRef> before = targets.getOrDefault(object, Set.of());
    var changed = new HashSet<>(before);
    changed.addAll(now);
    changed.removeIf(each -> before.contains(each) && now.contains(each));
    for (ResourceRef each : changed) {
      if (now.contains(each)) {
        referrers.computeIfAbsent(each, ref -> new TreeSet<>()).add(object);
      } else {
        remove(each, object);
      }
    }
    if (now.isEmpty()) {
      targets.remove(object);
    } else {
      targets.put(object, Set.copyOf(now));
    }
    return changed;
  }

  private void remove(ResourceRef target, ResourceRef referrer) {
    referrers.computeIfPresent(
        target,
        (ref, all) -> {
          all.remove(referrer);
          return all.isEmpty() ? null : all;
        });
  }

  /** What refers to {@code object}. */
  synchronized Set<ResourceRef> referrers(ResourceRef object) {
    return Set.copyOf(referrers.getOrDefault(object, Set.of()));
  }

  /** What {@code object} refers to. */
  synchronized Set<ResourceRef> targets(ResourceRef object) {
    return targets.getOrDefault(object, Set.of());
  }

  /** All objects that refer to something. */
  synchronized Set<ResourceRef> objects() {
    return Set.copyOf(targets.keySet());
  }
}
