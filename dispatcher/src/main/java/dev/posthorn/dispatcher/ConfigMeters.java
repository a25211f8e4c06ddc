package dev.posthorn.dispatcher;

import dev.posthorn.dispatcher.snapshot.ConfigWatch;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.InstantSource;

/** The age of a configuration that comes from a cluster. */
final class ConfigMeters {
  private ConfigMeters() {}

  static void register(MeterRegistry meters, ConfigWatch watch, InstantSource clock) {
    Gauge.builder(
            "posthorn.config.age", () -> watch.staleness().age(clock.instant()).toMillis() / 1000.0)
        .description("How long the config objects have not been watched; 0 while they are")
        .baseUnit("seconds")
        .register(meters);
  }
}
