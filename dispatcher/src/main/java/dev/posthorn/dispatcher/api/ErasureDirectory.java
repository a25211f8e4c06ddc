package dev.posthorn.dispatcher.api;

import dev.posthorn.dispatcher.store.AuditEntry;
import dev.posthorn.dispatcher.store.Erasure;
import java.util.Optional;

/**
 * The erasures of tenants. Thread-safe; may block on the store, and throws {@link
 * dev.posthorn.dispatcher.store.StoreUnavailableException} where that does not answer.
 */
public interface ErasureDirectory {
  /**
   * Erases the tenant of {@code entry}, or joins the erasure that runs. Waits some seconds for its
   * end; it goes on without being waited for.
   *
   * @return the erasure as it is then; empty where nothing is known of the tenant
   */
  Optional<Erasure> erase(AuditEntry entry);

  /** The last erasure of a tenant. */
  Optional<Erasure> find(String tenant);
}
