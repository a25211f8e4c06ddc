package dev.posthorn.core.signing;

import org.jspecify.annotations.Nullable;

/**
 * A key as one scheme uses it, made by {@link Scheme#key}; it belongs to that scheme's algorithm.
 *
 * <p>Safe for any number of threads. It shows nothing of the key. {@link #close} forgets the key;
 * signing with a closed key throws {@link IllegalStateException}.
 */
public final class SigningKey implements AutoCloseable {
  private volatile @Nullable Signer signer;

  SigningKey(Signer signer) {
    this.signer = signer;
  }

  Signer signer() {
    Signer open = signer;
    if (open == null) {
      throw new IllegalStateException("signing key is closed: take the keys of a newer snapshot");
    }
    return open;
  }

  /** Whether it signs; a public key only verifies. */
  public boolean signs() {
    return signer().signs();
  }

  @Override
  public void close() {
    signer = null;
  }

  @Override
  public String toString() {
    return "SigningKey[redacted]";
  }
}
