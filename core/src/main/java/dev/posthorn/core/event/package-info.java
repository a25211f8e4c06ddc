/** The event model: what a producer published, our id for it, CloudEvents in and out. */
@NullMarked
package dev.posthorn.core.event;

import org.jspecify.annotations.NullMarked;
