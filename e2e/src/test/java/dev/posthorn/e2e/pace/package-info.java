/** How fast, and in which order. */
@NullMarked
package dev.posthorn.e2e.pace;

import org.jspecify.annotations.NullMarked;
