package dev.posthorn.dispatcher.store;

import dev.posthorn.core.config.OutcomeClass;
import dev.posthorn.core.config.ResourceName;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What the store remembers of an endpoint; the row outlives the resource.
 *
 * @param number its number, never reused
 * @param name its resource
 * @param tenant its tenant
 * @param health its health
 * @param holds when it got nothing on purpose
 */
public record EndpointRow(
    int number, ResourceName name, String tenant, Health health, Holds holds) {
  /**
   * Health, written when the state changes.
   *
   * @param state the state
   * @param since when it began
   * @param lastSuccess the last delivery, as far as it was written; null for none
   * @param failures failed attempts since the last success
   * @param lastError class of the last failure; null for none
   * @param enabledTime the latest wish to re-enable that has acted; null for none
   * @param removedTime since when the resource is gone, as it was when the row was read; null while
   *     it is there
   */
  public record Health(
      EndpointState state,
      Instant since,
      @Nullable Instant lastSuccess,
      int failures,
      @Nullable OutcomeClass lastError,
      @Nullable Instant enabledTime,
      @Nullable Instant removedTime) {}
}
