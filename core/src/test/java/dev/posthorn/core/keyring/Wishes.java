package dev.posthorn.core.keyring;

import dev.posthorn.crds.SecretKeyRef;
import dev.posthorn.crds.SigningSecretSpec;
import dev.posthorn.crds.SigningSecretSpec.Algorithm;
import dev.posthorn.crds.SigningSecretSpec.DeletionPolicy;
import dev.posthorn.crds.SigningSecretSpec.Generate;
import dev.posthorn.crds.SigningSecretSpec.KeyFormat;
import dev.posthorn.crds.SigningSecretSpec.Revocation;
import dev.posthorn.crds.SigningSecretSpec.Rotation;
import dev.posthorn.crds.SigningSecretSpec.WhenActiveRevoked;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a user wishes of a SigningSecret, changed one wish at a time. Overlap: a day. */
record Wishes(
    Algorithm algorithm,
    @Nullable Generate generate,
    @Nullable SecretKeyRef secretRef,
    Rotation rotation,
    @Nullable Revocation revocation) {
  static final int OVERLAP = 86_400;
  private static final SecretKeyRef REF = new SecretKeyRef("acme", "key");

  static Wishes generated() {
    return generated(KeyFormat.Whsec);
  }

  static Wishes generated(KeyFormat format) {
    return new Wishes(
        Algorithm.HmacSha256, new Generate(32, format, null), null, rotation(null, null), null);
  }

  static Wishes imported() {
    return new Wishes(
        Algorithm.HmacSha256,
        new Generate(32, KeyFormat.Whsec, REF),
        null,
        rotation(null, null),
        null);
  }

  static Wishes brought() {
    return new Wishes(Algorithm.HmacSha256, null, REF, rotation(null, null), null);
  }

  Wishes ed25519() {
    return new Wishes(Algorithm.Ed25519, generate, secretRef, rotation, revocation);
  }

  Wishes every(int seconds) {
    return with(
        new Rotation(
            seconds, OVERLAP, 2, rotation.rotateAfter(), rotation.acknowledgedKeyId(), null));
  }

  Wishes rotateAfter(Instant time) {
    return with(
        new Rotation(
            rotation.intervalSeconds(),
            rotation.overlapSeconds(),
            2,
            time.toString(),
            rotation.acknowledgedKeyId(),
            null));
  }

  Wishes acknowledged(String keyId) {
    return with(
        new Rotation(
            rotation.intervalSeconds(),
            rotation.overlapSeconds(),
            2,
            rotation.rotateAfter(),
            keyId,
            null));
  }

  Wishes overlap(int seconds) {
    return with(
        new Rotation(
            rotation.intervalSeconds(),
            seconds,
            2,
            rotation.rotateAfter(),
            rotation.acknowledgedKeyId(),
            null));
  }

  Wishes revoke(WhenActiveRevoked policy, String... keyIds) {
    return new Wishes(
        algorithm, generate, secretRef, rotation, new Revocation(null, List.of(keyIds), policy));
  }

  Wishes revokeCreatedBefore(WhenActiveRevoked policy, Instant time) {
    return new Wishes(
        algorithm,
        generate,
        secretRef,
        rotation,
        new Revocation(time.toString(), List.of(), policy));
  }

  private Wishes with(Rotation changed) {
    return new Wishes(algorithm, generate, secretRef, changed, revocation);
  }

  private static Rotation rotation(@Nullable Integer interval, @Nullable String rotateAfter) {
    return new Rotation(interval, OVERLAP, 2, rotateAfter, null, null);
  }

  SigningSecretSpec spec() {
    return new SigningSecretSpec(
        algorithm, generate, secretRef, rotation, revocation, DeletionPolicy.Retain, null);
  }
}
