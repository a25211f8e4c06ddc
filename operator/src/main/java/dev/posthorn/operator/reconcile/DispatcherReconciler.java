package dev.posthorn.operator.reconcile;

import dev.posthorn.core.config.ConfigObject;
import dev.posthorn.core.config.DispatcherSettings;
import dev.posthorn.core.config.ResourceName;
import dev.posthorn.core.resolve.ClusterResolver;
import dev.posthorn.core.resolve.Kind;
import dev.posthorn.core.resolve.Resolved;
import dev.posthorn.core.resolve.Resource;
import dev.posthorn.core.resolve.ResourceRef;
import dev.posthorn.core.resolve.StoreSecrets;
import dev.posthorn.crds.ConditionType;
import dev.posthorn.crds.Dispatcher;
import dev.posthorn.crds.DispatcherSpec;
import dev.posthorn.crds.DispatcherStatus;
import dev.posthorn.crds.Reason;
import dev.posthorn.operator.cluster.AsResource;
import dev.posthorn.operator.cluster.ConfigSecret;
import dev.posthorn.operator.reconcile.Stated.Truth;
import dev.posthorn.operator.workload.StoreAccess;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.api.reconciler.Reconciler;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.random.RandomGenerator;

/** Dispatcher -> everything that runs it, its settings, and its status. */
final class DispatcherReconciler implements Reconciler<Dispatcher> {
  /** Endpoints come and go; their number need not be newer. */
  private static final Duration COUNT = Duration.ofSeconds(15);

  private static final int TOKEN_BYTES = 32;

  private final Parts parts;
  private final DispatcherHome home;
  private final StoreHome stores;
  private final RandomGenerator random;

  DispatcherReconciler(Parts parts, DispatcherHome home, StoreHome stores, RandomGenerator random) {
    this.parts = parts;
    this.home = home;
    this.stores = stores;
    this.random = random;
  }

  @Override
  public List<EventSource<?, Dispatcher>> prepareEventSources(
      EventSourceContext<Dispatcher> context) {
    return List.of(parts.watches().of(Kind.DISPATCHER));
  }

  @Override
  public UpdateControl<Dispatcher> reconcile(Dispatcher dispatcher, Context<Dispatcher> context) {
    return Again.onConflict(() -> run(dispatcher, context));
  }

  private UpdateControl<Dispatcher> run(Dispatcher dispatcher, Context<Dispatcher> context) {
    Resource<DispatcherSpec> resource = AsResource.of(dispatcher);
    ResourceName name = resource.ref().name();
    if (context.isPrimaryResourceDeleted()) {
      parts.watches().refers(resource.ref(), Set.of());
      parts.polls().remove(name);
      home.removed(name);
      return UpdateControl.noUpdate();
    }
    Instant now = parts.clock().instant();
    parts.watches().refers(resource.ref(), ClusterResolver.targets(resource));
    Resolved<DispatcherSettings> resolved =
        parts.resolver().settings(resource, parts.cache(), parts.cache()::declared);
    List<Stated> stated = new ArrayList<>(resolved.conditions().stream().map(Stated::of).toList());
    Optional<Dispatcher> first = home.earlierOne(dispatcher);
    if (first.isPresent()) {
      stated.add(conflict(first.get()));
    } else {
      DispatcherSettings settings = inEffect(resource, resolved);
      if (resolved.config().isPresent()) { // with mistakes in the spec, what runs stays as it is
        install(dispatcher, resource, settings).ifPresent(stated::add);
      }
      store(dispatcher, resource, settings);
    }
    DispatcherStatus former = DispatcherStatuses.former(dispatcher.getStatus());
    int readyPods = first.isPresent() ? 0 : home.readyPods(name);
    stated.add(
        DispatcherStatuses.available(
            readyPods,
            home.idle(resource),
            parts.polls().storeProblem(name),
            former.conditions(),
            now));
    Conditions conditions =
        Conditions.of(former.conditions(), stated, dispatcher.getMetadata().getGeneration(), now);
    DispatcherStatus next =
        DispatcherStatuses.of(dispatcher, conditions, readyPods, parts.cache().configs(), resource);
    if (parts.statuses().write(dispatcher, new Dispatcher(), former, next, context)) {
      parts.statuses().tell(dispatcher, former.conditions(), conditions.list(), now);
    }
    return Again.after(Again.until(now, conditions.again(), now.plus(COUNT)));
  }

  /** What stands in the way of it, so that what runs stays as it is; empty where nothing does. */
  private Optional<Stated> install(
      Dispatcher dispatcher, Resource<DispatcherSpec> resource, DispatcherSettings settings) {
    Optional<StoreSecrets> secrets = parts.resolver().store(resource, parts.cache());
    if (secrets.isEmpty()) {
      return Optional.empty(); // it went a moment ago, and wakes this object
    }
    boolean given = home.hasPodsOfDatabase(resource.ref().name());
    return switch (stores.access(dispatcher, resource, secrets.get(), given)) {
      case StoreHome.Access.Ready(StoreAccess store) -> {
        home.apply(dispatcher, resource, settings, store);
        yield Optional.empty();
      }
      case StoreHome.Access.Lost(String message) ->
          Optional.of(Stated.of(ConditionType.Ready, Truth.False, Reason.SecretNotFound, message));
      case StoreHome.Access.Nobody() -> Optional.empty();
    };
  }

  /** One Dispatcher a namespace: its pods read all Secrets there. */
  private static Stated conflict(Dispatcher first) {
    return Stated.of(
        ConditionType.Ready,
        Truth.False,
        Reason.Conflict,
        "namespace "
            + first.getMetadata().getNamespace()
            + " has Dispatcher "
            + first.getMetadata().getName()
            + " already, whose pods read every Secret there; put this one into a namespace of its"
            + " own");
  }

  /** With mistakes in the spec nothing is opened that was not open before. */
  private DispatcherSettings inEffect(
      Resource<DispatcherSpec> resource, Resolved<DispatcherSettings> resolved) {
    return resolved
        .config()
        .orElseGet(() -> parts.resolver().narrower(resource, stored(resource.ref())));
  }

  private DispatcherSettings stored(ResourceRef ref) {
    return parts
        .placing()
        .stored(ref.name(), ConfigObject.SETTINGS, ref, DispatcherSettings.class)
        .orElse(DispatcherSettings.DEFAULT);
  }

  private void store(
      Dispatcher dispatcher, Resource<DispatcherSpec> resource, DispatcherSettings settings) {
    ResourceName name = resource.ref().name();
    parts
        .placing()
        .store(
            name,
            new ConfigSecret(
                name.namespace(), ConfigObject.SETTINGS, resource.ref(), settings, token(name)),
            () -> parts.live().exists(dispatcher));
  }

  private String token(ResourceName name) {
    return parts
        .cache()
        .config(ConfigSecret.name(name.namespace(), ConfigObject.SETTINGS, name))
        .flatMap(ConfigSecret::token)
        .orElseGet(this::newToken);
  }

  private String newToken() {
    var bytes = new byte[TOKEN_BYTES];
    random.nextBytes(bytes);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }
}
