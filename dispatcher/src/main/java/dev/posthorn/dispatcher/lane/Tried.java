package dev.posthorn.dispatcher.lane;

import dev.posthorn.core.event.Event;
import dev.posthorn.core.event.EventId;
import dev.posthorn.core.event.TypePattern;
import java.time.Instant;

/**
 * The event of a try, as far as people are told of it.
 *
 * @param id its id
 * @param type its type
 * @param accepted when it was accepted
 */
public record Tried(EventId id, String type, Instant accepted) {
  /** What is told of {@code event}. */
  public static Tried of(Event event) {
    return new Tried(event.id(), event.published().type(), event.accepted());
  }

  /** Whether it is a system event: of its failures nobody is told. */
  public boolean ofSystem() {
    return type.startsWith(TypePattern.SYSTEM_PREFIX);
  }
}
