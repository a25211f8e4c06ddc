/** Nothing that it prints, serves or stores shows a key, a token or a payload. */
@NullMarked
package dev.posthorn.e2e.secrecy;

import org.jspecify.annotations.NullMarked;
