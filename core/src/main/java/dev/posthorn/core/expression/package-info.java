/** CEL with bounds: filters and transforms over an event, mappings of a stream's records. */
@NullMarked
package dev.posthorn.core.expression;

import org.jspecify.annotations.NullMarked;
