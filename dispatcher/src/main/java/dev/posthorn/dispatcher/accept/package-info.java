/** Takes published events in: filter, fan-out, store. */
@NullMarked
package dev.posthorn.dispatcher.accept;

import org.jspecify.annotations.NullMarked;
