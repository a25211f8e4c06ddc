package dev.posthorn.core.keyring;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * All versions of one SigningSecret, as stored. Immutable.
 *
 * @param keyringId random; a keyring with another id is another keyring, whatever its name
 * @param revision one more per write
 * @param observedTime of the last write: no later plan is made for an earlier time
 * @param algorithm as in the SigningSecret
 * @param versions ascending; a version that lost its material stays for its times
 * @param revokedDigests keyed digests of revoked material, so that it is refused when it comes back
 */
public record Keyring(
    String keyringId,
    long revision,
    Instant observedTime,
    String algorithm,
    List<KeyVersion> versions,
    List<String> revokedDigests) {

  /** Takes copies of the lists. */
  public Keyring {
    versions = List.copyOf(versions);
    revokedDigests = List.copyOf(revokedDigests);
  }

  /** The versions by their times; ask it for the keys of an instant. */
  public SigningSet<KeyVersion> signingSet() {
    return SigningSet.of(
        versions.stream()
            .map(version -> new SigningSet.Entry<>(version.version(), version.times(), version))
            .toList());
  }

  /** The newest version that signs at {@code t}; empty while deliveries wait. */
  public Optional<KeyVersion> activeAt(Instant t) {
    return signingSet().at(t).stream().findFirst();
  }

  /** Whether there are keys but none may sign at {@code t}: deliveries are held, never unsigned. */
  public boolean pausedAt(Instant t) {
    return signingSet().at(t).isEmpty();
  }

  /**
   * The same keyring, in which {@code keyId} is revoked; this one if it has no such key to revoke.
   * Where that was the current key, nothing signs from {@code t} on until the keyring's owner has
   * decided: receivers that have switched would refuse what former keys sign.
   */
  public Keyring denying(String keyId, Instant t) {
    boolean known =
        versions.stream().anyMatch(v -> v.keyId().equals(keyId) && v.times().revokedTime() == null);
    if (!known) {
      return this;
    }
    List<KeyVersion> left =
        versions.stream()
            .map(v -> v.keyId().equals(keyId) ? KeyTransition.Revoke.apply(v, t, t) : v)
            .toList();
    boolean held =
        left.stream()
            .map(KeyVersion::times)
            .noneMatch(times -> times.revokedTime() == null && times.expiresTime() == null);
    return new Keyring(
        keyringId,
        revision,
        observedTime,
        algorithm,
        held ? left.stream().map(v -> v.endingAt(t)).toList() : left,
        revokedDigests);
  }

  /** The state of one of this keyring's versions at {@code t}. */
  public KeyState stateAt(KeyVersion version, Instant t) {
    KeyTimes times = version.times();
    if (times.revokedTime() != null) {
      return KeyState.Revoked;
    }
    if (times.expiresTime() != null && !t.isBefore(times.expiresTime())) {
      return KeyState.Expired;
    }
    if (!times.signsAt(t)) {
      return KeyState.Staged;
    }
    return activeAt(t).filter(version::equals).isPresent() ? KeyState.Active : KeyState.Overlapping;
  }
}
