/**
 * {@code posthorn dispatcher}: a dispatcher that an operator's config objects steer. Beside {@code
 * run}, the other composition root of the program.
 */
@NullMarked
package dev.posthorn.cli.cluster;

import org.jspecify.annotations.NullMarked;
