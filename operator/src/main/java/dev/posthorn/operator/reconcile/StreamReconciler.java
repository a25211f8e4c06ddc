package dev.posthorn.operator.reconcile;

import dev.posthorn.core.config.ConfigObject;
import dev.posthorn.core.config.ResourceName;
import dev.posthorn.core.config.StreamConfig;
import dev.posthorn.core.resolve.ClusterResolver;
import dev.posthorn.core.resolve.Kind;
import dev.posthorn.core.resolve.Resolved;
import dev.posthorn.core.resolve.Resource;
import dev.posthorn.crds.EventStream;
import dev.posthorn.crds.EventStreamSpec;
import dev.posthorn.crds.EventStreamStatus;
import dev.posthorn.operator.cluster.AsResource;
import dev.posthorn.operator.cluster.ConfigSecret;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.api.reconciler.Reconciler;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** EventStream -> its config object in the namespace of its Dispatcher, and its status. */
final class StreamReconciler implements Reconciler<EventStream> {
  private static final EventStreamStatus NOTHING = new EventStreamStatus(null, List.of(), null);

  private final Parts parts;

  StreamReconciler(Parts parts) {
    this.parts = parts;
  }

  @Override
  public List<EventSource<?, EventStream>> prepareEventSources(
      EventSourceContext<EventStream> context) {
    return List.of(parts.watches().of(Kind.EVENT_STREAM));
  }

  @Override
  public UpdateControl<EventStream> reconcile(EventStream stream, Context<EventStream> context) {
    return Again.onConflict(() -> run(stream, context));
  }

  private UpdateControl<EventStream> run(EventStream stream, Context<EventStream> context) {
    Resource<EventStreamSpec> resource = AsResource.of(stream);
    ResourceName dispatcher =
        ClusterResolver.dispatcher(resource.content().dispatcherRef(), resource.namespace());
    if (context.isPrimaryResourceDeleted()) {
      parts.placing().remove(dispatcher, ConfigObject.STREAM, resource.ref());
      return UpdateControl.noUpdate();
    }
    parts.watches().refers(resource.ref(), ClusterResolver.targets(resource));
    Instant now = parts.clock().instant();
    Resolved<StreamConfig> resolved = parts.resolver().stream(resource, parts.cache());
    Placement placement =
        resolved
            .config()
            .map(config -> store(stream, resource, dispatcher, config))
            .orElseGet(() -> keep(stream, resource, dispatcher, resolved));
    EventStreamStatus former = former(stream.getStatus());
    Long generation = stream.getMetadata().getGeneration();
    Stated programmed =
        parts
            .placing()
            .programmed(dispatcher, resource.ref(), placement, former.conditions(), generation);
    List<Stated> stated =
        Stream.concat(
                resolved.conditions().stream().map(Stated::of),
                Stream.of(programmed, connected(dispatcher, resource)))
            .toList();
    Conditions conditions = Conditions.of(former.conditions(), stated, generation, now);
    String kind = resource.content().kafka() == null ? "Redis" : "Kafka";
    var next = new EventStreamStatus(generation, conditions.list(), kind);
    if (parts.statuses().write(stream, new EventStream(), former, next, context)) {
      parts.statuses().tell(stream, former.conditions(), conditions.list(), now);
    }
    return Again.after(
        Again.until(now, conditions.again(), Refusals.again(resolved.findings(), now)));
  }

  private Stated connected(ResourceName dispatcher, Resource<EventStreamSpec> stream) {
    return Connection.of(
        stream.content().suspend(), parts.polls().seen(dispatcher).stream(stream.ref().name()));
  }

  private Placement store(
      EventStream stream,
      Resource<EventStreamSpec> resource,
      ResourceName dispatcher,
      StreamConfig config) {
    return parts
        .placing()
        .store(
            dispatcher,
            new ConfigSecret(dispatcher.namespace(), ConfigObject.STREAM, resource.ref(), config),
            () -> parts.live().exists(stream));
  }

  /** What was in effect stays, but where the Dispatcher does not take the namespace any more. */
  private Placement keep(
      EventStream stream,
      Resource<EventStreamSpec> resource,
      ResourceName dispatcher,
      Resolved<StreamConfig> resolved) {
    Optional<StreamConfig> stored =
        parts.placing().stored(dispatcher, ConfigObject.STREAM, resource.ref(), StreamConfig.class);
    if (stored.isEmpty()) {
      return new Placement.None();
    }
    if (Refusals.notAllowed(resolved.findings())) {
      parts.placing().remove(dispatcher, ConfigObject.STREAM, resource.ref());
      return new Placement.None();
    }
    store(stream, resource, dispatcher, stored.get().withSuspended(resource.content().suspend()));
    return new Placement.Kept();
  }

  private static EventStreamStatus former(@Nullable EventStreamStatus status) {
    return status == null
        ? NOTHING
        : new EventStreamStatus(
            status.observedGeneration(), Conditions.sorted(status.conditions()), status.kind());
  }
}
