package dev.posthorn.operator.reconcile;

import dev.posthorn.core.config.ResourceName;
import dev.posthorn.core.resolve.ClusterResolver;
import dev.posthorn.core.resolve.Kind;
import dev.posthorn.core.resolve.Neighbours;
import dev.posthorn.core.resolve.ResourceRef;
import dev.posthorn.operator.cluster.ChangeListener;
import dev.posthorn.operator.pods.PodListener;
import io.fabric8.kubernetes.api.model.HasMetadata;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * Wakes whatever has to look again when something changes: the object itself and what refers to it,
 * by the references that the reconcilers have put into the index. Thread-safe; never blocks.
 */
public final class Watches implements ChangeListener, PodListener {
  private static final Set<Kind> SHARED = EnumSet.of(Kind.SIGNING_SECRET, Kind.SIGNATURE_SCHEME);

  private final ReferenceIndex references = new ReferenceIndex();
  private final Map<Kind, Wakes<?>> wakes = new EnumMap<>(Kind.class);
  private volatile Consumer<ResourceName> podsChanged = dispatcher -> {};
  private volatile Consumer<ResourceRef> lost = shared -> {};

  /** The source of events for the reconciler of a kind; made before the watches begin. */
  <P extends HasMetadata> Wakes<P> of(Kind kind) {
    var source = new Wakes<P>();
    wakes.put(kind, source);
    return source;
  }

  void podsChanged(Consumer<ResourceName> listener) {
    podsChanged = listener;
  }

  /** Is told of a SigningSecret or SignatureScheme that an object refers to no more. */
  void lost(Consumer<ResourceRef> listener) {
    lost = listener;
  }

  /**
   * What {@code object} refers to from now on; to be called before that is read. SigningSecrets and
   * SignatureSchemes are woken by whom they get and lose: they go where their endpoints are.
   */
  @Override
  public void refers(ResourceRef object, Set<ResourceRef> targets) {
    for (ResourceRef changed : references.put(object, targets)) {
      if (SHARED.contains(changed.kind())) {
        wake(changed);
        if (!targets.contains(changed)) {
          lost.accept(changed);
        }
      }
    }
  }

  /** The Dispatchers that take objects which refer to {@code shared}. */
  Set<ResourceName> users(ResourceRef shared, Neighbours neighbours) {
    var users = new TreeSet<ResourceName>();
    for (ResourceRef referrer : references.referrers(shared)) {
      references.targets(referrer).stream()
          .filter(target -> target.kind() == Kind.DISPATCHER)
          .map(ResourceRef::name)
          .filter(dispatcher ->
              ClusterResolver.admits(dispatcher, referrer.name().namespace(), neighbours))
          .forEach(users::add);
    }
    return users;
  }

  void wake(ResourceRef ref) {
    Wakes<?> source = wakes.get(ref.kind());
    if (source != null) {
      source.wake(ref.name());
    }
  }

  void wake(Set<ResourceRef> refs) {
    refs.forEach(this::wake);
  }

  /** What refers to {@code ref} looks again. */
  void wakeReferrers(ResourceRef ref) {
    wake(references.referrers(ref));
  }

  @Override
  public void object(ResourceRef ref) {
    if (ref.kind() == Kind.DISPATCHER) {
      wakeAll(ref.name());
    } else {
      wakeReferrers(ref);
    }
  }

  /** Whom a Dispatcher takes decides where the keys and schemes of its objects go. */
  private void wakeShared(Set<ResourceRef> referrers) {
    referrers.stream()
        .flatMap(referrer -> references.targets(referrer).stream())
        .filter(target -> SHARED.contains(target.kind()))
        .distinct()
        .forEach(this::wake);
  }

  @Override
  public void keyring(ResourceName signingSecret) {
    var ref = new ResourceRef(Kind.SIGNING_SECRET, signingSecret);
    wake(ref);
    wakeReferrers(ref);
  }

  /** Keys that are written now are what their endpoints wait for. */
  @Override
  public void config(ResourceRef source, boolean own) {
    if (!own) {
      wake(source);
    }
    if (SHARED.contains(source.kind())) {
      wakeReferrers(source);
    }
  }

  /** Config objects go with their home, and can be stored again when there is one. */
  @Override
  public void home(ResourceName dispatcher) {
    wakeAll(dispatcher);
  }

  /** All that a Dispatcher works with. */
  private void wakeAll(ResourceName dispatcher) {
    Set<ResourceRef> there = references.referrers(new ResourceRef(Kind.DISPATCHER, dispatcher));
    wake(there);
    wakeShared(there);
  }

  @Override
  public void installation(ResourceName dispatcher) {
    podsChanged.accept(dispatcher);
    wake(new ResourceRef(Kind.DISPATCHER, dispatcher));
  }

  /** What is in a namespace refers to a Dispatcher, which may look at the namespace's labels. */
  @Override
  public void namespace(String name) {
    Set<ResourceRef> there =
        references.objects().stream()
            .filter(ref -> ref.name().namespace().equals(name))
            .collect(Collectors.toSet());
    wake(there);
    wakeShared(there);
  }

  @Override
  public void programmed(ResourceRef source) {
    wake(source);
  }

  @Override
  public void stale(ResourceName dispatcher) {
    wakeAll(dispatcher);
  }

  @Override
  public void store(ResourceName dispatcher) {
    wake(new ResourceRef(Kind.DISPATCHER, dispatcher));
  }

  @Override
  public void stream(ResourceName stream) {
    wake(new ResourceRef(Kind.EVENT_STREAM, stream));
  }

  @Override
  public void health(ResourceName endpoint) {
    wake(new ResourceRef(Kind.WEBHOOK_ENDPOINT, endpoint));
  }

  /** Any SigningSecret with endpoints there may be meant. */
  @Override
  public void denials(ResourceName dispatcher) {
    references.referrers(new ResourceRef(Kind.DISPATCHER, dispatcher)).stream()
        .flatMap(ref -> references.targets(ref).stream())
        .filter(ref -> ref.kind() == Kind.SIGNING_SECRET)
        .distinct()
        .forEach(this::wake);
  }
}
