package dev.posthorn.core.keyring;

/** Where a key version stands at an instant. Computed from times, never stored. */
public enum KeyState {
  /** Made, but signs nothing yet: it propagates, or waits to be acknowledged. */
  Staged,
  /** The newest that signs. */
  Active,
  /** Signs beside a newer one until its end. */
  Overlapping,
  /** Past its end. Its material is kept for 24 h more. */
  Expired,
  /** Signs never again. Its material is gone. */
  Revoked
}
