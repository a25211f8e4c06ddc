package dev.posthorn.dispatcher.accept;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.posthorn.core.event.Event;
import dev.posthorn.core.event.EventData;
import dev.posthorn.core.event.EventId;
import dev.posthorn.core.event.PublishedEvent;
import dev.posthorn.dispatcher.snapshot.Snapshot;
import dev.posthorn.dispatcher.store.NewEvent;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
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

  private static final JsonMapper JSON = JsonMapper.builder().build();

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
   * A system event.
   *
   * @param subject kind and name of the resource that it speaks of: {@code WebhookEndpoint/orders}
   * @param time when it happened
   * @param data what it says; texts and numbers only
   */
  public static PublishedEvent of(
      String tenant, String type, String subject, Instant time, ObjectNode data) {
    return new PublishedEvent(
        tenant,
        type,
        SOURCE,
        null,
        subject,
        time,
        EventData.of(bytes(data), EventData.JSON_TYPE),
        null,
        null,
        Map.of());
  }

  /** What an event says, to be filled. */
  public static ObjectNode data() {
    return JSON.createObjectNode();
  }

  private static byte[] bytes(ObjectNode data) {
    try {
      return JSON.writeValueAsBytes(data);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("texts are always JSON", e);
    }
  }

  /**
   * The event under its id, with those of its tenant who get it; and as an event of another tenant
   * where that one's endpoint gets the system events of all.
   *
   * @param about number of the endpoint that it speaks of, or {@link #OF_NO_ENDPOINT}
   * @return empty before the first configuration
   */
  public Optional<List<NewEvent>> prepare(PublishedEvent published, int about) {
    Snapshot snapshot = snapshots.get();
    if (snapshot == null) {
      return Optional.empty();
    }
    Event event = numbered(published);
    List<Integer> targets = others(matcher.targets(event, snapshot), about);
    var prepared = new ArrayList<NewEvent>();
    prepared.add(new NewEvent(event, NO_KEY, targets));
    snapshot
        .alerts()
        .filter(alerts -> !alerts.tenant().equals(published.tenant()))
        .flatMap(alerts -> alert(alerts, published))
        .ifPresent(prepared::add);
    return Optional.of(List.copyOf(prepared));
  }

  private Optional<NewEvent> alert(Snapshot.Alerts alerts, PublishedEvent published) {
    Event event = numbered(published.withTenant(alerts.tenant()));
    return matcher.wants(alerts.subscriber(), event)
        ? Optional.of(new NewEvent(event, NO_KEY, List.of(alerts.subscriber().number())))
        : Optional.empty();
  }

  private Event numbered(PublishedEvent published) {
    Instant now = clock.instant();
    return new Event(EventId.next(now, random), now, published);
  }

  /** Nobody is told of an endpoint by that endpoint alone. */
  private static List<Integer> others(List<Integer> targets, int about) {
    return targets.equals(List.of(about)) ? List.of() : targets;
  }
}
