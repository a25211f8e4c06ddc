package dev.posthorn.core.config;

import dev.posthorn.core.keyring.Keyring;
import java.util.Collection;

/**
 * The keys of one SigningSecret; endpoints name it, so a rotation or revocation is one write for
 * any number of endpoints. {@code toString} shows no key.
 *
 * @param name the SigningSecret
 * @param keyring all versions; which of them sign follows from the time of signing
 * @param cutover which key signs where a scheme has room for one signature
 */
public record KeysConfig(ResourceName name, Keyring keyring, Cutover cutover) {

  /** The same keys, but those that {@code denials} name are revoked and have no material. */
  public KeysConfig without(Collection<KeyDenial> denials) {
    Keyring denied = keyring;
    for (KeyDenial denial : denials) {
      if (denial.keyringId().equals(keyring.keyringId())) {
        denied = denied.denying(denial.keyId(), denial.time());
      }
    }
    return new KeysConfig(name, denied, cutover);
  }

  /** Which of several valid keys signs where a scheme carries one signature. */
  public enum Cutover {
    /** The oldest: receivers switch during the overlap. */
    AT_OVERLAP_END,
    /** The newest: the receiver has it already. */
    IMMEDIATELY
  }
}
