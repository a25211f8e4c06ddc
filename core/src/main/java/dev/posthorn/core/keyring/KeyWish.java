package dev.posthorn.core.keyring;

import dev.posthorn.crds.Reason;
import dev.posthorn.crds.SigningSecretSpec;
import dev.posthorn.crds.SigningSecretSpec.Revocation;
import dev.posthorn.crds.SigningSecretSpec.Rotation;
import dev.posthorn.crds.SigningSecretSpec.WhenActiveRevoked;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A wish that somebody has now, beside those of the SigningSecret: what a call of the API asks for.
 * It is planned once; what it led to is in the keyring, so that nothing of it has to be kept.
 */
public sealed interface KeyWish {
  /** A new key, whenever the last one was made. */
  record Rotate() implements KeyWish {}

  /** This key signs nothing more. */
  record Revoke(String keyId) implements KeyWish {}

  /** The receiver has this key: older ones need not overlap any longer. */
  record Acknowledge(String keyId) implements KeyWish {}

  /**
   * {@code spec} with this wish, for one plan.
   *
   * @param now as the plan sees it: not before the keyring's observed time, whole milliseconds
   */
  default SigningSecretSpec addTo(SigningSecretSpec spec, Instant now) {
    Rotation rotation = spec.rotation();
    return switch (this) {
      case Rotate() ->
          with(spec, rotation(rotation, now.toString(), rotation.acknowledgedKeyId()), null);
      case Acknowledge(String keyId) ->
          with(spec, rotation(rotation, rotation.rotateAfter(), keyId), null);
      case Revoke(String keyId) -> with(spec, rotation, revocation(spec.revocation(), keyId));
    };
  }

  private static Rotation rotation(
      Rotation former, @Nullable String rotateAfter, @Nullable String acknowledged) {
    return new Rotation(
        former.intervalSeconds(),
        former.overlapSeconds(),
        former.maxOverlapping(),
        rotateAfter,
        acknowledged,
        former.cutover());
  }

  private static Revocation revocation(@Nullable Revocation former, String keyId) {
    return former == null
        ? new Revocation(null, List.of(keyId), WhenActiveRevoked.PauseUntilAcknowledged)
        : new Revocation(
            former.createdBefore(),
            Stream.concat(former.keyIds().stream(), Stream.of(keyId)).distinct().toList(),
            former.whenActiveRevoked());
  }

  private static SigningSecretSpec with(
      SigningSecretSpec spec, Rotation rotation, @Nullable Revocation revocation) {
    return new SigningSecretSpec(
        spec.algorithm(),
        spec.generate(),
        spec.secretRef(),
        rotation,
        revocation == null ? spec.revocation() : revocation,
        spec.deletionPolicy(),
        spec.verificationSecretName());
  }

  /**
   * Why nothing came of this wish; empty where it came true, also if it was true before.
   *
   * @param before the keyring that was planned from
   * @param after the keyring as planned at {@code now}
   * @param findings of that plan
   */
  default Optional<KeyringFinding> refusal(
      Keyring before, Keyring after, List<KeyringFinding> findings, Instant now) {
    return switch (this) {
      case Rotate() -> rotationRefusal(before, after, findings);
      case Revoke(String keyId) -> missing(keyId, after);
      case Acknowledge(String keyId) ->
          missing(keyId, after).or(() -> acknowledgementRefusal(keyId, after, now));
    };
  }

  private static Optional<KeyringFinding> rotationRefusal(
      Keyring before, Keyring after, List<KeyringFinding> findings) {
    if (newest(after) > newest(before)) {
      return Optional.empty();
    }
    Optional<KeyringFinding> told =
        findings.stream()
            .filter(each ->
                each.reason() == Reason.MaxOverlapReached || each.reason() == Reason.NothingToDo)
            .findFirst();
    return Optional.of(
        told.orElseGet(() ->
            new KeyringFinding(
                Reason.NothingToDo,
                "spec.rotation",
                after.versions().stream().anyMatch(v -> v.times().equals(KeyTimes.AWAITED))
                    ? "the successor of a revoked key waits to be acknowledged: do that first"
                    : "the newest key was made in this very moment: use it")));
  }

  private static int newest(Keyring keyring) {
    return keyring.versions().stream().mapToInt(KeyVersion::version).max().orElse(0);
  }

  private static Optional<KeyringFinding> missing(String keyId, Keyring keyring) {
    return find(keyId, keyring).isPresent()
        ? Optional.empty()
        : Optional.of(
            new KeyringFinding(
                Reason.UnknownKeyId,
                "keyId",
                "no key of this SigningSecret has the id "
                    + keyId
                    + ": reveal lists those it has"));
  }

  private static Optional<KeyVersion> find(String keyId, Keyring keyring) {
    return keyring.versions().stream().filter(version -> version.keyId().equals(keyId)).findFirst();
  }

  private static Optional<KeyringFinding> acknowledgementRefusal(
      String keyId, Keyring keyring, Instant now) {
    KeyVersion version = find(keyId, keyring).orElseThrow();
    String why =
        switch (keyring.stateAt(version, now)) {
          case Active, Overlapping -> null;
          case Staged ->
              "does not sign before " + version.times().notBefore() + ": acknowledge it then";
          case Expired, Revoked -> "signs nothing any more: acknowledge the key that does";
        };
    return Optional.ofNullable(why)
        .map(text -> new KeyringFinding(Reason.NothingToDo, "keyId", keyId + " " + text));
  }
}
