package dev.posthorn.dispatcher.accept;

import dev.posthorn.core.config.Limits;
import dev.posthorn.core.event.Event;
import dev.posthorn.core.event.EventId;
import dev.posthorn.core.event.IdempotencyKey;
import dev.posthorn.core.event.PublishedEvent;
import dev.posthorn.dispatcher.snapshot.Snapshot;
import dev.posthorn.dispatcher.store.Accepted;
import dev.posthorn.dispatcher.store.NewEvent;
import dev.posthorn.dispatcher.store.StoreUnavailableException;
import dev.posthorn.dispatcher.store.TenantErasingException;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.ToLongFunction;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Accepts by the snapshot of the moment: every event goes to the endpoints of its tenant that want
 * it, whatever their state, and to the store in one piece. Thread-safe.
 */
public final class EventAcceptor implements Acceptor {
  /** What is counted as {@code posthorn.events.rejected}. */
  public static final String REJECTED =
      "Records of streams that could not become events, and events over their tenant's quota";

  private final Supplier<@Nullable Snapshot> snapshots;
  private final Function<List<NewEvent>, CompletableFuture<List<Accepted>>> store;
  private final BiFunction<List<NewEvent>, String, CompletableFuture<List<Accepted>>> once;
  private final SystemEvents systemEvents;
  private final InstantSource clock;
  private final RandomGenerator random;
  private final Matcher matcher;
  private final MeterRegistry meters;
  private final Counter deliveries;
  private final Counter duplicates;
  private final Counter overQuota;
  private final EventRates rates = new EventRates();
  private final StoredLimits stored;

  /**
   * Creates an acceptor.
   *
   * @param snapshots the present snapshot; null before the first
   * @param store stores events and answers once they are durable
   * @param once the same for a system event, under a name that it has once and for all
   * @param storedBytes how many bytes a tenant has stored, from memory
   * @param systemEvents prepares them
   * @param random for event ids; must be safe for any thread
   */
  public EventAcceptor(
      Supplier<@Nullable Snapshot> snapshots,
      Function<List<NewEvent>, CompletableFuture<List<Accepted>>> store,
      BiFunction<List<NewEvent>, String, CompletableFuture<List<Accepted>>> once,
      ToLongFunction<String> storedBytes,
      SystemEvents systemEvents,
      InstantSource clock,
      RandomGenerator random,
      MeterRegistry meters) {
    this.snapshots = snapshots;
    this.store = store;
    this.once = once;
    this.stored = new StoredLimits(storedBytes);
    this.systemEvents = systemEvents;
    this.clock = clock;
    this.random = random;
    this.meters = meters;
    this.matcher = new Matcher(meters);
    this.overQuota =
        Counter.builder("posthorn.events.rejected")
            .tag("reason", "quota")
            .description(REJECTED)
            .register(meters);
    this.deliveries = deliveries(meters);
    this.duplicates =
        Counter.builder("posthorn.events.duplicate")
            .description("Publishes of an event that was known already; the first body stands")
            .register(meters);
  }

  /** The counter of deliveries that begin. */
  public static Counter deliveries(MeterRegistry meters) {
    return Counter.builder("posthorn.deliveries.accepted")
        .description("Deliveries that were stored with an accepted event, or opened by a replay")
        .register(meters);
  }

  /** The counter of events that a source brings. */
  public static Counter events(MeterRegistry meters, String source) {
    return meters.counter("posthorn.events.accepted", "source", source);
  }

  @Override
  public Acceptance accept(List<PublishedEvent> events, String source) {
    Snapshot snapshot = snapshots.get();
    if (snapshot == null) {
      return new Acceptance.Refused(
          Acceptance.Cause.NOT_READY,
          "the first configuration is not complete yet; publish again in a second",
          1);
    }
    int limit = snapshot.settings().limits().maxPayloadBytes();
    for (PublishedEvent event : events) {
      if (event.data().bytes().length > limit) {
        return tooLarge(event, limit);
      }
    }
    Optional<Acceptance> over = overQuota(events, source, snapshot.settings().limits());
    if (over.isPresent()) {
      return over.get();
    }
    List<NewEvent> numbered = number(events, snapshot);
    Acceptance acceptance = durable(store.apply(numbered));
    if (acceptance instanceof Acceptance.Durable(var answers)) {
      count(numbered, answers, source);
      answers.stream()
          .filter(Accepted.Duplicate.class::isInstance)
          .forEach(_ -> duplicates.increment());
    }
    return acceptance;
  }

  /**
   * Stores a system event of a tenant, once under {@code name} however often this is called.
   *
   * @return false where that is not possible now
   */
  public boolean announce(PublishedEvent event, String name) {
    Optional<List<NewEvent>> prepared = systemEvents.prepare(event, SystemEvents.OF_NO_ENDPOINT);
    return prepared.isPresent()
        && durable(once.apply(prepared.get(), name)) instanceof Acceptance.Durable;
  }

  /** A stream decides by itself what becomes of records that find no room, and counts them. */
  private Optional<Acceptance> overQuota(
      List<PublishedEvent> events, String source, Limits limits) {
    Optional<Acceptance.Full> full = stored.full(events, limits);
    if (full.isPresent()) {
      if (source.equals(HTTP)) {
        overQuota.increment(events.size());
      }
      return Optional.of(full.get());
    }
    return overRate(events, source, limits);
  }

  /** Only who asked can be told to wait: a stream that tenants share must not be held up by one. */
  private Optional<Acceptance> overRate(List<PublishedEvent> events, String source, Limits limits) {
    if (events.stream().allMatch(each -> limits.of(each.tenant()).eventsPerSecond() == null)) {
      return Optional.empty();
    }
    Map<String, Integer> counts =
        events.stream().collect(Collectors.toMap(PublishedEvent::tenant, _ -> 1, Integer::sum));
    if (!source.equals(HTTP)) {
      rates.count(counts, limits, clock.millis());
      return Optional.empty();
    }
    int wait = rates.admit(counts, limits, clock.millis());
    if (wait == 0) {
      return Optional.empty();
    }
    overQuota.increment(events.size());
    return Optional.of(
        new Acceptance.Refused(
            Acceptance.Cause.TENANT_QUOTA,
            "more events a second than %s may publish (eventsPerSecond of the Dispatcher's limits); nothing was stored, publish again in %d s"
                .formatted(counts.size() == 1 ? "the tenant" : "one of the tenants", wait),
            wait));
  }

  private static Acceptance tooLarge(PublishedEvent event, int limit) {
    return new Acceptance.Refused(
        Acceptance.Cause.TOO_LARGE,
        "data has %d bytes, allowed are %d: publish a reference to it, or raise limits.maxPayloadBytes"
            .formatted(event.data().bytes().length, limit),
        0);
  }

  private List<NewEvent> number(List<PublishedEvent> events, Snapshot snapshot) {
    Instant now = clock.instant();
    var numbered = new ArrayList<NewEvent>(events.size());
    for (PublishedEvent published : events) {
      var event = new Event(EventId.next(now, random), now, published);
      byte[] key = IdempotencyKey.of(published).map(IdempotencyKey::bytes).orElse(NO_KEY);
      numbered.add(new NewEvent(event, key, matcher.targets(event, snapshot)));
    }
    return numbered;
  }

  private static final byte[] NO_KEY = {};

  private static Acceptance durable(CompletableFuture<List<Accepted>> stored) {
    List<Accepted> answers;
    try {
      answers = stored.join();
    } catch (CompletionException failed) {
      if (failed.getCause() instanceof StoreUnavailableException unavailable) {
        return new Acceptance.Refused(
            Acceptance.Cause.STORE_UNAVAILABLE, String.valueOf(unavailable.getMessage()), 2);
      }
      if (failed.getCause() instanceof TenantErasingException erasing) {
        return new Acceptance.Erasing(erasing.tenant());
      }
      throw failed;
    }
    return new Acceptance.Durable(answers);
  }

  private void count(List<NewEvent> events, List<Accepted> answers, String source) {
    int stored = 0;
    int targets = 0;
    for (int i = 0; i < answers.size(); i++) {
      if (answers.get(i) instanceof Accepted.Stored) {
        stored++;
        targets += events.get(i).targets().size();
      }
    }
    events(meters, source).increment(stored);
    deliveries.increment(targets);
  }
}
