package dev.posthorn.core.keyring;

import dev.posthorn.crds.Reason;

/**
 * What someone should know about a plan or a stored keyring.
 *
 * @param reason why a wish was not carried out, or the keyring cannot be used
 * @param field path in the SigningSecret, as {@code spec.rotation.rotateAfter}
 * @param message for people, with the cure; never shows key material
 */
public record KeyringFinding(Reason reason, String field, String message) {}
