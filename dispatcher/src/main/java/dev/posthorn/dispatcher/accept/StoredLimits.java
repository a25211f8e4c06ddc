package dev.posthorn.dispatcher.accept;

import dev.posthorn.core.config.Limits;
import dev.posthorn.core.event.PublishedEvent;
import java.util.Collection;
import java.util.Optional;
import java.util.function.ToLongFunction;

/**
 * Which tenants have as much stored as they may. A publish that finds room is taken whole, so the
 * last one goes over. Thread-safe; asks memory alone.
 */
final class StoredLimits {
  /** Room comes with retention, which goes by minutes. */
  private static final int RETRY_SECONDS = 60;

  private final ToLongFunction<String> stored;

  StoredLimits(ToLongFunction<String> stored) {
    this.stored = stored;
  }

  /** The first event's tenant that is full; empty where none is. */
  Optional<Acceptance.Full> full(Collection<PublishedEvent> events, Limits limits) {
    for (PublishedEvent event : events) {
      Long allowed = limits.of(event.tenant()).maxStoredBytes();
      if (allowed != null) {
        long bytes = stored.applyAsLong(event.tenant());
        if (bytes >= allowed) {
          return Optional.of(full(event.tenant(), bytes, allowed));
        }
      }
    }
    return Optional.empty();
  }

  private static Acceptance.Full full(String tenant, long bytes, long allowed) {
    String message =
        "tenant %s has %d bytes stored, allowed are %d (maxStoredBytes of the Dispatcher's limits); nothing was stored. Room comes when retention deletes its oldest payloads or its data is erased, or raise the limit"
            .formatted(tenant, bytes, allowed);
    return new Acceptance.Full(tenant, message, RETRY_SECONDS);
  }
}
