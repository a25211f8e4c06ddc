package dev.posthorn.core.signing;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The verdict on a received request.
 *
 * <p>The reason of a rejection is for logs, the checker and {@code posthorn verify}; a remote
 * caller gets one uniform answer, or he could learn which part of a forgery is still wrong.
 */
public sealed interface Verification {

  /**
   * The signature is right and its time is within the tolerance.
   *
   * @param key index into the keys that were given
   * @param id what replay defence dedupes on; absent when the scheme names none
   * @param timestamp absent when the scheme has none
   */
  record Verified(int key, @Nullable String id, @Nullable Instant timestamp)
      implements Verification {}

  /** The scheme signs nothing, so there was nothing to check. */
  record Unsigned() implements Verification {}

  /**
   * Not to be trusted.
   *
   * @param message one sentence for people, with what to do; shows no key and no expected signature
   */
  record Rejected(Rejection reason, String message) implements Verification {}
}
