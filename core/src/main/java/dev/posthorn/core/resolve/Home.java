package dev.posthorn.core.resolve;

import dev.posthorn.core.config.DispatcherSettings.Tenancy;
import dev.posthorn.core.config.ResourceName;
import dev.posthorn.crds.DispatcherRef;
import dev.posthorn.crds.DispatcherSpec;
import dev.posthorn.crds.DispatcherSpec.AllowedNamespaces;
import dev.posthorn.crds.Reason;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The Dispatcher that an object belongs to, or that there is none: whom it takes in, and who is a
 * tenant.
 */
final class Home {
  private static final String DEFAULT_NAMESPACE = "default";
  private static final String DEFAULT_NAME = "default";

  private final @Nullable Resource<DispatcherSpec> dispatcher;
  private final @Nullable Map<String, String> namespaceLabels;

  private Home(
      @Nullable Resource<DispatcherSpec> dispatcher,
      @Nullable Map<String, String> namespaceLabels) {
    this.dispatcher = dispatcher;
    this.namespaceLabels = namespaceLabels;
  }

  /** The one of a directory, where namespaces have no labels: a selector takes them all. */
  static Home ofDirectory(@Nullable Resource<DispatcherSpec> dispatcher) {
    return new Home(dispatcher, null);
  }

  /** That of an object whose namespace has these labels. */
  static Home inCluster(Resource<DispatcherSpec> dispatcher, Map<String, String> namespaceLabels) {
    return new Home(dispatcher, namespaceLabels);
  }

  /** The Dispatcher that {@code ref} names for an object in {@code namespace}. */
  static ResourceName named(@Nullable DispatcherRef ref, String namespace) {
    return ref == null
        ? new ResourceName(namespace, DEFAULT_NAME)
        : new ResourceName(Objects.requireNonNullElse(ref.namespace(), namespace), ref.name());
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
      ResourceName wanted = named(ref, object.namespace());
      if (!wanted.equals(name)) {
        report.error(
            "spec.dispatcherRef",
            Reason.DispatcherNotFound,
            "Dispatcher " + wanted + " is not there; the one here is " + name);
        return;
      }
    }
    refusal(object.namespace())
        .ifPresent(why ->
            report.error(
                "metadata.namespace",
                Reason.NotAllowedByDispatcher,
                "Dispatcher " + name + " takes objects " + why));
  }

  /** Why objects of {@code namespace} are not taken; empty where they are. */
  Optional<String> refusal(String namespace) {
    return dispatcher == null ? Optional.empty() : refusal(dispatcher, namespace);
  }

  private Optional<String> refusal(Resource<DispatcherSpec> from, String namespace) {
    AllowedNamespaces allowed = from.content().allowedNamespaces();
    boolean taken =
        switch (allowed.from()) {
          case All -> true;
          case Same -> from.namespace().equals(namespace);
          case Selector ->
              from.namespace().equals(namespace)
                  || namespaceLabels == null
                  || Selection.matches(allowed.selector(), namespaceLabels);
        };
    if (taken) {
      return Optional.empty();
    }
    return Optional.of(
        allowed.from() == AllowedNamespaces.From.Same
            ? "of its own namespace only; widen its allowedNamespaces, or move the object"
            : "of namespaces with the labels "
                + Selection.text(allowed.selector())
                + " only; label the namespace "
                + namespace
                + ", or widen allowedNamespaces");
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

  /**
   * Whether the platform has to protect its network from a stream: one of a namespace that is not
   * the Dispatcher's. In a directory all is the platform's.
   */
  boolean guardsBrokerOf(Resource<?> stream) {
    return namespaceLabels != null && !stream.namespace().equals(namespace());
  }

  /** The tenant that all events of a stream belong to; empty where its records say so. */
  Optional<String> tenantOfStream(Resource<?> stream) {
    boolean platform = namesTenants() || stream.namespace().equals(namespace());
    return platform ? Optional.empty() : Optional.of(stream.namespace());
  }
}
