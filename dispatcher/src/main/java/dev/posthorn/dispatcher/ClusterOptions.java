package dev.posthorn.dispatcher;

import dev.posthorn.dispatcher.http.Listen;
import java.nio.file.Path;
import java.time.Duration;

/**
 * What a dispatcher in a cluster is started with.
 *
 * @param dispatcher the name of its Dispatcher resource
 * @param namespace of that resource, and of its config objects
 * @param data directory of the embedded store and its key; it belongs to this process alone
 * @param role which part of the work it does
 * @param store where deliveries are kept
 * @param api where the API listens, if its role has one
 * @param management where health, metrics and the operator's calls are
 * @param consumer this process's name in consumer groups of streams, the same in its next life
 * @param version Posthorn's own, told to receivers
 * @param drain how long a stop waits for what is in flight
 */
public record ClusterOptions(
    String dispatcher,
    String namespace,
    Path data,
    Role role,
    StoreOptions store,
    Listen api,
    Listen management,
    String consumer,
    String version,
    Duration drain) {}
