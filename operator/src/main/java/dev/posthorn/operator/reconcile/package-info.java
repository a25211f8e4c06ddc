/**
 * A reconciler per kind, what wakes them, and the conditions that they report. The only package
 * that knows the Java Operator SDK.
 *
 * <p>Each run looks at everything anew: which event woke it does not matter. What has to be looked
 * at again when something changes follows from the references of the objects ({@link
 * dev.posthorn.operator.reconcile.Watches}).
 */
@NullMarked
package dev.posthorn.operator.reconcile;

import org.jspecify.annotations.NullMarked;
