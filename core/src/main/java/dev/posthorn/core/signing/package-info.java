/**
 * Signs and verifies from a descriptor: one engine for every scheme, no vendor's code.
 *
 * <p>A {@link dev.posthorn.core.signing.Scheme} is the compiled form of a SignatureScheme; it makes
 * {@link dev.posthorn.core.signing.SigningKey}s from the bytes of a configured secret, signs a
 * {@link dev.posthorn.core.signing.Message} and verifies a {@link
 * dev.posthorn.core.signing.Received} request. The descriptors of the built-in schemes are YAML
 * resources beside the classes. Nothing here reads a clock.
 */
@NullMarked
package dev.posthorn.core.signing;

import org.jspecify.annotations.NullMarked;
