package dev.posthorn.dispatcher.source;

import dev.posthorn.dispatcher.accept.EventAcceptor;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;

/** Counts what streams brought besides events. Thread-safe. */
final class SourceMeters {
  private final MeterRegistry meters;
  private final Counter filtered;
  private final Counter trimmed;

  SourceMeters(MeterRegistry meters) {
    this.meters = meters;
    this.filtered =
        Counter.builder("posthorn.records.filtered")
            .description("Records that the filter of their stream does not want")
            .register(meters);
    this.trimmed =
        Counter.builder("posthorn.records.trimmed")
            .description("Records that the stream had forgotten before they were read")
            .register(meters);
  }

  void filtered() {
    filtered.increment();
  }

  void trimmed() {
    trimmed.increment();
  }

  void rejected(String reason) {
    Counter.builder("posthorn.events.rejected")
        .description(EventAcceptor.REJECTED)
        .tag("reason", reason)
        .register(meters)
        .increment();
  }
}
