/** Keys of a running program: rotated, revoked, acknowledged and revealed, under load too. */
@NullMarked
package dev.posthorn.e2e.keys;

import org.jspecify.annotations.NullMarked;
