/**
 * The versions of one SigningSecret's key over time: which exist, which sign at an instant, and
 * what to do next.
 *
 * <p>All of it is pure: the caller brings the wishes, the keyring as stored, the time and the
 * randomness, and acts on the plan. States are never stored; they follow from the times.
 */
@NullMarked
package dev.posthorn.core.keyring;

import org.jspecify.annotations.NullMarked;
