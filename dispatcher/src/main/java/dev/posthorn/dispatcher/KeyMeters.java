package dev.posthorn.dispatcher;

import dev.posthorn.core.config.KeysConfig;
import dev.posthorn.core.keyring.KeyState;
import dev.posthorn.core.keyring.KeyVersion;
import dev.posthorn.dispatcher.snapshot.Snapshot;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Gauges over the keys in effect, and tries that found none. */
final class KeyMeters {
  private final Supplier<@Nullable Snapshot> snapshots;
  private final InstantSource clock;
  private final Counter unsigned;

  KeyMeters(MeterRegistry meters, Supplier<@Nullable Snapshot> snapshots, InstantSource clock) {
    this.snapshots = snapshots;
    this.clock = clock;
    Gauge.builder("posthorn.key.age", this::oldestSeconds)
        .description("Age of the oldest key that signs as the newest of its SigningSecret")
        .baseUnit("seconds")
        .register(meters);
    for (KeyState state : KeyState.values()) {
      Gauge.builder("posthorn.keys", () -> count(state))
          .description("Keys by state")
          .tag("state", state.name().toLowerCase(Locale.ROOT))
          .register(meters);
    }
    unsigned =
        Counter.builder("posthorn.signing.failures")
            .description("Tries that found no key to sign with; their deliveries wait")
            .register(meters);
  }

  /** A try found no key. */
  void unsigned() {
    unsigned.increment();
  }

  private double oldestSeconds() {
    Instant now = clock.instant();
    return keys().stream()
        .map(keys -> keys.keyring().activeAt(now))
        .flatMap(Optional::stream)
        .map(KeyVersion::createdTime)
        .min(Instant::compareTo)
        .map(oldest -> Math.max(0, Duration.between(oldest, now).toMillis() / 1000.0))
        .orElse(0.0);
  }

  private long count(KeyState state) {
    Instant now = clock.instant();
    return keys().stream()
        .map(KeysConfig::keyring)
        .mapToLong(keyring ->
            keyring.versions().stream()
                .filter(version -> keyring.stateAt(version, now) == state)
                .count())
        .sum();
  }

  private Collection<KeysConfig> keys() {
    Snapshot snapshot = snapshots.get();
    return snapshot == null ? List.of() : snapshot.keys();
  }
}
