/**
 * {@code posthorn demo}: receivers that behave well and badly, a little traffic, and lines that say
 * what happens. Receivers verify with code of their own, as a customer would write it, so that the
 * demo proves something.
 */
@NullMarked
package dev.posthorn.cli.demo;

import org.jspecify.annotations.NullMarked;
