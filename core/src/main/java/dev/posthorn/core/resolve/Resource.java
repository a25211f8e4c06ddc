package dev.posthorn.core.resolve;

import java.util.Map;

/**
 * An object that was accepted as valid on its own.
 *
 * @param ref which one
 * @param labels its labels
 * @param content its {@code spec}, or its data
 * @param origin where it was written down
 */
public record Resource<T>(ResourceRef ref, Map<String, String> labels, T content, Origin origin) {
  /** Copies the labels. */
  public Resource {
    labels = Map.copyOf(labels);
  }

  /** The namespace; empty where the kind is cluster-scoped. */
  public String namespace() {
    return ref.name().namespace();
  }

  @Override
  public String toString() {
    return ref.toString();
  }
}
