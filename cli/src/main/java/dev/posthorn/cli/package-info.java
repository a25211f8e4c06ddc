/**
 * The {@code posthorn} command line: one class per command, and the composition root of {@code
 * run}.
 */
@NullMarked
package dev.posthorn.cli;

import org.jspecify.annotations.NullMarked;
