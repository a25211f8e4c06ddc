package dev.posthorn.crds;

/**
 * The condition types. {@code Ready} sums up all others of its kind but {@code Delivering} and
 * {@code RotationAccepted}.
 */
public enum ConditionType {
  /** The object is valid and its Dispatcher takes it. */
  Accepted,
  /** Everything that it refers to is there and readable. */
  ResolvedRefs,
  /** Every ready pod works with it. */
  Programmed,
  /** All of it is in effect. */
  Ready,
  /**
   * The receiver takes deliveries. Never part of Ready: a customer's dead server is not a failed
   * sync.
   */
  Delivering,
  /** The stream can be read. */
  Connected,
  /** The installation serves. */
  Available,
  /** The wished rotation takes place. Never part of Ready. */
  RotationAccepted,
  /** Only somebody's change helps; absent otherwise. */
  Stalled
}
