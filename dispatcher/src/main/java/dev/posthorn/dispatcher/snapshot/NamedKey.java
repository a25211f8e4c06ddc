package dev.posthorn.dispatcher.snapshot;

import dev.posthorn.core.signing.SigningKey;

/**
 * A key ready to sign with.
 *
 * @param keyId how logs and people call it
 * @param key the key in the form that its scheme needs
 */
public record NamedKey(String keyId, SigningKey key) {}
