package dev.posthorn.core.resolve;

import dev.posthorn.core.config.ResourceName;
import java.util.Comparator;

/**
 * Which object, of all kinds.
 *
 * @param kind its kind
 * @param name its name; the namespace is empty where the kind is cluster-scoped
 */
public record ResourceRef(Kind kind, ResourceName name) implements Comparable<ResourceRef> {
  private static final Comparator<ResourceRef> ORDER =
      Comparator.comparing(ResourceRef::kind).thenComparing(ResourceRef::name);

  @Override
  public int compareTo(ResourceRef other) {
    return ORDER.compare(this, other);
  }

  /** {@code Kind/name}, as findings spell it. */
  @Override
  public String toString() {
    return kind + "/" + name.name();
  }
}
