/**
 * What {@code run} keeps on disk besides the store: the lock against a second process, the admin
 * token, keyrings and the last good manifests. Every file is readable by its owner only and
 * replaced as a whole.
 */
@NullMarked
package dev.posthorn.cli.data;

import org.jspecify.annotations.NullMarked;
