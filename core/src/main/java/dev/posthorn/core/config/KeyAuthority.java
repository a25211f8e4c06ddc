package dev.posthorn.core.config;

import dev.posthorn.core.keyring.KeyWish;
import dev.posthorn.core.keyring.KeyringFinding;

/**
 * Owns the keyrings and carries out wishes about them: the directory of a standalone process, or
 * the operator of a cluster. Thread-safe; may block.
 */
public interface KeyAuthority {
  /** What came of a wish. */
  sealed interface Answer {
    /** It is durable, and in effect in this dispatcher. */
    record Done() implements Answer {}

    /** Nothing came of it, and trying again changes nothing; {@code why} says the cure. */
    record Refused(KeyringFinding why) implements Answer {}

    /** Not now: try again after what {@code message} says is mended. */
    record Unavailable(String message) implements Answer {}
  }

  /** Carries out {@code wish} about the keys of {@code signingSecret}, and waits for it. */
  Answer carryOut(ResourceName signingSecret, KeyWish wish);
}
