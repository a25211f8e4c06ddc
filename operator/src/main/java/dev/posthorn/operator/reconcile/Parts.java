package dev.posthorn.operator.reconcile;

import dev.posthorn.core.resolve.ClusterResolver;
import dev.posthorn.operator.cluster.ClusterCache;
import dev.posthorn.operator.cluster.Live;
import dev.posthorn.operator.cluster.Occurrences;
import dev.posthorn.operator.cluster.ServerClock;
import dev.posthorn.operator.pods.DispatcherPolls;
import java.time.InstantSource;

/**
 * What all reconcilers work with; each is thread-safe.
 *
 * @param resolver decides what an object comes to
 * @param cache the other objects
 * @param live the API server itself
 * @param placing stores config objects
 * @param polls what the pods report
 * @param statuses writes status
 * @param occurrences tells people
 * @param watches wakes others
 * @param clock the time
 * @param serverClock the time of the API server
 */
record Parts(
    ClusterResolver resolver,
    ClusterCache cache,
    Live live,
    Placing placing,
    DispatcherPolls polls,
    StatusWriter statuses,
    Occurrences occurrences,
    Watches watches,
    InstantSource clock,
    ServerClock serverClock) {}
