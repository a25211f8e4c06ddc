package dev.posthorn.core.signing;

/** What the bytes of a secret are to a scheme. */
public sealed interface KeyReading {
  /** Usable; the caller closes the key when nothing signs with it any more. */
  record Usable(SigningKey key) implements KeyReading {}

  /** Not a key of this scheme; the finding shows nothing of the secret. */
  record Unusable(SchemeFinding finding) implements KeyReading {}
}
