package dev.posthorn.operator.cluster;

import dev.posthorn.core.config.ResourceName;
import dev.posthorn.core.keyring.Keyring;
import dev.posthorn.core.keyring.KeyringFinding;
import dev.posthorn.core.keyring.KeyringJson;
import dev.posthorn.core.keyring.KeyringReading;
import dev.posthorn.crds.Reason;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The stored keyrings: one Secret each, beside the SigningSecret, found by name and type whoever
 * made it. Written by compare-and-set alone, so that a plan made from an old keyring is never
 * carried out. Thread-safe; blocks.
 */
public final class Keyrings {
  private final KubernetesClient client;
  private final ClusterCache cache;

  /** Reads from {@code cache}, and from the API server what that does not show. */
  public Keyrings(KubernetesClient client, ClusterCache cache) {
    this.client = client;
    this.cache = cache;
  }

  /**
   * The Secret with the keys of {@code signingSecret}. Where the watch shows none, the API server
   * is asked: what a watch has not shown yet must not be made a second time.
   */
  public Optional<Secret> find(ResourceName signingSecret) {
    Optional<Secret> watched = cache.keyringSecret(signingSecret);
    return watched.isPresent() ? watched : live(signingSecret);
  }

  private Optional<Secret> live(ResourceName signingSecret) {
    ResourceName name = Names.keyring(signingSecret);
    return Optional.ofNullable(
        client.secrets().inNamespace(name.namespace()).withName(name.name()).get());
  }

  /** What a Secret holds. */
  public static KeyringReading read(Secret secret) {
    String text = secret.getData() == null ? null : secret.getData().get(Names.KEYRING_ENTRY);
    if (!Names.KEYRING_TYPE.equals(secret.getType())) {
      return damaged(
          secret,
          "exists and is not of type "
              + Names.KEYRING_TYPE
              + ": rename that Secret, or the SigningSecret");
    }
    if (text == null) {
      return damaged(secret, "has no entry " + Names.KEYRING_ENTRY + ": restore it from a backup");
    }
    byte[] json = Base64.getDecoder().decode(text);
    try {
      return KeyringJson.read(json);
    } finally {
      Arrays.fill(json, (byte) 0);
    }
  }

  private static KeyringReading damaged(Secret secret, String what) {
    return new KeyringReading.Damaged(
        new KeyringFinding(
            Reason.KeyringLost, "keyring.json", "Secret " + Names.of(secret) + " " + what));
  }

  /**
   * Stores a keyring.
   *
   * @param former the Secret that it was planned from; null where there was none
   * @param owner with {@code deletionPolicy: Delete}; null = the keys stay
   * @throws io.fabric8.kubernetes.client.KubernetesClientException 409 where somebody else was
   *     faster: plan again
   */
  public void store(
      ResourceName signingSecret,
      Keyring keyring,
      @Nullable Secret former,
      @Nullable OwnerReference owner) {
    Secret wanted = secret(signingSecret, keyring, former, owner);
    Secret answer =
        former == null
            ? client.secrets().resource(wanted).create()
            : client.secrets().resource(wanted).update();
    answer.getMetadata().setManagedFields(null);
    cache.recentKeyrings().wrote(answer);
  }

  /** Whether the Secret has the owner that it should have. */
  public static boolean owned(Secret secret, @Nullable OwnerReference owner) {
    return Objects.requireNonNullElse(
            secret.getMetadata().getOwnerReferences(), List.<OwnerReference>of())
        .equals(owner == null ? List.of() : List.of(owner));
  }

  private static Secret secret(
      ResourceName signingSecret,
      Keyring keyring,
      @Nullable Secret former,
      @Nullable OwnerReference owner) {
    byte[] json = KeyringJson.write(keyring);
    String text = Base64.getEncoder().encodeToString(json);
    Arrays.fill(json, (byte) 0);
    ResourceName name = Names.keyring(signingSecret);
    return new SecretBuilder()
        .withNewMetadata()
        .withNamespace(name.namespace())
        .withName(name.name())
        .withResourceVersion(former == null ? null : former.getMetadata().getResourceVersion())
        .addToLabels(Names.MANAGED_BY_LABEL, Names.MANAGED_BY)
        .withOwnerReferences(owner == null ? List.of() : List.of(owner))
        .endMetadata()
        .withType(Names.KEYRING_TYPE)
        .withData(Map.of(Names.KEYRING_ENTRY, text))
        .build();
  }
}
