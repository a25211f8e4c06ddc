package dev.posthorn.operator.reconcile;

import dev.posthorn.core.config.ResourceName;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Secret;
import io.javaoperatorsdk.operator.processing.event.Event;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.AbstractEventSource;
import java.util.Set;

/** Wakes the reconciler of one kind. Thread-safe; before the start nothing needs to be woken. */
final class Wakes<P extends HasMetadata> extends AbstractEventSource<Secret, P> {
  Wakes() {
    super(Secret.class, "watches");
  }

  void wake(ResourceName name) {
    if (isRunning()) {
      getEventHandler()
          .handleEvent(
              new Event(
                  new ResourceID(
                      name.name(), name.namespace().isEmpty() ? null : name.namespace())));
    }
  }

  /** None: secondary resources are read from the cluster's cache. */
  @Override
  public Set<Secret> getSecondaryResources(P primary) {
    return Set.of();
  }
}
