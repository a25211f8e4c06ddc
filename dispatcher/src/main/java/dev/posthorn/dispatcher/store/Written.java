package dev.posthorn.dispatcher.store;

import dev.posthorn.core.config.OutcomeClass;
import java.util.List;
import org.jspecify.annotations.Nullable;

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
   * @param outcome why
   */
  record Ended(DeliveryKey delivery, int n, long acceptedMillis, OutcomeClass outcome) {}

  /**
   * The answer to {@link Write.Accept} and {@link Write.Replaying} for a tenant that is being
   * erased: nothing was written.
   *
   * @param tenant its name
   */
  record Refused(String tenant) implements Written {}

  /**
   * The answer to {@link Write.Erase}.
   *
   * @param erasure the one that runs; null where the store does not know the tenant
   * @param begins whether it begins with this
   */
  record Begun(@Nullable Erasure erasure, boolean begins) implements Written {}

  /**
   * The answer to {@link Write.EraseSlice}.
   *
   * @param tenant whose erasure went on; null where none runs
   * @param deliveries open deliveries that ended by it
   * @param rowsLeft whether it has rows to delete yet
   * @param completed the erasure, where it is complete now
   */
  record Sliced(
      @Nullable String tenant, long deliveries, boolean rowsLeft, @Nullable Erasure completed)
      implements Written {}

  /**
   * The answer to {@link Write.Replaying}.
   *
   * @param due deliveries that are due now because of it
   */
  record Replayed(ReplayAnswer answer, List<Committed.DueNow> due) implements Written {}

  /**
   * Another answer, and the system events that were written with their cause.
   *
   * @param answer what the write is answered with
   */
  record Noticed(Written answer, List<Committed.AcceptedEvent> notices) implements Written {}

  /** Written, nothing to tell. */
  record Done() implements Written {}
}
