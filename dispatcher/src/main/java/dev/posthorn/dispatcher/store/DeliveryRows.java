package dev.posthorn.dispatcher.store;

import java.sql.SQLException;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Moves open deliveries on: ends them, or has them wait for their next attempt. */
interface DeliveryRows {
  /**
   * What becomes of a delivery that had {@code n - 1} attempts.
   *
   * @param dueMillis when the next attempt is due; null where it ends
   * @param body sealed body for every further attempt, unless the row has one; null for none
   */
  @SuppressWarnings("ArrayRecordComponent") // Bytes are shared, never changed, never compared.
  record Move(DeliveryKey key, int n, @Nullable Long dueMillis, byte @Nullable [] body) {}

  /**
   * What the row of an open delivery tells.
   *
   * @param tenant of its event; 0 where that is gone
   * @param replay how many times it was opened again
   */
  record Open(long acceptedMillis, int tenant, long replay) {}

  /**
   * Applies the moves in their order.
   *
   * @return one entry per move; null where the delivery was not open or not at this attempt
   */
  List<@Nullable Open> move(List<Move> moves) throws SQLException;

  /** The tenants of events by their numbers; those that are gone are absent. */
  Map<Long, Integer> tenants(Collection<Long> events) throws SQLException;
}
