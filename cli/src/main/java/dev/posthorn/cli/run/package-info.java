/**
 * A directory of manifests and a dispatcher in one process: what {@code run} and {@code demo}
 * start. {@link dev.posthorn.cli.run.Standalone} is their composition root.
 */
@NullMarked
package dev.posthorn.cli.run;

import org.jspecify.annotations.NullMarked;
