/** A full disk stops accepting, not the process. */
@NullMarked
package dev.posthorn.e2e.disk;

import org.jspecify.annotations.NullMarked;
