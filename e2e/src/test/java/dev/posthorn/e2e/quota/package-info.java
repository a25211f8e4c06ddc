/** How much a tenant may have stored. */
@NullMarked
package dev.posthorn.e2e.quota;

import org.jspecify.annotations.NullMarked;
