package dev.posthorn.dispatcher.accept;

import dev.posthorn.core.event.PublishedEvent;
import java.util.List;

/** Takes published events in: filter, fan-out, store. */
public interface Acceptor {
  /** The source of what is published over HTTP, whose caller can be told to wait. */
  String HTTP = "http";

  /**
   * Blocks until the events are durable, all of them or none; for any (virtual) thread.
   *
   * @param source where they came in, the metric label: {@link #HTTP} or {@code redis}
   */
  Acceptance accept(List<PublishedEvent> events, String source);
}
