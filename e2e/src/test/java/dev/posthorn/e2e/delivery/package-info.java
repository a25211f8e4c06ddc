/** Real input in, every event at every receiver that wants it, signed so that others can verify. */
@NullMarked
package dev.posthorn.e2e.delivery;

import org.jspecify.annotations.NullMarked;
