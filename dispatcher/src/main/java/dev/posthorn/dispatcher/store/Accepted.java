package dev.posthorn.dispatcher.store;

import dev.posthorn.core.event.EventId;

/** What became of an event that was given to the store; it is durable when this value exists. */
public sealed interface Accepted {
  /** The id the producer is told. */
  EventId id();

  /**
   * Stored as a new event.
   *
   * @param seq its sequence number
   */
  record Stored(EventId id, long seq) implements Accepted {}

  /**
   * Known already: the first body stands.
   *
   * @param id the id that the first publish got
   */
  record Duplicate(EventId id) implements Accepted {}
}
