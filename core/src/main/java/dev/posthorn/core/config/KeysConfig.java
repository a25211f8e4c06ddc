package dev.posthorn.core.config;

import dev.posthorn.core.keyring.Keyring;

/**
 * The keys of one SigningSecret; endpoints name it, so a rotation or revocation is one write for
 * any number of endpoints. {@code toString} shows no key.
 *
 * @param name the SigningSecret
 * @param keyring all versions; which of them sign follows from the time of signing
 * @param cutover which key signs where a scheme has room for one signature
 */
public record KeysConfig(ResourceName name, Keyring keyring, Cutover cutover) {

  /** Which of several valid keys signs where a scheme carries one signature. */
  public enum Cutover {
    /** The oldest: receivers switch during the overlap. */
    AT_OVERLAP_END,
    /** The newest: the receiver has it already. */
    IMMEDIATELY
  }
}
