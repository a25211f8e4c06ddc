package dev.posthorn.core.event;

import java.time.Instant;

/**
 * An accepted event: what was published, under our id.
 *
 * @param id ours, the same for all endpoints, attempts and replays
 * @param accepted when it was accepted
 * @param published what the producer sent
 */
public record Event(EventId id, Instant accepted, PublishedEvent published) {

  /** When it happened: the producer's time, else the acceptance. */
  public Instant time() {
    Instant stated = published.time();
    return stated == null ? accepted : stated;
  }
}
