package dev.posthorn.operator.cluster;

import dev.posthorn.core.config.ResourceName;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.client.dsl.Informable;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import io.fabric8.kubernetes.client.informers.cache.Cache;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.BiPredicate;
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
    this(objects, new Handler<>(changed, gone, (before, after) -> true));
  }

  Watched(Informable<T> objects, Consumer<T> changed) {
    this(objects, changed, changed);
  }

  private Watched(Informable<T> objects, Handler<T> handler) {
    this.informer =
        objects
            .runnableInformer(0)
            .itemStore(new LeanStore<>())
            .exceptionHandler((started, broken) -> true)
            .addEventHandler(handler);
  }

  /** One that does not tell of a change in an object's status alone. */
  static <T extends HasMetadata> Watched<T> ofSpecs(Informable<T> objects, Consumer<T> changed) {
    return new Watched<>(objects, new Handler<>(changed, changed, Watched::differInSpec));
  }

  /** What has no generation has no status either. */
  static boolean differInSpec(HasMetadata before, HasMetadata after) {
    ObjectMeta was = before.getMetadata();
    ObjectMeta is = after.getMetadata();
    return is.getGeneration() == null
        || !is.getGeneration().equals(was.getGeneration())
        || !Objects.equals(is.getUid(), was.getUid())
        || !Objects.equals(is.getLabels(), was.getLabels())
        || !Objects.equals(is.getAnnotations(), was.getAnnotations())
        || !Objects.equals(is.getDeletionTimestamp(), was.getDeletionTimestamp());
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

  private record Handler<T extends HasMetadata>(
      Consumer<T> changed, Consumer<T> gone, BiPredicate<T, T> differ)
      implements ResourceEventHandler<T> {
    @Override
    public void onAdd(T object) {
      changed.accept(object);
    }

    @Override
    public void onUpdate(T before, T after) {
      String version = after.getMetadata().getResourceVersion();
      if (!version.equals(before.getMetadata().getResourceVersion())
          && differ.test(before, after)) {
        changed.accept(after);
      }
    }

    @Override
    public void onDelete(T object, boolean lastStateUnknown) {
      gone.accept(object);
    }
  }
}
