package dev.posthorn.dispatcher.store;

import dev.posthorn.core.config.OutcomeClass;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What is told of deliveries that end without an attempt. Asked on the store thread within the
 * transaction that ends them: it must not wait for anything.
 */
@FunctionalInterface
public interface EndingNotices {
  /** Nothing is told. */
  EndingNotices NONE = _ -> null;

  /**
   * Deliveries of one endpoint that end together.
   *
   * @param outcome why, the same for all
   * @param deliveries how many; none of them of a system event
   */
  record Ending(int endpoint, OutcomeClass outcome, int deliveries, Instant time) {}

  /** Whether it is known who is to be told; before that nothing should end. */
  default boolean ready() {
    return true;
  }

  /** The system event to be written with them; null for none. */
  Write.@Nullable Accept of(Ending ending);
}
