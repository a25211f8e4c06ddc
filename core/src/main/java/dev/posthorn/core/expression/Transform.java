package dev.posthorn.core.expression;

/** A compiled transform. Immutable, safe for any thread. */
public final class Transform {
  Transform() {}

  /** The body that {@code event} becomes. Never throws for what the event holds. */
  public TransformOutcome apply(EventVariables event) {
    throw new UnsupportedOperationException();
  }
}
