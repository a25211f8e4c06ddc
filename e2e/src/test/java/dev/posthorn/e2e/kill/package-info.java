/** What was acknowledged survives the death of the process. */
@NullMarked
package dev.posthorn.e2e.kill;

import org.jspecify.annotations.NullMarked;
