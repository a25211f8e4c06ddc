package dev.posthorn.core.signing;

/** Why a received request is not to be trusted: one constant per rule of verification. */
public enum Rejection {
  /** There is no live key to check with. Cure: name a secret, or acknowledge the successor. */
  NoKey,
  /** A header that the scheme needs is absent. Cure: the sender's settings, or a proxy drops it. */
  HeaderMissing,
  /** A header that must be single came twice with different values. Cure: look for a proxy. */
  HeaderAmbiguous,
  /** More than 8 KiB in the header. Cure: it is not this scheme's header. */
  HeaderTooLong,
  /** More than 16 items in the header. Cure: the sender must drop old keys. */
  TooManyItems,
  /** No item has the scheme's prefix. Cure: sender and receiver use different schemes. */
  NoSignature,
  /**
   * Not the canonical base64 or lower-case hexadecimal of a signature. Cure: the sender's encoding.
   */
  SignatureMalformed,
  /** Not a time in the scheme's format. Cure: the sender's format, as milliseconds for seconds. */
  TimestampMalformed,
  /** Right format, but too old or too far ahead. Cure: the clocks, or a queue before the check. */
  TimestampOutsideTolerance,
  /** The body lacks what the scheme reads from it, or is not JSON. Cure: another scheme. */
  BodyMalformed,
  /** No key gives any of the signatures. Cure: the raw body, or the right secret. */
  SignatureMismatch
}
