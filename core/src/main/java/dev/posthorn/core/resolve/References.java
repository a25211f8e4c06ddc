package dev.posthorn.core.resolve;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * Which object refers to which, whether it is there or not: what has to be looked at again when one
 * changes. Immutable once {@link #of} has returned it.
 */
public final class References {
  private final Map<ResourceRef, Set<ResourceRef>> targets = new TreeMap<>();
  private final Map<ResourceRef, Set<ResourceRef>> referrers = new TreeMap<>();

  private References() {}

  /** The references of all objects. */
  public static References of(Resources resources) {
    var references = new References();
    Stream.of(
            resources.endpoints(),
            resources.signingSecrets(),
            resources.streams(),
            resources.sources(),
            resources.dispatchers())
        .flatMap(List::stream)
        .forEach(object -> references.put(object.ref(), Targets.of(object)));
    return references;
  }

  private void put(ResourceRef from, Set<ResourceRef> to) {
    if (!to.isEmpty()) {
      targets.put(from, to);
    }
    to.forEach(each -> referrers.computeIfAbsent(each, ref -> new TreeSet<>()).add(from));
  }

  /** What {@code object} refers to. */
  public Set<ResourceRef> targets(ResourceRef object) {
    return Set.copyOf(targets.getOrDefault(object, Set.of()));
  }

  /** What refers to {@code object}. */
  public Set<ResourceRef> referrers(ResourceRef object) {
    return Set.copyOf(referrers.getOrDefault(object, Set.of()));
  }
}
