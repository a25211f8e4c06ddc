/** A tenant is erased under load, and nothing of it is left. */
@NullMarked
package dev.posthorn.e2e.erasure;

import org.jspecify.annotations.NullMarked;
