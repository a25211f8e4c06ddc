package dev.posthorn.dispatcher.store;

import java.util.List;

/** The answer to a {@link Write}, valid once its transaction is committed. */
public sealed interface Written {
  /** One answer per event of an {@link Write.Accept}, in its order. */
  record Accepts(List<Accepted> answers) implements Written {}

  /**
   * The answer to {@link Write.Record}.
   *
   * @param applied false where the delivery was not open: nothing was written
   * @param acceptedMillis acceptance of the event; 0 where nothing was written
   */
  record Recorded(boolean applied, long acceptedMillis) implements Written {}

  /** The answer to {@link Write.Register}. */
  record Registered(EndpointRow row) implements Written {}

  /**
   * The answer to {@link Write.Retain}.
   *
   * @param ended open deliveries that it ended
   * @param more whether there is more to delete now
   */
  record Retained(List<Ended> ended, boolean more) implements Written {}

  /**
   * A delivery that retention ended.
   *
   * @param n the number of the attempt row that says so
   * @param acceptedMillis acceptance of the event
   */
  record Ended(DeliveryKey delivery, int n, long acceptedMillis) {}

  /**
   * The answer to {@link Write.Replaying}.
   *
   * @param due deliveries that are due now because of it
   */
  record Replayed(ReplayAnswer answer, List<Committed.DueNow> due) implements Written {}

  /** Written, nothing to tell. */
  record Done() implements Written {}
}
