package dev.posthorn.core.expression;

/** A compiled filter. Immutable, safe for any thread. */
public final class Filter {
  Filter() {}

  /** Whether the endpoint wants {@code event}. Never throws for what the event holds. */
  public FilterOutcome test(EventVariables event) {
    throw new UnsupportedOperationException();
  }
}
