package dev.posthorn.operator.reconcile;

import dev.posthorn.core.config.ConfigObject;
import dev.posthorn.core.config.EndpointConfig;
import dev.posthorn.core.config.ResourceName;
import dev.posthorn.core.resolve.ClusterResolver;
import dev.posthorn.core.resolve.Kind;
import dev.posthorn.core.resolve.Resolved;
import dev.posthorn.core.resolve.Resource;
import dev.posthorn.core.resolve.ResourceRef;
import dev.posthorn.crds.WebhookEndpoint;
import dev.posthorn.crds.WebhookEndpointSpec;
import dev.posthorn.crds.WebhookEndpointStatus;
import dev.posthorn.operator.cluster.AsResource;
import dev.posthorn.operator.cluster.ConfigSecret;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.api.reconciler.Reconciler;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** WebhookEndpoint -> its config object in the namespace of its Dispatcher, and its status. */
final class EndpointReconciler implements Reconciler<WebhookEndpoint> {
  private final Parts parts;
  private final MirrorWrites writes = new MirrorWrites();

  EndpointReconciler(Parts parts) {
    this.parts = parts;
  }

  @Override
  public List<EventSource<?, WebhookEndpoint>> prepareEventSources(
      EventSourceContext<WebhookEndpoint> context) {
    return List.of(parts.watches().of(Kind.WEBHOOK_ENDPOINT));
  }

  @Override
  public UpdateControl<WebhookEndpoint> reconcile(
      WebhookEndpoint endpoint, Context<WebhookEndpoint> context) {
    return Again.onConflict(() -> run(endpoint, context));
  }

  private UpdateControl<WebhookEndpoint> run(
      WebhookEndpoint endpoint, Context<WebhookEndpoint> context) {
    Resource<WebhookEndpointSpec> resource = AsResource.of(endpoint);
    ResourceName dispatcher =
        ClusterResolver.dispatcher(resource.content().dispatcherRef(), resource.namespace());
    if (context.isPrimaryResourceDeleted()) {
      parts.placing().remove(dispatcher, ConfigObject.ENDPOINT, resource.ref());
      writes.forget(resource.ref().name());
      return UpdateControl.noUpdate();
    }
    parts.watches().refers(resource.ref(), ClusterResolver.targets(resource));
    Instant now = parts.clock().instant();
    Resolved<EndpointConfig> resolved = parts.resolver().endpoint(resource, parts.cache());
    Placement placement = place(endpoint, resource, dispatcher, resolved);
    return report(endpoint, resource, dispatcher, resolved, placement, context, now);
  }

  private Placement place(
      WebhookEndpoint endpoint,
      Resource<WebhookEndpointSpec> resource,
      ResourceName dispatcher,
      Resolved<EndpointConfig> resolved) {
    if (resolved.config().isEmpty()) {
      return keep(endpoint, resource, dispatcher, resolved);
    }
    EndpointConfig config = resolved.config().get();
    Optional<ResourceName> missing = missingKeys(dispatcher, config);
    if (missing.isPresent()) {
      parts.watches().wake(new ResourceRef(Kind.SIGNING_SECRET, missing.get()));
      return new Placement.Waits(
          "SigningSecret " + missing.get() + " has no keys in effect yet; see its conditions");
    }
    return store(endpoint, resource.ref(), dispatcher, config);
  }

  /** Keys go first: a dispatcher holds an endpoint whose keys it does not have. */
  private Optional<ResourceName> missingKeys(ResourceName dispatcher, EndpointConfig config) {
    return config.signatures().stream()
        .map(EndpointConfig.Signature::keys)
        .filter(Objects::nonNull)
        .filter(keys -> !parts.placing().isStored(dispatcher, ConfigObject.KEYS, keys))
        .findFirst();
  }

  private Placement store(
      WebhookEndpoint endpoint, ResourceRef ref, ResourceName dispatcher, EndpointConfig config) {
    return parts
        .placing()
        .store(
            dispatcher,
            new ConfigSecret(dispatcher.namespace(), ConfigObject.ENDPOINT, ref, config),
            () -> parts.live().exists(endpoint));
  }

  /** What was in effect stays, but where the Dispatcher does not take the namespace any more. */
  private Placement keep(
      WebhookEndpoint endpoint,
      Resource<WebhookEndpointSpec> resource,
      ResourceName dispatcher,
      Resolved<EndpointConfig> resolved) {
    Optional<EndpointConfig> stored =
        parts
            .placing()
            .stored(dispatcher, ConfigObject.ENDPOINT, resource.ref(), EndpointConfig.class);
    if (stored.isEmpty()) {
      return new Placement.None();
    }
    if (Refusals.notAllowed(resolved.findings())) {
      parts.placing().remove(dispatcher, ConfigObject.ENDPOINT, resource.ref());
      return new Placement.None();
    }
    store(
        endpoint,
        resource.ref(),
        dispatcher,
        stored.get().withSuspended(resource.content().suspend()));
    return new Placement.Kept();
  }

  private UpdateControl<WebhookEndpoint> report(
      WebhookEndpoint endpoint,
      Resource<WebhookEndpointSpec> resource,
      ResourceName dispatcher,
      Resolved<EndpointConfig> resolved,
      Placement placement,
      Context<WebhookEndpoint> context,
      Instant now) {
    WebhookEndpointStatus former = EndpointStatus.former(endpoint.getStatus());
    ResourceName name = resource.ref().name();
    Mirror mirror =
        Mirror.of(
            former.delivery(),
            parts.polls().health(dispatcher, name),
            writes.last(name),
            writes.turn(now),
            now);
    Stated programmed =
        parts
            .placing()
            .programmed(
                dispatcher,
                resource.ref(),
                placement,
                former.conditions(),
                endpoint.getMetadata().getGeneration());
    Conditions conditions =
        Conditions.of(
            former.conditions(),
            EndpointStatus.stated(resolved, programmed, mirror.delivery()),
            endpoint.getMetadata().getGeneration(),
            now);
    WebhookEndpointStatus next =
        EndpointStatus.of(
            endpoint.getMetadata().getGeneration(), resource, resolved, conditions, mirror);
    if (!parts.statuses().write(endpoint, new WebhookEndpoint(), former, next, context)) {
      return UpdateControl.noUpdate();
    }
    if (mirror.written()) {
      writes.wrote(name, now);
    }
    parts.statuses().tell(endpoint, former.conditions(), conditions.list(), now);
    return Again.after(
        Again.until(
            now, conditions.again(), mirror.again(), Refusals.again(resolved.findings(), now)));
  }
}
