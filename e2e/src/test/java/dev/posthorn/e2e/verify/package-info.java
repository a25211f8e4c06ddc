/** The code that the documents give to receivers, run against requests that were really sent. */
@NullMarked
package dev.posthorn.e2e.verify;

import org.jspecify.annotations.NullMarked;
