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
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Which object refers to which, whether it is there or not: what has to be looked at again when one
 * changes. Immutable once {@link #of} has returned it.
 */
public final class References {
  private final Map<ResourceRef, Set<ResourceRef>> targets = new TreeMap<>();
  private final Map<ResourceRef, Set<ResourceRef>> referrers = new TreeMap<>();

  private References() {}

  /** The references of all objects. */
  public static References of(Resources resources) {
    var references = new References();
    resources.endpoints().forEach(references::endpoint);
    resources.signingSecrets().forEach(references::signingSecret);
    resources.streams().forEach(references::stream);
    resources.sources().forEach(references::source);
    resources.dispatchers().forEach(references::dispatcher);
    return references;
  }

  /** What {@code object} refers to. */
  public Set<ResourceRef> targets(ResourceRef object) {
    return Set.copyOf(targets.getOrDefault(object, Set.of()));
  }

  /** What refers to {@code object}. */
  public Set<ResourceRef> referrers(ResourceRef object) {
    return Set.copyOf(referrers.getOrDefault(object, Set.of()));
  }

  private void endpoint(Resource<WebhookEndpointSpec> endpoint) {
    WebhookEndpointSpec spec = endpoint.content();
    dispatcherRef(endpoint, spec.dispatcherRef());
    if (spec.urlFrom() != null) {
      secret(endpoint, spec.urlFrom().secretKeyRef());
    }
    for (WebhookEndpointSpec.Signature signature : spec.signatures()) {
      if (signature.scheme().indexOf('.') >= 0) {
        add(endpoint, Kind.SIGNATURE_SCHEME, "", signature.scheme());
      }
      ObjectRef keys = signature.signingSecretRef();
      if (keys != null) {
        add(endpoint, Kind.SIGNING_SECRET, endpoint.namespace(), keys.name());
      }
    }
    for (WebhookEndpointSpec.Header header : spec.headers()) {
      if (header.valueFrom() != null) {
        secret(endpoint, header.valueFrom().secretKeyRef());
      }
    }
    config(endpoint, spec.tls().caRef());
    secret(endpoint, spec.tls().clientCertificateRef());
  }

  private void signingSecret(Resource<SigningSecretSpec> secret) {
    secret(secret, secret.content().secretRef());
    SigningSecretSpec.Generate generate = secret.content().generate();
    if (generate != null) {
      secret(secret, generate.firstFrom());
    }
  }

  private void stream(Resource<EventStreamSpec> stream) {
    EventStreamSpec spec = stream.content();
    dispatcherRef(stream, spec.dispatcherRef());
    if (spec.redis() != null) {
      secret(stream, spec.redis().credentialsRef());
    }
    EventStreamSpec.Security security = spec.kafka() == null ? null : spec.kafka().security();
    if (security != null) {
      secret(stream, security.credentialsRef());
      config(stream, security.caRef());
    }
  }

  private void source(Resource<WebhookSourceSpec> source) {
    WebhookSourceSpec spec = source.content();
    dispatcherRef(source, spec.dispatcherRef());
    if (spec.provider().indexOf('.') >= 0) {
      add(source, Kind.SIGNATURE_SCHEME, "", spec.provider());
    }
    for (SecretKeyRef ref : spec.secretRefs()) {
      secret(source, ref);
    }
  }

  private void dispatcher(Resource<DispatcherSpec> dispatcher) {
    DispatcherSpec spec = dispatcher.content();
    if (spec.store().postgres() != null) {
      secret(dispatcher, spec.store().postgres().secretRef());
    }
    secret(dispatcher, spec.store().encryptionKeyRef());
    secret(dispatcher, spec.egress().proxyRef());
    secret(dispatcher, spec.gateway().tokensRef());
    if (spec.alerts() != null) {
      String endpoint = spec.alerts().endpointRef().name();
      add(dispatcher, Kind.WEBHOOK_ENDPOINT, dispatcher.namespace(), endpoint);
    }
  }

  private void dispatcherRef(Resource<?> from, @Nullable DispatcherRef ref) {
    String own = from.namespace();
    if (ref == null) {
      add(from, Kind.DISPATCHER, own, "default");
    } else {
      add(from, Kind.DISPATCHER, ref.namespace() == null ? own : ref.namespace(), ref.name());
    }
  }

  private void secret(Resource<?> from, @Nullable SecretKeyRef ref) {
    if (ref != null) {
      add(from, Kind.SECRET, from.namespace(), ref.name());
    }
  }

  private void secret(Resource<?> from, @Nullable SecretRef ref) {
    if (ref != null) {
      add(from, Kind.SECRET, from.namespace(), ref.name());
    }
  }

  private void config(Resource<?> from, @Nullable ConfigKeyRef ref) {
    if (ref != null) {
      Kind kind = ref.kind() == ConfigKeyRef.Kind.Secret ? Kind.SECRET : Kind.CONFIG_MAP;
      add(from, kind, from.namespace(), ref.name());
    }
  }

  private void add(Resource<?> from, Kind kind, String namespace, String name) {
    var to = new ResourceRef(kind, new ResourceName(namespace, name));
    targets.computeIfAbsent(from.ref(), ref -> new TreeSet<>()).add(to);
    referrers.computeIfAbsent(to, ref -> new TreeSet<>()).add(from.ref());
  }
}
