package dev.posthorn.core.keyring;

/** What a stored {@code keyring.json} turned out to be. */
public sealed interface KeyringReading {
  /** Whole and unaltered. */
  record Intact(Keyring keyring) implements KeyringReading {}

  /** Not to be used: unreadable, altered or written by a newer version. */
  record Damaged(KeyringFinding finding) implements KeyringReading {}
}
