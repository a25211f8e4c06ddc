/**
 * The delivery state on disk: {@link dev.posthorn.dispatcher.store.DeliveryStore} with one
 * implementation per database, the thread that alone writes to it, and the queries of the delivery
 * log.
 *
 * <p>A {@code delivery} row exists exactly as long as its delivery is open. Everything that was
 * acknowledged to a producer was committed here first.
 */
@NullMarked
package dev.posthorn.dispatcher.store;

import org.jspecify.annotations.NullMarked;
