package dev.posthorn.operator.cluster;

import dev.posthorn.core.config.ResourceName;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.dsl.Informable;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import io.fabric8.kubernetes.client.informers.cache.Cache;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

/**
 * The objects of one kind, kept up to date by a watch that is begun again whenever it breaks.
 * Thread-safe. Objects are shared: nobody changes them.
 */
final class Watched<T extends HasMetadata> implements AutoCloseable {
  private final SharedIndexInformer<T> informer;

  /**
   * Prepares the watch.
   *
   * @param changed told after each change, with the object as it is
   * @param gone told when an object was deleted, with the object as it last was
   */
  Watched(Informable<T> objects, Consumer<T> changed, Consumer<T> gone) {
    this.informer =
        objects
            .runnableInformer(0)
            .itemStore(new LeanStore<>())
            .exceptionHandler((started, broken) -> true)
            .addEventHandler(new Handler<>(changed, gone));
  }

  Watched(Informable<T> objects, Consumer<T> changed) {
    this(objects, changed, changed);
  }

  /** Completes when the first list is here. */
  CompletionStage<Void> start() {
    return informer.start();
  }

  boolean live() {
    return informer.isWatching();
  }

  Optional<T> get(ResourceName name) {
    return Optional.ofNullable(informer.getStore().getByKey(key(name)));
  }

  List<T> all() {
    return informer.getStore().list();
  }

  static String key(ResourceName name) {
    return name.namespace().isEmpty()
        ? name.name()
        : Cache.namespaceKeyFunc(name.namespace(), name.name());
  }

  @Override
  public void close() {
    informer.stop();
  }

  private record Handler<T extends HasMetadata>(Consumer<T> changed, Consumer<T> gone)
      implements ResourceEventHandler<T> {
    @Override
    public void onAdd(T object) {
      changed.accept(object);
    }

    @Override
    public void onUpdate(T before, T after) {
      String version = after.getMetadata().getResourceVersion();
      if (!version.equals(before.getMetadata().getResourceVersion())) {
        changed.accept(after);
      }
    }

    @Override
    public void onDelete(T object, boolean lastStateUnknown) {
      gone.accept(object);
    }
  }
}
