/** The newcomer's first command. */
@NullMarked
package dev.posthorn.e2e.demo;

import org.jspecify.annotations.NullMarked;
