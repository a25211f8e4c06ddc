package dev.posthorn.dispatcher.accept;

import dev.posthorn.core.event.PublishedEvent;
import java.util.List;

/** Takes published events in: filter, fan-out, store. */
public interface Acceptor {
  /**
   * Blocks until the events are durable, all of them or none; for any (virtual) thread.
   *
   * @param source where they came in, the metric label: {@code http} or {@code redis}
   */
  Acceptance accept(List<PublishedEvent> events, String source);
}
