package dev.posthorn.operator.reconcile;

import dev.posthorn.core.keyring.KeyMaterial;
import dev.posthorn.core.keyring.KeyVersion;
import dev.posthorn.core.keyring.Keyring;
import dev.posthorn.core.keyring.Plan;
import dev.posthorn.core.keyring.PublicKeys;
import dev.posthorn.crds.SigningSecret;
import dev.posthorn.crds.SigningSecretStatus;
import dev.posthorn.crds.SigningSecretStatus.Version;
import dev.posthorn.operator.cluster.Names;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The status of a SigningSecret. Pure. */
final class SigningSecretStatuses {
  private static final SigningSecretStatus NOTHING =
      new SigningSecretStatus(null, List.of(), null, null, null, List.of());

  /** As many as the schema takes; older ones have expired long since. */
  private static final int MAX_VERSIONS = 128;

  private SigningSecretStatuses() {}

  /** The status that is there, in our order. */
  static SigningSecretStatus former(@Nullable SigningSecretStatus status) {
    return status == null
        ? NOTHING
        : new SigningSecretStatus(
            status.observedGeneration(),
            Conditions.sorted(status.conditions()),
            status.keyringSecretName(),
            status.activeKeyId(),
            status.nextRotationTime(),
            status.versions());
  }

  static SigningSecretStatus of(
      SigningSecret secret, @Nullable Plan plan, Conditions conditions, Instant now) {
    Keyring keyring = plan == null ? null : plan.keyring();
    Instant rotation = plan == null ? null : plan.nextRotation();
    return new SigningSecretStatus(
        secret.getMetadata().getGeneration(),
        conditions.list(),
        keyring == null ? null : Names.keyring(Names.of(secret)).name(),
        keyring == null ? null : keyring.activeAt(now).map(KeyVersion::keyId).orElse(null),
        rotation == null ? null : rotation.toString(),
        keyring == null ? List.of() : versions(keyring, now));
  }

  private static List<Version> versions(Keyring keyring, Instant now) {
    List<KeyVersion> all = keyring.versions();
    return all.subList(Math.max(0, all.size() - MAX_VERSIONS), all.size()).stream()
        .map(version -> version(version, keyring, now))
        .toList();
  }

  private static Version version(KeyVersion version, Keyring keyring, Instant now) {
    return new Version(
        (long) version.version(),
        version.keyId(),
        keyring.stateAt(version, now).name(),
        version.createdTime().toString(),
        text(version.times().notBefore()),
        text(version.times().expiresTime()),
        text(version.times().revokedTime()),
        publicKey(version, keyring));
  }

  private static @Nullable String publicKey(KeyVersion version, Keyring keyring) {
    KeyMaterial material = version.material();
    return material == null || !PublicKeys.isPair(keyring.algorithm())
        ? null
        : PublicKeys.of(material.bytes());
  }

  private static @Nullable String text(@Nullable Instant time) {
    return time == null ? null : time.toString();
  }
}
