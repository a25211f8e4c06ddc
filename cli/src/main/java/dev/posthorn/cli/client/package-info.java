/**
 * Talks to the API of a running Posthorn over HTTP, for the commands that are thin clients of it.
 */
@NullMarked
package dev.posthorn.cli.client;

import org.jspecify.annotations.NullMarked;
