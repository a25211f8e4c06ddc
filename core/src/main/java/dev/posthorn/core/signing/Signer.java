package dev.posthorn.core.signing;

import java.util.List;

/** One algorithm with one key. Thread-safe; content comes in parts so that no body is copied. */
interface Signer {
  /** Whether {@link #sign} works with this key. */
  boolean signs();

  /** Throws {@link IllegalStateException} for an algorithm or key that can only verify. */
  byte[] sign(byte[][] content);

  /**
   * Whether one of the signatures is this key's, in constant time for each; one of the wrong length
   * or form is not, without an exception.
   */
  boolean verifies(byte[][] content, List<byte[]> signatures);
}
