package dev.posthorn.dispatcher.lane;

import dev.posthorn.core.config.OutcomeClass;

/**
 * How many requests an endpoint gets at once: up to its configured maximum, halved when it says
 * that it has too much, growing again with success (additive increase, multiplicative decrease).
 */
final class AdaptiveLimit {
  private int max;
  private double limit;

  AdaptiveLimit(int max) {
    this.max = max;
    this.limit = max;
  }

  /** Requests allowed at once, from 1. */
  int value() {
    return (int) limit;
  }

  void setMax(int newMax) {
    boolean wasFull = limit >= max;
    max = newMax;
    limit = wasFull ? newMax : Math.min(limit, newMax);
  }

  /** Starts again from one request at a time. */
  void restart() {
    limit = 1;
  }

  void observe(OutcomeClass outcome, int status) {
    if (outcome == OutcomeClass.DELIVERED) {
      limit = Math.min(max, limit + 1 / limit);
    } else if (overloaded(outcome, status)) {
      limit = Math.max(1, limit / 2);
    }
  }

  private static boolean overloaded(OutcomeClass outcome, int status) {
    return outcome.consequence() == OutcomeClass.Consequence.SLOW_DOWN
        || (status >= 502 && status <= 504);
  }
}
