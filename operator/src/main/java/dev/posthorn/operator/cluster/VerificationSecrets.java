package dev.posthorn.operator.cluster;

import dev.posthorn.core.config.ResourceName;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.OwnerReferenceBuilder;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What receivers in the cluster mount to verify with. Thread-safe; blocks. */
public record VerificationSecrets(KubernetesClient client) {
  /** What writing came to. */
  public enum Outcome {
    /** It is as it should be. */
    STORED,
    /** The name belongs to a Secret that is not the SigningSecret's. */
    TAKEN
  }

  /**
   * Stores {@code data} under {@code name} beside its owner, if it is not stored so already.
   *
   * @param data entries in base64
   */
  public Outcome store(HasMetadata owner, String name, Map<String, String> data) {
    var where = new ResourceName(owner.getMetadata().getNamespace(), name);
    Optional<Secret> stored =
        Optional.ofNullable(client.secrets().inNamespace(where.namespace()).withName(name).get());
    OwnerReference reference = owner(owner);
    if (stored.isPresent() && !belongsTo(stored.get(), reference)) {
      return Outcome.TAKEN;
    }
    if (stored.isEmpty()) {
      client.secrets().resource(secret(where, data, reference, null)).create();
    } else if (!Objects.equals(stored.get().getData(), data)) {
      String version = stored.get().getMetadata().getResourceVersion();
      client.secrets().resource(secret(where, data, reference, version)).update();
    }
    return Outcome.STORED;
  }

  private static boolean belongsTo(Secret secret, OwnerReference owner) {
    return Objects.requireNonNullElse(
            secret.getMetadata().getOwnerReferences(), List.<OwnerReference>of())
        .stream()
        .anyMatch(each -> each.getUid().equals(owner.getUid()));
  }

  /** The reference by which the garbage collector removes what belongs to {@code object}. */
  public static OwnerReference owner(HasMetadata object) {
    return new OwnerReferenceBuilder()
        .withApiVersion(object.getApiVersion())
        .withKind(object.getKind())
        .withName(object.getMetadata().getName())
        .withUid(object.getMetadata().getUid())
        .withController(true)
        .withBlockOwnerDeletion(true)
        .build();
  }

  private static Secret secret(
      ResourceName name, Map<String, String> data, OwnerReference owner, @Nullable String version) {
    return new SecretBuilder()
        .withNewMetadata()
        .withNamespace(name.namespace())
        .withName(name.name())
        .withResourceVersion(version)
        .addToLabels(Names.MANAGED_BY_LABEL, Names.MANAGED_BY)
        .withOwnerReferences(owner)
        .endMetadata()
        .withType("Opaque")
        .withData(data)
        .build();
  }
}
