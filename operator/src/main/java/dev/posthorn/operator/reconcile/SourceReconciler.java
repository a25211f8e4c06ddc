package dev.posthorn.operator.reconcile;

import dev.posthorn.core.resolve.ClusterResolver;
import dev.posthorn.core.resolve.Kind;
import dev.posthorn.core.resolve.Resolved;
import dev.posthorn.core.resolve.Resource;
import dev.posthorn.crds.WebhookSource;
import dev.posthorn.crds.WebhookSourceSpec;
import dev.posthorn.crds.WebhookSourceStatus;
import dev.posthorn.operator.cluster.AsResource;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.api.reconciler.Reconciler;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import java.time.Instant;
import java.util.List;
import java.util.Set;

/** WebhookSource: this version tells people that it does not take them yet. */
final class SourceReconciler implements Reconciler<WebhookSource> {
  private static final WebhookSourceStatus NOTHING = new WebhookSourceStatus(null, List.of(), null);

  private final Parts parts;

  SourceReconciler(Parts parts) {
    this.parts = parts;
  }

  @Override
  public List<EventSource<?, WebhookSource>> prepareEventSources(
      EventSourceContext<WebhookSource> context) {
    return List.of(parts.watches().of(Kind.WEBHOOK_SOURCE));
  }

  @Override
  public UpdateControl<WebhookSource> reconcile(
      WebhookSource source, Context<WebhookSource> context) {
    return Again.onConflict(() -> run(source, context));
  }

  private UpdateControl<WebhookSource> run(WebhookSource source, Context<WebhookSource> context) {
    Resource<WebhookSourceSpec> resource = AsResource.of(source);
    if (context.isPrimaryResourceDeleted()) {
      parts.watches().refers(resource.ref(), Set.of());
      return UpdateControl.noUpdate();
    }
    parts.watches().refers(resource.ref(), ClusterResolver.targets(resource));
    Instant now = parts.clock().instant();
    Resolved<Record> resolved = parts.resolver().source(resource, parts.cache());
    WebhookSourceStatus former =
        source.getStatus() == null
            ? NOTHING
            : new WebhookSourceStatus(
                source.getStatus().observedGeneration(),
                Conditions.sorted(source.getStatus().conditions()),
                source.getStatus().path());
    Long generation = source.getMetadata().getGeneration();
    Conditions conditions =
        Conditions.of(
            former.conditions(),
            resolved.conditions().stream().map(Stated::of).toList(),
            generation,
            now);
    var next = new WebhookSourceStatus(generation, conditions.list(), former.path());
    if (parts.statuses().write(source, new WebhookSource(), former, next, context)) {
      parts.statuses().tell(source, former.conditions(), conditions.list(), now);
    }
    return Again.after(Again.until(now, conditions.again()));
  }
}
