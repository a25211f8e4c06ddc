package dev.posthorn.dispatcher.accept;

import dev.posthorn.core.event.Event;
import dev.posthorn.core.event.EventId;
import dev.posthorn.core.event.PublishedEvent;
import dev.posthorn.dispatcher.snapshot.Snapshot;
import dev.posthorn.dispatcher.store.NewEvent;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Prepares system events to be stored: who gets them, by the snapshot of the moment. It waits for
 * nothing, so that they can be prepared wherever their cause is decided. Thread-safe.
 */
public final class SystemEvents {
  /** What all system events have as their source. */
  public static final String SOURCE = "posthorn";

  /** For an event that speaks of no endpoint. */
  public static final int OF_NO_ENDPOINT = 0;

  private static final byte[] NO_KEY = {};

  private final Supplier<@Nullable Snapshot> snapshots;
  private final InstantSource clock;
  private final RandomGenerator random;
  private final Matcher matcher;

  /**
   * Creates it.
   *
   * @param snapshots the present snapshot; null before the first
   * @param random for event ids; must be safe for any thread
   */
  public SystemEvents(
      Supplier<@Nullable Snapshot> snapshots,
      InstantSource clock,
      RandomGenerator random,
      MeterRegistry meters) {
    this.snapshots = snapshots;
    this.clock = clock;
    this.random = random;
    this.matcher = new Matcher(meters);
  }

  /**
   * The event under its id, with those who get it.
   *
   * @param about number of the endpoint that it speaks of, or {@link #OF_NO_ENDPOINT}
   * @return empty before the first configuration
   */
  public Optional<List<NewEvent>> prepare(PublishedEvent published, int about) {
    Snapshot snapshot = snapshots.get();
    if (snapshot == null) {
      return Optional.empty();
    }
    Instant now = clock.instant();
    var event = new Event(EventId.next(now, random), now, published);
    List<Integer> targets = matcher.targets(event, snapshot);
    return Optional.of(List.of(new NewEvent(event, NO_KEY, others(targets, about))));
  }

  /** Nobody is told of an endpoint by that endpoint alone. */
  private static List<Integer> others(List<Integer> targets, int about) {
    return targets.equals(List.of(about)) ? List.of() : targets;
  }
}
