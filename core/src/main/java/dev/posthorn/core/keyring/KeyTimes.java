package dev.posthorn.core.keyring;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * From when to when a key version signs.
 *
 * @param notBefore absent: waits to be acknowledged, signs nothing until then
 * @param expiresTime first instant at which it signs no more; absent: open end
 * @param revokedTime present: signs nothing, whatever the other times say
 */
public record KeyTimes(
    @Nullable Instant notBefore, @Nullable Instant expiresTime, @Nullable Instant revokedTime) {
  /** Of a key that signs only once its receiver has it. */
  public static final KeyTimes AWAITED = new KeyTimes(null, null, null);

  /** Whether the version belongs to the signing set at {@code t}. */
  public boolean signsAt(Instant t) {
    return revokedTime == null
        && notBefore != null
        && !notBefore.isAfter(t)
        && (expiresTime == null || t.isBefore(expiresTime));
  }
}
