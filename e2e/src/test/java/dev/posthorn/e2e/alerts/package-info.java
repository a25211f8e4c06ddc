/** People are told before it hurts, and afterwards. */
@NullMarked
package dev.posthorn.e2e.alerts;

import org.jspecify.annotations.NullMarked;
