package dev.posthorn.dispatcher;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.posthorn.core.config.EndpointConfig;
import dev.posthorn.core.config.OutcomeClass;
import dev.posthorn.core.event.PublishedEvent;
import dev.posthorn.dispatcher.EndpointNotice.GivenUp;
import dev.posthorn.dispatcher.EndpointNotices.Facts;
import dev.posthorn.dispatcher.accept.SystemEvents;
import dev.posthorn.dispatcher.lane.Command;
import dev.posthorn.dispatcher.lane.HealthNotice;
import dev.posthorn.dispatcher.lane.Tried;
import dev.posthorn.dispatcher.snapshot.Destination;
import dev.posthorn.dispatcher.snapshot.Snapshot;
import dev.posthorn.dispatcher.store.Attempt;
import dev.posthorn.dispatcher.store.EndingNotices;
import dev.posthorn.dispatcher.store.EndpointRow;
import dev.posthorn.dispatcher.store.Next;
import dev.posthorn.dispatcher.store.Write;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Prepares the system events about endpoints and their deliveries, to be written together with what
 * they tell. Thread-safe, never waits.
 */
final class EndpointAnnouncer implements EndingNotices {
  private final SystemEvents events;
  private final Supplier<@Nullable Snapshot> snapshots;
  private final EndpointRegistry registry;
  private final LiveEndpoints directory;
  private final InstantSource clock;
  private final Lately<Integer> certificates = new Lately<>();

  EndpointAnnouncer(
      SystemEvents events,
      Supplier<@Nullable Snapshot> snapshots,
      EndpointRegistry registry,
      LiveEndpoints directory,
      InstantSource clock) {
    this.events = events;
    this.snapshots = snapshots;
    this.registry = registry;
    this.directory = directory;
    this.clock = clock;
  }

  /** What a change of health causes; the registry knows the change already. */
  List<Write.Accept> health(Command.SaveHealth save) {
    HealthNotice notice = save.notice();
    Optional<EndpointRow> row = registry.find(save.endpoint());
    if (notice == null || row.isEmpty()) {
      return List.of();
    }
    EndpointNotice told = EndpointNotices.health(notice, facts(row.get(), 0), clock.instant());
    return prepared(told, row.get(), name(save, notice)).stream().toList();
  }

  /** The same for the same change, however often it is written. */
  private static String name(Command.SaveHealth save, HealthNotice notice) {
    Instant time =
        notice.kind() == HealthNotice.Kind.DISABLING_SOON ? notice.since() : save.health().since();
    return "endpoint/%d/%s/%d".formatted(save.endpoint(), notice.kind(), time.toEpochMilli());
  }

  /** What an outcome causes. */
  List<Write.Accept> outcome(Attempt attempt, Next next, @Nullable Tried event) {
    if (!(next instanceof Next.Dead) && attempt.detail().certificateNotAfter() == null) {
      return List.of();
    }
    return Stream.concat(exhausted(attempt, next, event).stream(), certificate(attempt).stream())
        .toList();
  }

  private Optional<Write.Accept> exhausted(Attempt attempt, Next next, @Nullable Tried event) {
    boolean told = next instanceof Next.Dead && (event == null || !event.ofSystem());
    Optional<EndpointRow> row = registry.find(attempt.delivery().endpoint());
    if (!told || row.isEmpty()) {
      return Optional.empty();
    }
    Facts facts = facts(row.get(), 1);
    EndpointNotice notice = EndpointNotices.exhausted(attempt, event, facts, clock.instant());
    return prepared(notice, row.get(), null);
  }

  private Optional<Write.Accept> certificate(Attempt attempt) {
    Instant notAfter = attempt.detail().certificateNotAfter();
    return notAfter == null
        ? Optional.empty()
        : registry
            .find(attempt.delivery().endpoint())
            .flatMap(row -> certificate(row, notAfter, clock.instant()));
  }

  /** The store keeps what was told; memory only spares preparing it for every attempt. */
  private Optional<Write.Accept> certificate(EndpointRow row, Instant notAfter, Instant now) {
    Optional<String> name =
        CertificateStep.of(notAfter, now).map(step -> name(row.number(), notAfter, step));
    if (name.isEmpty() || !certificates.due(row.number(), name.get(), now)) {
      return Optional.empty();
    }
    EndpointNotice notice = EndpointNotices.certificate(notAfter, facts(row, 0), now);
    return prepared(notice, row, name.get());
  }

  private static String name(int endpoint, Instant notAfter, CertificateStep step) {
    return "endpoint/%d/certificate/%d/%s".formatted(endpoint, notAfter.getEpochSecond(), step);
  }

  @Override
  public boolean ready() {
    return snapshots.get() != null;
  }

  @Override
  public Write.@Nullable Accept of(Ending ending) {
    return registry
        .find(ending.endpoint())
        .flatMap(row ->
            prepared(EndpointNotices.exhausted(ending, facts(row, ending.deliveries())), row, null))
        .orElse(null);
  }

  /**
   * What is known of an endpoint.
   *
   * @param ending deliveries that are counted as open yet, and end now
   */
  private Facts facts(EndpointRow row, int ending) {
    Snapshot snapshot = snapshots.get();
    Optional<Destination> destination =
        snapshot == null ? Optional.empty() : snapshot.destination(row.number());
    Optional<EndpointConfig> config = destination.map(Destination::config);
    long waits = directory.waiting(row, ending);
    return new Facts(
        row.name().name(),
        row.health().lastError(),
        config
            .map(each -> each.autoDisable().afterFailingSeconds())
            .map(Duration::ofSeconds)
            .orElse(null),
        config.map(each -> Duration.ofSeconds(each.retry().maxAgeSeconds())).orElse(null),
        Duration.ofDays(snapshot == null ? 0 : snapshot.settings().retention().payloadDays()),
        waits,
        destination
            .map(each -> directory.nextStep(each, row, ending))
            .orElseGet(() -> NextStep.gone(waits)));
  }

  private Optional<Write.Accept> prepared(
      EndpointNotice notice, EndpointRow row, @Nullable String once) {
    return events
        .prepare(published(notice, row), row.number())
        .map(prepared -> new Write.Accept(prepared, once));
  }

  private static PublishedEvent published(EndpointNotice notice, EndpointRow row) {
    return SystemEvents.of(
        row.tenant(),
        notice.kind().eventType(),
        "WebhookEndpoint/" + row.name().name(),
        notice.time(),
        data(notice, row));
  }

  private static ObjectNode data(EndpointNotice notice, EndpointRow row) {
    ObjectNode data = SystemEvents.data();
    data.put("tenant", row.tenant());
    data.put("endpoint", row.name().name());
    put(data, "time", notice.time());
    put(data, "since", notice.since());
    OutcomeClass cause = notice.cause();
    if (cause != null) {
      ObjectNode of = data.putObject("cause");
      of.put("class", cause.wire()).put("detail", cause.meaning());
      if (notice.status() > 0) {
        of.put("status", notice.status());
      }
    }
    GivenUp given = notice.given();
    if (given != null) {
      data.put("deliveries", given.deliveries());
      if (given.event() != null) {
        data.put("event", given.event().value()).put("eventType", given.type());
      }
    }
    put(data, "deadline", notice.deadline());
    ObjectNode waiting = data.putObject("waiting");
    waiting.put("deliveries", notice.waits());
    put(waiting, "until", notice.waitUntil());
    return data.put("action", notice.action())
        .put("nextStep", notice.nextStep())
        .put("message", notice.message());
  }

  private static void put(ObjectNode data, String field, @Nullable Instant time) {
    if (time != null) {
      data.put(field, time.toString());
    }
  }
}
