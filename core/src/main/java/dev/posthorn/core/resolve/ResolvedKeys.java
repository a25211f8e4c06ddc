package dev.posthorn.core.resolve;

import dev.posthorn.core.config.KeysConfig;
import dev.posthorn.core.keyring.Plan;

/**
 * What a SigningSecret of a cluster comes to.
 *
 * @param plan the keyring to store, and when to look again
 * @param keys what a dispatcher signs with, once the keyring is stored
 */
public record ResolvedKeys(Plan plan, Resolved<KeysConfig> keys) {}
