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
   * @param body what every further attempt sends; null to keep what the row has, or where nothing
   *     could be rendered yet
   */
  @SuppressWarnings("ArrayRecordComponent") // Bytes are shared, never changed, never compared.
  record Retry(Instant due, byte @Nullable [] body) implements Next {}

  /** It ended without success: the delivery row goes, a dead letter comes. */
  record Dead() implements Next {}
}
