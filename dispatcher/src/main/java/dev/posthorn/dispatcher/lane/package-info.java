/**
 * The scheduler: which delivery is sent next. It decides only: messages and the time go in,
 * commands come out; no I/O, no lock, no clock and no randomness of its own.
 *
 * <p>Open deliveries wait in the store. Here are only keys: at most {@value
 * dev.posthorn.dispatcher.store.PageRequest#ROWS} per endpoint and side.
 */
@NullMarked
package dev.posthorn.dispatcher.lane;

import org.jspecify.annotations.NullMarked;
