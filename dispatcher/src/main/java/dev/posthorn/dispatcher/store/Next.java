package dev.posthorn.dispatcher.store;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** What follows an attempt. */
public sealed interface Next {
  /** The receiver has it: the delivery row goes. */
  record Delivered() implements Next {}

  /**
   * Another attempt follows.
   *
   * @param due when, at the earliest
   * @param body the bytes that every further attempt sends, or null where they follow from the
   *     event and the endpoint's body format alone
   */
  @SuppressWarnings("ArrayRecordComponent") // Bytes are shared, never changed, never compared.
  record Retry(Instant due, byte @Nullable [] body) implements Next {}

  /** It ended without success: the delivery row goes, a dead letter comes. */
  record Dead() implements Next {}
}
