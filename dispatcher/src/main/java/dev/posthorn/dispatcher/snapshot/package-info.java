/**
 * All config objects at one instant, compiled: one immutable {@link
 * dev.posthorn.dispatcher.snapshot.Snapshot} that accepting and sending read without a lock.
 */
@NullMarked
package dev.posthorn.dispatcher.snapshot;

import org.jspecify.annotations.NullMarked;
