package dev.posthorn.operator.cluster;

import io.fabric8.kubernetes.api.model.HasMetadata;
import java.util.function.Consumer;

/**
 * Tells what is put into it and taken out, at once and not some time later as events are: when the
 * first list is here, of all there are; of a change, before anybody reconciles it. Thread-safe.
 */
final class ReferringStore<T extends HasMetadata> extends LeanStore<T> {
  private final Consumer<T> changed;
  private final Consumer<T> gone;

  ReferringStore(Consumer<T> changed, Consumer<T> gone) {
    this.changed = changed;
    this.gone = gone;
  }

  @Override
  public T put(String key, T object) {
    T former = super.put(key, object);
    changed.accept(object);
    return former;
  }

  @Override
  public T remove(String key) {
    T former = super.remove(key);
    if (former != null) {
      gone.accept(former);
    }
    return former;
  }
}
