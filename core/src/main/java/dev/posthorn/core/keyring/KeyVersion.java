package dev.posthorn.core.keyring;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One version of a key.
 *
 * @param version from 1, never reused
 * @param keyId {@code k_} and 6 hexadecimal digits, random: it says nothing about the key
 * @param material absent once it was removed: at once after a revocation, 24 h after the end
 */
public record KeyVersion(
    int version,
    String keyId,
    @Nullable KeyMaterial material,
    Instant createdTime,
    KeyTimes times) {

  /** Whether its material is still here and equals {@code other}, in constant time. */
  boolean holds(KeyMaterial other) {
    return material != null && other.equals(material);
  }

  KeyVersion withTimes(
      @Nullable Instant notBefore, @Nullable Instant expiresTime, @Nullable Instant revokedTime) {
    return new KeyVersion(
        version, keyId, material, createdTime, new KeyTimes(notBefore, expiresTime, revokedTime));
  }

  /** The same, with no later end than {@code t}. */
  KeyVersion endingAt(Instant t) {
    Instant end = times.expiresTime();
    boolean goesOn = times.revokedTime() == null && (end == null || end.isAfter(t));
    return goesOn ? withTimes(times.notBefore(), t, null) : this;
  }

  KeyVersion withoutMaterial() {
    return new KeyVersion(version, keyId, null, createdTime, times);
  }
}
