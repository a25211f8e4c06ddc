package dev.posthorn.dispatcher;

import dev.posthorn.core.event.Event;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Events that were just accepted, so that their first attempts need not read them from the store.
 * Bounded in bytes: the oldest goes first. Thread-safe.
 */
final class EventCache {
  /** What an event costs besides its data, roughly. */
  private static final int OVERHEAD_BYTES = 1_000;

  private final long budget;
  private final Map<Long, Entry> entries = new LinkedHashMap<>();
  private long bytes;

  private record Entry(Event event, int deliveries) {
    int bytes() {
      return event.published().data().bytes().length + OVERHEAD_BYTES;
    }
  }

  /** Creates a cache of at most {@code budget} bytes. */
  EventCache(long budget) {
    this.budget = budget;
  }

  /** Keeps an event until its deliveries were tried, or room is needed. */
  synchronized void put(long seq, Event event, int deliveries) {
    if (deliveries == 0) {
      return;
    }
    var entry = new Entry(event, deliveries);
    entries.put(seq, entry);
    bytes += entry.bytes();
    var oldest = entries.values().iterator();
    while (bytes > budget && oldest.hasNext()) {
      bytes -= oldest.next().bytes();
      oldest.remove();
    }
  }

  /** Forgets the events of a tenant. */
  synchronized void forget(String tenant) {
    for (var each = entries.values().iterator(); each.hasNext(); ) {
      Entry entry = each.next();
      if (entry.event().published().tenant().equals(tenant)) {
        bytes -= entry.bytes();
        each.remove();
      }
    }
  }

  /** Takes the event for one of its deliveries. */
  synchronized Optional<Event> take(long seq) {
    Entry entry = entries.remove(seq);
    if (entry == null) {
      return Optional.empty();
    }
    if (entry.deliveries() > 1) {
      entries.put(seq, new Entry(entry.event(), entry.deliveries() - 1));
    } else {
      bytes -= entry.bytes();
    }
    return Optional.of(entry.event());
  }
}
