package dev.posthorn.dispatcher.store;

import dev.posthorn.core.event.EventId;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Which deliveries to an endpoint are to be made again.
 *
 * @param endpoint its number
 * @param types patterns as in {@code events.types}; empty for all types
 * @param fromTime events accepted before it are left out; null for as far back as they are kept
 * @param toTime events accepted at it or later are left out
 * @param events these events alone; empty for all
 * @param ratePerSecond deliveries opened a second at most, from 1
 */
public record ReplayWish(
    int endpoint,
    Select select,
    List<String> types,
    @Nullable Instant fromTime,
    Instant toTime,
    List<EventId> events,
    int ratePerSecond) {

  /** Copies the lists. */
  public ReplayWish {
    types = List.copyOf(types);
    events = List.copyOf(events);
  }

  /** What must have become of an event at the endpoint. */
  public enum Select {
    /** It ended without success. */
    DEAD_LETTERS("DeadLetters"),
    /** It ended without success, or waits for a retry. */
    FAILED("Failed"),
    /** Nothing: it matches the present subscription, and never was to go there. */
    MISSING("Missing"),
    /** Whatever it was: it matches the present subscription. */
    ALL("All");

    private final String wire;

    Select(String wire) {
      this.wire = wire;
    }

    /** As calls spell it, and rows. */
    public String wire() {
      return wire;
    }

    /** The constant of a {@link #wire()} text. */
    public static Optional<Select> ofWire(String wire) {
      return Stream.of(values()).filter(each -> each.wire.equals(wire)).findFirst();
    }

    /** Whether the present subscription decides, so that each event must be asked about. */
    public boolean bySubscription() {
      return this == MISSING || this == ALL;
    }
  }
}
