package dev.posthorn.operator.cluster;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.informers.cache.BasicItemStore;
import io.fabric8.kubernetes.client.informers.cache.Cache;

/**
 * The objects of a watch without who owns which field: that is half of their size, and nobody here
 * asks. Thread-safe.
 */
public class LeanStore<T extends HasMetadata> extends BasicItemStore<T> {
  /** Empty. */
  public LeanStore() {
    super(Cache::metaNamespaceKeyFunc);
  }

  @Override
  public T put(String key, T object) {
    object.getMetadata().setManagedFields(null);
    return super.put(key, object);
  }
}
