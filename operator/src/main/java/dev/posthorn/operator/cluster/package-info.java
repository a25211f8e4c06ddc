/**
 * The API server's side of the operator: what is watched, as the resolver wants to see it, and what
 * is written, with the preconditions that a write needs. Knows Fabric8, not the Java Operator SDK;
 * decides nothing. Not in the overview's list: without it every reconciler would hold a cache and
 * write in its own way.
 */
@NullMarked
package dev.posthorn.operator.cluster;

import org.jspecify.annotations.NullMarked;
