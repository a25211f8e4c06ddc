/** Wrong input is answered with one line that says where, why and what to do. */
@NullMarked
package dev.posthorn.e2e.wrong;

import org.jspecify.annotations.NullMarked;
