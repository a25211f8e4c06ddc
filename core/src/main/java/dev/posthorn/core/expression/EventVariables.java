package dev.posthorn.core.expression;

import dev.posthorn.core.event.Event;

/**
 * One event as filters and transforms see it. Make one per event and share it over all filters: its
 * data is parsed at the first filter that needs it, once. For one thread at a time.
 */
public final class EventVariables {
  private final Event event;

  private EventVariables(Event event) {
    this.event = event;
  }

  /** The variables of {@code event}; costs nothing yet. */
  public static EventVariables of(Event event) {
    return new EventVariables(event);
  }

  Event event() {
    return event;
  }
}
