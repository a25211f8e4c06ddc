/**
 * Streams that events are pulled from. A record is acknowledged to its stream only after it is
 * stored, as an event or as a rejected record, so that nothing is lost and nothing blocks.
 */
@NullMarked
package dev.posthorn.dispatcher.source;

import org.jspecify.annotations.NullMarked;
