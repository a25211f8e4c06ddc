/**
 * The program that accepts, stores, schedules and sends events. This package is its composition
 * root: it alone knows all parts, and passes values between those that do not know each other.
 */
@NullMarked
package dev.posthorn.dispatcher;

import org.jspecify.annotations.NullMarked;
