package dev.posthorn.cli.run;

import dev.posthorn.core.resolve.ResolveOptions;
import dev.posthorn.dispatcher.StoreOptions;
import dev.posthorn.dispatcher.http.Listen;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What a directory is run with.
 *
 * @param manifests the directory
 * @param data embedded store, keyrings, token; made when it is missing
 * @param store where deliveries are kept
 * @param api where the API listens; port 0 takes a free one
 * @param management where health and metrics are
 * @param resolve what overrides the Dispatcher resource
 * @param tokens who may call the API; absent = the admin token of {@code data}
 * @param version Posthorn's own
 * @param drain how long a stop waits for what is in flight
 */
public record StandaloneOptions(
    Path manifests,
    Path data,
    StoreOptions store,
    Listen api,
    Listen management,
    ResolveOptions resolve,
    @Nullable Path tokens,
    String version,
    Duration drain) {}
