/**
 * Which URL, name and address may be reached: one list for the guard in the dispatcher and for the
 * generated NetworkPolicy. Pure: nothing here looks up a name or opens a socket.
 */
@NullMarked
package dev.posthorn.core.egress;

import org.jspecify.annotations.NullMarked;
