package dev.posthorn.dispatcher.api;

import dev.posthorn.dispatcher.store.DeliveryKey;
import dev.posthorn.dispatcher.store.ReplayAnswer;
import dev.posthorn.dispatcher.store.ReplayWrite;

/** Where deliveries are asked for again. Thread-safe. */
public interface ReplayDesk {
  /** Whether an attempt of it is under way, or its outcome is not written yet. */
  boolean inFlight(DeliveryKey delivery);

  /**
   * Writes, and answers once that is durable.
   *
   * @throws dev.posthorn.dispatcher.store.StoreUnavailableException where the store does not answer
   * @throws dev.posthorn.dispatcher.store.TenantErasingException while the tenant is being erased
   */
  ReplayAnswer write(ReplayWrite write);
}
