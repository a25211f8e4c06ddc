package dev.posthorn.core.config;

import java.time.Instant;

/**
 * A key that may not sign, whatever its keyring says: a revocation that came to the dispatcher
 * itself. It holds at once, before the keyring's owner knows of it, and when an older keyring comes
 * back from a backup.
 *
 * @param keyringId which keyring
 * @param keyId which of its keys
 * @param time when it was denied
 */
public record KeyDenial(String keyringId, String keyId, Instant time) {}
