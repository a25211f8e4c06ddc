/** What did not arrive is delivered again. */
@NullMarked
package dev.posthorn.e2e.replay;

import org.jspecify.annotations.NullMarked;
