package dev.posthorn.operator.cluster;

import dev.posthorn.core.config.ResourceName;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.client.dsl.Informable;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import io.fabric8.kubernetes.client.informers.cache.BasicItemStore;
import io.fabric8.kubernetes.client.informers.cache.Cache;
import io.fabric8.kubernetes.client.informers.cache.ItemStore;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.Supplier;

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
    this(objects, new LeanStore<>(), new Handler<>(changed, gone));
  }

  private Watched(Informable<T> objects, ItemStore<T> store, ResourceEventHandler<T> handler) {
    this.informer =
        objects
            .runnableInformer(0)
            .itemStore(store)
            .exceptionHandler((started, broken) -> true)
            .addEventHandler(handler);
  }

  /**
   * A watch of objects that somebody else keeps: here only their names are. Both are told at once,
   * not some time later as events are: when {@link #start} has completed, of all there are.
   *
   * @param fresh makes an empty object of the kind
   * @param changed told with the whole object
   * @param gone told with the name alone
   */
  static <T extends HasMetadata> Watched<T> passing(
      Informable<T> objects, Supplier<T> fresh, Consumer<T> changed, Consumer<T> gone) {
    return new Watched<>(
        objects, new NamesOnly<>(fresh, changed, gone), new Handler<>(object -> {}, object -> {}));
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

  private static String key(ResourceName name) {
    return name.namespace().isEmpty()
        ? name.name()
        : Cache.namespaceKeyFunc(name.namespace(), name.name());
  }

  @Override
  public void close() {
    informer.stop();
  }

  private static final class NamesOnly<T extends HasMetadata> extends BasicItemStore<T> {
    private final Supplier<T> fresh;
    private final Consumer<T> changed;
    private final Consumer<T> gone;

    NamesOnly(Supplier<T> fresh, Consumer<T> changed, Consumer<T> gone) {
      super(Cache::metaNamespaceKeyFunc);
      this.fresh = fresh;
      this.changed = changed;
      this.gone = gone;
    }

    @Override
    public T put(String key, T object) {
      T name = fresh.get();
      name.setMetadata(
          new ObjectMetaBuilder()
              .withNamespace(object.getMetadata().getNamespace())
              .withName(object.getMetadata().getName())
              .withUid(object.getMetadata().getUid())
              .withResourceVersion(object.getMetadata().getResourceVersion())
              .build());
      T former = super.put(key, name);
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
