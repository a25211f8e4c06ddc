/**
 * Resources and Secrets in, config objects and findings out.
 *
 * <p>{@link dev.posthorn.core.resolve.ManifestReader} turns files into {@link
 * dev.posthorn.core.resolve.Resources}, checked as strictly as an API server would; {@link
 * dev.posthorn.core.resolve.Resolver} follows their references. All of it is pure: the same input
 * gives the same output, and no mistake in a resource is an exception. Nothing here shows the
 * content of a Secret.
 */
@NullMarked
package dev.posthorn.core.resolve;

import org.jspecify.annotations.NullMarked;
