package dev.posthorn.cli.demo;

/**
 * One request as a receiver saw it.
 *
 * @param endpoint which receiver, as {@code acme/orders}
 * @param eventId the id that stays the same over all attempts
 * @param eventType such as {@code order.paid}
 * @param attempt from 1
 * @param signatures how many signatures the request carried
 * @param verified whether the customer's own code accepted one of them
 * @param reaction what the receiver did
 */
record Arrival(
    String endpoint,
    String eventId,
    String eventType,
    int attempt,
    int signatures,
    boolean verified,
    Reaction reaction) {

  /** What a receiver does with a request. */
  enum Reaction {
    /** Answers 200. */
    ACCEPTED,
    /** Answers 401: the signature is wrong. */
    REFUSED,
    /** Answers 503. */
    FAILED,
    /** Does not answer. */
    HUNG
  }
}
