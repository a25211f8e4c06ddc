package dev.posthorn.dispatcher.source;

import dev.posthorn.core.event.PublishedEvent;

/** What an entry of a stream turned out to be. */
sealed interface EntryReading {
  /** An event. */
  record Mapped(PublishedEvent event) implements EntryReading {}

  /** An event that the stream's filter does not want. */
  record Filtered() implements EntryReading {}

  /** Nothing: the stream was trimmed before it was read. */
  record Trimmed() implements EntryReading {}

  /**
   * No event.
   *
   * @param reason one word for metrics
   * @param message one sentence for people, with the cure; quotes no payload
   * @param payload what is kept of it
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Unmappable(String reason, String message, byte[] payload) implements EntryReading {}
}
