package dev.posthorn.core.keyring;

/** What can happen to one key version; what it does is the table in {@link KeyTransition}. */
enum KeyMessage {
  /** A newer version takes over: this one overlaps from now on. */
  Superseded,
  /** The receiver says that it has a newer version. */
  SuccessorAcknowledged,
  /** The receiver says that it has this version. */
  Acknowledged,
  /** It leaked. */
  Revoked,
  /** The customer put the same bytes into his Secret again. */
  Returned,
  /** Deliveries are held from now on, because a key leaked. */
  Held,
  /** 24 h have passed since its end. */
  RetentionOver
}
