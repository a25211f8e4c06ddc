/** The shape of the code: who may know whom. */
@NullMarked
package dev.posthorn.e2e.structure;

import org.jspecify.annotations.NullMarked;
