package dev.posthorn.core.keyring;

import java.security.MessageDigest;
import java.util.Arrays;

/**
 * The bytes of a secret as configured, for example the UTF-8 of {@code whsec_...}; each signature
 * scheme derives its own key from them.
 *
 * <p>Equality takes constant time; nothing here shows the bytes but {@link #bytes}. After {@link
 * #close} they are zero.
 */
public final class KeyMaterial implements AutoCloseable {
  private final byte[] bytes;

  private KeyMaterial(byte[] bytes) {
    this.bytes = bytes;
  }

  /** Copies {@code bytes}; the caller wipes its own. */
  public static KeyMaterial of(byte[] bytes) {
    return new KeyMaterial(bytes.clone());
  }

  /** A copy, for the caller to wipe. */
  public byte[] bytes() {
    return bytes.clone();
  }

  /** Number of bytes. */
  public int length() {
    return bytes.length;
  }

  @Override
  public void close() {
    Arrays.fill(bytes, (byte) 0);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof KeyMaterial that && MessageDigest.isEqual(bytes, that.bytes);
  }

  /** The length alone: a hash of the content would tell something about it. */
  @Override
  public int hashCode() {
    return bytes.length;
  }

  @Override
  public String toString() {
    return "KeyMaterial[redacted]";
  }
}
