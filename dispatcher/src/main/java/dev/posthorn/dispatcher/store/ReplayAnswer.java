package dev.posthorn.dispatcher.store;

import org.jspecify.annotations.Nullable;

/** The answer to a {@link ReplayWrite}, valid once its transaction is committed. */
public sealed interface ReplayAnswer {
  /** What became of a delivery that was asked for again. */
  enum Opening {
    /** It is open again, or for the first time, and due now. */
    OPENED,
    /** It waited for its retry, which is due now. */
    HASTENED,
    /** It was open and due already. */
    DUE_ALREADY,
    /** Retention has deleted the event's data: nothing can be sent. */
    EXPIRED
  }

  /** The answer to {@link ReplayWrite.Redeliver}. */
  record Redelivered(Opening opening) implements ReplayAnswer {}

  /** The answer to {@link ReplayWrite.Start}. */
  record Started(ReplayRow replay) implements ReplayAnswer {}

  /** The answer to {@link ReplayWrite.Start} where nothing was written but the audit entry. */
  record TooMany() implements ReplayAnswer {}

  /** The answer to {@link ReplayWrite.Cancel}: the replay afterwards; null where there is none. */
  record Cancelled(@Nullable ReplayRow replay) implements ReplayAnswer {}

  /**
   * The answer to {@link ReplayWrite.Advance}.
   *
   * @param applied false where it does not run any more, or not there: nothing was written
   * @param moved deliveries opened or made due
   */
  record Advanced(boolean applied, int moved) implements ReplayAnswer {}
}
