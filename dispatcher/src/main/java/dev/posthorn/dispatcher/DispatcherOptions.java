package dev.posthorn.dispatcher;

import dev.posthorn.core.config.KeyAuthority;
import dev.posthorn.dispatcher.http.Callers;
import dev.posthorn.dispatcher.http.Listen;
import java.nio.file.Path;
import java.time.Duration;

/**
 * What a dispatcher is started with.
 *
 * @param data directory of the embedded store and its key; it belongs to this process alone
 * @param role which part of the work it does
 * @param store where deliveries are kept
 * @param api where the API listens, if its role has one
 * @param management where health and metrics are
 * @param callers who may call the API
 * @param keys who owns the keyrings
 * @param consumer this process's name in consumer groups of streams, the same in its next life
 * @param version Posthorn's own, told to receivers
 * @param drain how long a stop waits for what is in flight
 */
public record DispatcherOptions(
    Path data,
    Role role,
    StoreOptions store,
    Listen api,
    Listen management,
    Callers callers,
    KeyAuthority keys,
    String consumer,
    String version,
    Duration drain) {
  /** What a stop waits for by default. */
  public static final Duration DRAIN = Duration.ofSeconds(30);
}
