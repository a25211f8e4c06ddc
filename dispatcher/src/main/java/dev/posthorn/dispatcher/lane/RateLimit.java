package dev.posthorn.dispatcher.lane;

import java.util.ArrayDeque;

/**
 * At most so many requests begin in any period of a length. It remembers when the last ones began,
 * so that a burst after a pause is possible and the limit holds all the same; a token bucket would
 * let twice as many through in its first period. What a former process sent is not known.
 */
final class RateLimit {
  /** No limit. */
  static final RateLimit NONE = new RateLimit(Integer.MAX_VALUE, 0);

  private final int requests;
  private final long periodMillis;
  private final ArrayDeque<Long> begun = new ArrayDeque<>();

  RateLimit(int requests, long periodMillis) {
    this.requests = requests;
    this.periodMillis = periodMillis;
  }

  /** This one where it is such a limit already, else another one that knows what began. */
  RateLimit as(EndpointPlan.Rate rate) {
    if (rate.requests() == requests && rate.periodMillis() == periodMillis) {
      return this;
    }
    var other = new RateLimit(rate.requests(), rate.periodMillis());
    begun.forEach(other::begin);
    return other;
  }

  /** When another request may begin, epoch milliseconds; 0 where it may at once. */
  long freeAt() {
    return begun.size() < requests ? 0 : begun.getFirst() + periodMillis;
  }

  /** A request begins. */
  void begin(long now) {
    if (periodMillis > 0) {
      begun.addLast(now);
      if (begun.size() > requests) {
        begun.removeFirst();
      }
    }
  }
}
