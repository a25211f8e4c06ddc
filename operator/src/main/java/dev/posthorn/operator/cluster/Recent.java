package dev.posthorn.operator.cluster;

import dev.posthorn.core.config.ResourceName;
import io.fabric8.kubernetes.api.model.Secret;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What this process wrote and its watch has not shown yet, so that nothing is written twice.
 * Thread-safe.
 */
final class Recent {
  private final Map<ResourceName, Secret> written = new ConcurrentHashMap<>();

  /** Takes note of an answer of the API server. */
  void wrote(Secret secret) {
    written.put(Names.of(secret), secret);
  }

  /** A watch has shown that an object is gone: what was written before that is too. */
  void gone(Secret deleted) {
    written.computeIfPresent(
        Names.of(deleted), (name, own) -> version(own) > version(deleted) ? own : null);
  }

  /** Whether this very version was written here. */
  boolean isOwn(Secret watched) {
    Secret own = written.get(Names.of(watched));
    return own != null && version(own) == version(watched);
  }

  /** The newer of what a watch shows and what was written. */
  Optional<Secret> newest(ResourceName name, Optional<Secret> watched) {
    Secret own = written.get(name);
    if (own == null) {
      return watched;
    }
    if (watched.isPresent() && version(watched.get()) >= version(own)) {
      written.remove(name, own);
      return watched;
    }
    return Optional.of(own);
  }

  /** Resource versions are compared as integers, as Kubernetes promises since 1.35. */
  static long version(Secret secret) {
    return Long.parseLong(secret.getMetadata().getResourceVersion());
  }
}
