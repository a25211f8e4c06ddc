/**
 * Replays: which events are delivered to an endpoint again, and how fast. A replay is a row in the
 * store; it goes on slice by slice, after a crash where its last slice was committed.
 */
@NullMarked
package dev.posthorn.dispatcher.replay;

import org.jspecify.annotations.NullMarked;
