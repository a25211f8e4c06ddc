package dev.posthorn.dispatcher;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.posthorn.core.config.ResourceName;
import dev.posthorn.core.config.StreamConfig;
import dev.posthorn.core.event.PublishedEvent;
import dev.posthorn.core.event.TypePattern;
import dev.posthorn.dispatcher.accept.SystemEvents;
import dev.posthorn.dispatcher.snapshot.Snapshot;
import dev.posthorn.dispatcher.store.RejectedRecord;
import dev.posthorn.dispatcher.store.Write;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Prepares the system event about a stream whose records are put aside, to be written together with
 * the record: one a day for a stream and a reason. Thread-safe, never waits.
 */
final class StreamAnnouncer {
  /** The type of the system event. */
  static final String TYPE = TypePattern.SYSTEM_PREFIX + "source.rejecting";

  /** When it is told, for the documentation. */
  static final String TOLD =
      "A record of a stream was put aside, since it is no event or its tenant has no room: once a day for a stream and a reason. Of a stream that tenants share only `spec.alerts` is told.";

  private static final String ACTION =
      "read the record's message in GET /v1/rejected, mend what it says, and publish the event"
          + " again";

  private final SystemEvents events;
  private final Supplier<@Nullable Snapshot> snapshots;
  private final Lately<Subject> told = new Lately<>();

  private record Subject(ResourceName stream, String reason) {}

  StreamAnnouncer(SystemEvents events, Supplier<@Nullable Snapshot> snapshots) {
    this.events = events;
    this.snapshots = snapshots;
  }

  /** What a rejected record of a stream causes. */
  List<Write.Accept> rejected(StreamConfig stream, RejectedRecord record) {
    String name =
        "stream/%s/rejecting/%s/%s"
            .formatted(
                stream.name(), record.reason(), record.time().atZone(ZoneOffset.UTC).toLocalDate());
    if (!told.due(new Subject(stream.name(), record.reason()), name, record.time())) {
      return List.of();
    }
    return owner(stream)
        .map(tenant -> event(tenant, stream, record))
        .flatMap(event -> events.prepare(event, SystemEvents.OF_NO_ENDPOINT))
        .map(prepared -> new Write.Accept(prepared, name))
        .stream()
        .toList();
  }

  /** Of a stream that tenants share only the platform is told, where it wants to be. */
  private Optional<String> owner(StreamConfig stream) {
    Snapshot snapshot = snapshots.get();
    return stream.tenant() != null || snapshot == null
        ? Optional.ofNullable(stream.tenant())
        : snapshot.alerts().map(Snapshot.Alerts::tenant);
  }

  private static PublishedEvent event(String tenant, StreamConfig stream, RejectedRecord record) {
    Instant time = record.time();
    ObjectNode data = SystemEvents.data();
    data.put("tenant", tenant);
    data.put("stream", stream.name().name());
    data.put("time", time.toString());
    data.putObject("cause").put("reason", record.reason()).put("detail", record.message());
    data.put("position", record.position());
    data.put("action", ACTION);
    data.put(
        "message",
        "a record of %s was put aside (%s); more for the same reason are not told today"
            .formatted(stream.name().name(), record.reason()));
    return SystemEvents.of(tenant, TYPE, "EventStream/" + stream.name().name(), time, data);
  }
}
