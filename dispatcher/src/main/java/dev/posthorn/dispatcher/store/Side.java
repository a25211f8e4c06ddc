package dev.posthorn.dispatcher.store;

/** The two ordered sets of an endpoint's open deliveries. */
public enum Side {
  /** Never attempted: ordered by seq. */
  FRESH,
  /** Attempted before, or replayed: ordered by (due, seq). */
  RETRY
}
