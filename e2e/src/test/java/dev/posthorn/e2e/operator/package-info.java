/** The operator as a Pod of a real control plane, under the rights that are shipped. */
@NullMarked
package dev.posthorn.e2e.operator;

import org.jspecify.annotations.NullMarked;
