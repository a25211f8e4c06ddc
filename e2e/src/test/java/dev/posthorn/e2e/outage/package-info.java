/** A source that goes away and comes back. */
@NullMarked
package dev.posthorn.e2e.outage;

import org.jspecify.annotations.NullMarked;
