package dev.posthorn.operator.cluster;

import dev.posthorn.core.config.ResourceName;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/**
 * Writes config objects. Every write names the version that it replaces: one that was decided on
 * older knowledge, or by an operator that leads no more, is refused by the API server with 409.
 * Thread-safe; blocks.
 */
public final class ConfigObjects {
  private final KubernetesClient client;
  private final ClusterCache cache;

  /** Writes with {@code client} what {@code cache} shows. */
  public ConfigObjects(KubernetesClient client, ClusterCache cache) {
    this.client = client;
    this.cache = cache;
  }

  /**
   * Stores {@code config}, if it is not stored like that already.
   *
   * @param root owner of all config objects of the Dispatcher
   * @param sourceLives asked before something is made that was not there: whether its source still
   *     is, read from the API server
   * @return the version that holds it; empty if its source is gone
   * @throws KubernetesClientException 409 where somebody else was faster: look again
   */
  public Optional<Long> store(ConfigSecret config, ConfigMap root, BooleanSupplier sourceLives) {
    Secret wanted = config.secret(root);
    Optional<Secret> stored = cache.config(config.name());
    if (stored.isPresent() && ConfigSecret.same(stored.get(), wanted)) {
      return stored.map(Recent::version);
    }
    if (stored.isEmpty() && !sourceLives.getAsBoolean()) {
      return Optional.empty();
    }
    return Optional.of(
        Recent.version(stored.isPresent() ? replace(stored.get(), wanted) : create(wanted)));
  }

  private Secret create(Secret wanted) {
    return wrote(client.secrets().resource(wanted).create());
  }

  private Secret replace(Secret stored, Secret wanted) {
    Secret next =
        new SecretBuilder(wanted)
            .editMetadata()
            .withResourceVersion(stored.getMetadata().getResourceVersion())
            .endMetadata()
            .build();
    return wrote(client.secrets().resource(next).update());
  }

  private Secret wrote(Secret answer) {
    answer.getMetadata().setManagedFields(null);
    cache.recentConfigs().wrote(answer);
    return answer;
  }

  /** Removes a config object, if it is there. */
  public void remove(ResourceName secret) {
    cache
        .config(secret)
        .ifPresent(stored -> {
          client
              .secrets()
              .inNamespace(secret.namespace())
              .withName(secret.name())
              .lockResourceVersion(stored.getMetadata().getResourceVersion())
              .delete();
          cache.recentConfigs().gone(withLaterVersion(stored));
        });
  }

  /** The deletion itself has no answer with a version; what was written before it is gone. */
  private static Secret withLaterVersion(Secret deleted) {
    return new SecretBuilder(deleted)
        .editMetadata()
        .withResourceVersion(String.valueOf(Long.MAX_VALUE))
        .endMetadata()
        .build();
  }
}
