package dev.posthorn.core.resolve;

import dev.posthorn.core.config.DispatcherSettings.Tenancy;
import dev.posthorn.core.config.ResourceName;
import dev.posthorn.crds.DispatcherRef;
import dev.posthorn.crds.DispatcherSpec;
import dev.posthorn.crds.DispatcherSpec.AllowedNamespaces;
import dev.posthorn.crds.Reason;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The one Dispatcher of a directory, or that there is none: whom it takes in, and who is a tenant.
 */
final class Home {
  private static final String DEFAULT_NAMESPACE = "default";

  private final @Nullable Resource<DispatcherSpec> dispatcher;

  Home(@Nullable Resource<DispatcherSpec> dispatcher) {
    this.dispatcher = dispatcher;
  }

  /** Where the platform's own objects are: streams that may name any tenant. */
  String namespace() {
    return dispatcher == null ? DEFAULT_NAMESPACE : dispatcher.namespace();
  }

  private boolean namesTenants() {
    return dispatcher != null && dispatcher.content().tenancy() == DispatcherSpec.Tenancy.Field;
  }

  Tenancy tenancy() {
    return namesTenants() ? Tenancy.FIELD : Tenancy.NAMESPACE;
  }

  /** Whether the Dispatcher takes the object in; otherwise {@code report} says why not. */
  void admit(Resource<?> object, @Nullable DispatcherRef ref, Report report) {
    if (dispatcher == null) {
      return;
    }
    ResourceName name = dispatcher.ref().name();
    if (ref != null) {
      String namespace = ref.namespace() == null ? object.namespace() : ref.namespace();
      var wanted = new ResourceName(namespace, ref.name());
      if (!wanted.equals(name)) {
        report.error(
            "spec.dispatcherRef",
            Reason.DispatcherNotFound,
            "Dispatcher " + wanted + " is not there; the one here is " + name);
        return;
      }
    }
    boolean same = dispatcher.content().allowedNamespaces().from() == AllowedNamespaces.From.Same;
    if (same && !object.namespace().equals(name.namespace())) {
      report.error(
          "metadata.namespace",
          Reason.NotAllowedByDispatcher,
          "Dispatcher "
              + name
              + " takes objects of its own namespace only; widen its allowedNamespaces, or move the"
              + " object");
    }
  }

  /** The tenant of an object; empty where the rule is broken, and {@code report} says how. */
  Optional<String> tenant(Resource<?> object, @Nullable String stated, Report report) {
    if (namesTenants()) {
      if (stated == null) {
        report.error(
            "spec.tenant",
            Reason.TenantNotAllowed,
            "is missing: the Dispatcher's tenancy is Field, so say whose events these are");
      }
      return Optional.ofNullable(stated);
    }
    if (stated != null) {
      report.error(
          "spec.tenant",
          Reason.TenantNotAllowed,
          "must be absent: the namespace is the tenant; remove it, or set the Dispatcher's tenancy to"
              + " Field");
    }
    return Optional.of(object.namespace());
  }

  /** The tenant that all events of a stream belong to; empty where its records say so. */
  Optional<String> tenantOfStream(Resource<?> stream) {
    boolean platform = namesTenants() || stream.namespace().equals(namespace());
    return platform ? Optional.empty() : Optional.of(stream.namespace());
  }
}
