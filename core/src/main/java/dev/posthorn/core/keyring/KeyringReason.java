package dev.posthorn.core.keyring;

/** Why a wish was not carried out, or a keyring cannot be used. Names are condition reasons. */
public enum KeyringReason {
  /** More keys would overlap than {@code maxOverlapping} allows. Cure: wait, or acknowledge. */
  MaxOverlapReached,
  /**
   * A wish names a key that this keyring does not hold. Cure: {@code status.versions} lists them.
   */
  UnknownKeyId,
  /** The wish has no effect on this kind of secret. Cure: the message says what has. */
  NothingToDo,
  /** The clock is more than 60 s apart from the reference clock. Cure: mend the clock. */
  ClockSkew,
  /** The referenced Secret, or its key, is not there. Cure: create it; the former keys go on. */
  SourceNotFound,
  /** The referenced Secret holds a revoked or unusable key. Cure: put another key into it. */
  SourceRefused,
  /** The stored keyring is damaged or of another kind. Cure: restore it from a copy. */
  KeyringLost
}
