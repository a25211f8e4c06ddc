package dev.posthorn.core.keyring;

/**
 * What someone should know about a plan or a stored keyring.
 *
 * @param field path in the SigningSecret, as {@code spec.rotation.rotateAfter}
 * @param message for people, with the cure; never shows key material
 */
public record KeyringFinding(KeyringReason reason, String field, String message) {}
