package dev.posthorn.operator.cluster;

import dev.posthorn.core.config.ResourceName;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClient;

/** Asks the API server itself, where what a watch shows is not enough. Thread-safe; blocks. */
public record Live(KubernetesClient client) {
  /**
   * Whether {@code object}, and no later one of the same name, is still there. Asked before
   * something is made for it: after an outage one watch may know that it is gone and another not,
   * and what is made for a dead object is removed and made again without end.
   */
  public boolean exists(HasMetadata object) {
    HasMetadata found = client.resource(object).get();
    return found != null
        && found.getMetadata().getUid().equals(object.getMetadata().getUid())
        && found.getMetadata().getDeletionTimestamp() == null;
  }

  /** Whether an object of this kind and name is there, whichever. */
  public <T extends HasMetadata> boolean exists(Class<T> type, ResourceName name) {
    var all = client.resources(type);
    return name.namespace().isEmpty()
        ? all.withName(name.name()).get() != null
        : all.inNamespace(name.namespace()).withName(name.name()).get() != null;
  }
}
