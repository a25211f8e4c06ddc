/** Acts on the cluster: the operator's composition root. */
@NullMarked
package dev.posthorn.operator;

import org.jspecify.annotations.NullMarked;
