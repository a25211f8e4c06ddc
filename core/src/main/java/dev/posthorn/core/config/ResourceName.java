package dev.posthorn.core.config;

/**
 * Where a namespaced resource stands: the identity of an endpoint or signing secret everywhere,
 * over deletion and re-creation too.
 *
 * @param namespace the namespace; in standalone mode {@code default} where the manifest names none
 * @param name the name, a DNS label
 */
public record ResourceName(String namespace, String name) implements Comparable<ResourceName> {
  @Override
  public int compareTo(ResourceName other) {
    int byNamespace = namespace.compareTo(other.namespace);
    return byNamespace != 0 ? byNamespace : name.compareTo(other.name);
  }

  /** {@code namespace/name}, as conditions, logs and the API spell it. */
  @Override
  public String toString() {
    return namespace + "/" + name;
  }
}
