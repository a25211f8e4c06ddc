package dev.posthorn.core.resolve;

import dev.posthorn.core.config.ResourceName;
import dev.posthorn.crds.ConfigKeyRef;
import dev.posthorn.crds.DispatcherRef;
import dev.posthorn.crds.DispatcherSpec;
import dev.posthorn.crds.EventStreamSpec;
import dev.posthorn.crds.ObjectRef;
import dev.posthorn.crds.SecretKeyRef;
import dev.posthorn.crds.SecretRef;
import dev.posthorn.crds.SigningSecretSpec;
import dev.posthorn.crds.WebhookEndpointSpec;
import dev.posthorn.crds.WebhookSourceSpec;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** What one object refers to, whether it is there or not. */
final class Targets {
  private final Resource<?> from;
  private final Set<ResourceRef> refs = new TreeSet<>();

  private Targets(Resource<?> from) {
    this.from = from;
  }

  /** The references of {@code object}, in their order. */
  static Set<ResourceRef> of(Resource<?> object) {
    var targets = new Targets(object);
    switch (object.content()) {
      case WebhookEndpointSpec spec -> targets.endpoint(spec);
      case SigningSecretSpec spec -> targets.signingSecret(spec);
      case EventStreamSpec spec -> targets.stream(spec);
      case WebhookSourceSpec spec -> targets.source(spec);
      case DispatcherSpec spec -> targets.dispatcher(spec);
      default -> {}
    }
    return targets.refs;
  }

  private void endpoint(WebhookEndpointSpec spec) {
    dispatcherRef(spec.dispatcherRef());
    if (spec.urlFrom() != null) {
      secret(spec.urlFrom().secretKeyRef());
    }
    for (WebhookEndpointSpec.Signature signature : spec.signatures()) {
      if (signature.scheme().indexOf('.') >= 0) {
        add(Kind.SIGNATURE_SCHEME, "", signature.scheme());
      }
      ObjectRef keys = signature.signingSecretRef();
      if (keys != null) {
        add(Kind.SIGNING_SECRET, from.namespace(), keys.name());
      }
    }
    for (WebhookEndpointSpec.Header header : spec.headers()) {
      if (header.valueFrom() != null) {
        secret(header.valueFrom().secretKeyRef());
      }
    }
    config(spec.tls().caRef());
    secret(spec.tls().clientCertificateRef());
  }

  private void signingSecret(SigningSecretSpec spec) {
    secret(spec.secretRef());
    SigningSecretSpec.Generate generate = spec.generate();
    if (generate != null) {
      secret(generate.firstFrom());
    }
  }

  private void stream(EventStreamSpec spec) {
    dispatcherRef(spec.dispatcherRef());
    if (spec.redis() != null) {
      secret(spec.redis().credentialsRef());
    }
    EventStreamSpec.Security security = spec.kafka() == null ? null : spec.kafka().security();
    if (security != null) {
      secret(security.credentialsRef());
      config(security.caRef());
    }
  }

  private void source(WebhookSourceSpec spec) {
    dispatcherRef(spec.dispatcherRef());
    if (spec.provider().indexOf('.') >= 0) {
      add(Kind.SIGNATURE_SCHEME, "", spec.provider());
    }
    for (SecretKeyRef ref : spec.secretRefs()) {
      secret(ref);
    }
  }

  private void dispatcher(DispatcherSpec spec) {
    if (spec.store().postgres() != null) {
      secret(spec.store().postgres().secretRef());
    }
    secret(spec.store().encryptionKeyRef());
    secret(spec.egress().proxyRef());
    secret(spec.gateway().tokensRef());
    if (spec.alerts() != null) {
      String endpoint = spec.alerts().endpointRef().name();
      add(Kind.WEBHOOK_ENDPOINT, from.namespace(), endpoint);
    }
  }

  private void dispatcherRef(@Nullable DispatcherRef ref) {
    ResourceName name = Home.named(ref, from.namespace());
    add(Kind.DISPATCHER, name.namespace(), name.name());
  }

  private void secret(@Nullable SecretKeyRef ref) {
    if (ref != null) {
      add(Kind.SECRET, from.namespace(), ref.name());
    }
  }

  private void secret(@Nullable SecretRef ref) {
    if (ref != null) {
      add(Kind.SECRET, from.namespace(), ref.name());
    }
  }

  private void config(@Nullable ConfigKeyRef ref) {
    if (ref != null) {
      Kind kind = ref.kind() == ConfigKeyRef.Kind.Secret ? Kind.SECRET : Kind.CONFIG_MAP;
      add(kind, from.namespace(), ref.name());
    }
  }

  private void add(Kind kind, String namespace, String name) {
    refs.add(new ResourceRef(kind, new ResourceName(namespace, name)));
  }
}
