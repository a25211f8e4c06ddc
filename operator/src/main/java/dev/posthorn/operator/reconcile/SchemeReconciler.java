package dev.posthorn.operator.reconcile;

import dev.posthorn.core.config.ConfigObject;
import dev.posthorn.core.config.ResourceName;
import dev.posthorn.core.config.SchemeConfig;
import dev.posthorn.core.resolve.Kind;
import dev.posthorn.core.resolve.Resolved;
import dev.posthorn.core.resolve.Resource;
import dev.posthorn.crds.ConditionType;
import dev.posthorn.crds.SignatureScheme;
import dev.posthorn.crds.SignatureSchemeSpec;
import dev.posthorn.crds.SignatureSchemeStatus;
import dev.posthorn.operator.cluster.AsResource;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.api.reconciler.Reconciler;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import java.time.Instant;
import java.util.List;
import java.util.Set;

/** SignatureScheme -> its config object with the Dispatchers that use it, and its status. */
final class SchemeReconciler implements Reconciler<SignatureScheme> {
  private static final SignatureSchemeStatus NOTHING = new SignatureSchemeStatus(null, List.of());

  private final Parts parts;
  private final SharedPlacing shared;

  SchemeReconciler(Parts parts) {
    this.parts = parts;
    this.shared = new SharedPlacing(parts.cache(), parts.placing());
  }

  @Override
  public List<EventSource<?, SignatureScheme>> prepareEventSources(
      EventSourceContext<SignatureScheme> context) {
    return List.of(parts.watches().of(Kind.SIGNATURE_SCHEME));
  }

  @Override
  public UpdateControl<SignatureScheme> reconcile(
      SignatureScheme scheme, Context<SignatureScheme> context) {
    return Again.onConflict(() -> run(scheme, context));
  }

  private UpdateControl<SignatureScheme> run(
      SignatureScheme scheme, Context<SignatureScheme> context) {
    Resource<SignatureSchemeSpec> resource = AsResource.of(scheme);
    Set<ResourceName> users = parts.watches().users(resource.ref(), parts.cache());
    if (context.isPrimaryResourceDeleted()) {
      shared.withdraw(resource.ref(), ConfigObject.SCHEME, users);
      return UpdateControl.noUpdate();
    }
    Instant now = parts.clock().instant();
    Resolved<SchemeConfig> resolved = parts.resolver().scheme(resource);
    shared.place(
        resource.ref(),
        ConfigObject.SCHEME,
        resolved.config(),
        users,
        () -> parts.live().exists(scheme));
    SignatureSchemeStatus former =
        scheme.getStatus() == null
            ? NOTHING
            : new SignatureSchemeStatus(
                scheme.getStatus().observedGeneration(),
                Conditions.sorted(scheme.getStatus().conditions()));
    Long generation = scheme.getMetadata().getGeneration();
    List<Stated> stated =
        resolved.conditions().stream()
            .map(Stated::of)
            .map(each -> each.as(ConditionType.Accepted))
            .toList();
    Conditions conditions = Conditions.of(former.conditions(), stated, generation, now);
    var next = new SignatureSchemeStatus(generation, conditions.list());
    if (parts.statuses().write(scheme, new SignatureScheme(), former, next, context)) {
      parts.statuses().tell(scheme, former.conditions(), conditions.list(), now);
    }
    return Again.after(Again.until(now, conditions.again()));
  }
}
