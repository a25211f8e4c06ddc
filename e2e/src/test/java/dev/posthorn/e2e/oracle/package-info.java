/** Signatures against the vendors' own libraries, in both directions. */
@NullMarked
package dev.posthorn.e2e.oracle;

import org.jspecify.annotations.NullMarked;
