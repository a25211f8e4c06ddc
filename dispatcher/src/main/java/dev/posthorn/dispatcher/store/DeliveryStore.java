package dev.posthorn.dispatcher.store;

import dev.posthorn.core.config.KeyDenial;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Durable delivery state, one per database. Contract: the suite {@code DeliveryStoreContract},
 * which every implementation passes.
 */
public interface DeliveryStore extends AutoCloseable {
  /**
   * Applies the writes in one transaction, in order, and returns after it is durable. Store thread
   * only.
   *
   * @return one answer per write, in order
   * @throws StoreUnavailableException when nothing of it was written, or that is unknown
   */
  List<Written> write(List<Write> writes);

  /** Reads pages of open deliveries, after the last write. Store thread only. */
  List<Page> pages(List<PageRequest> requests);

  /**
   * Reads pages of open deliveries and what other processes stored, after the last write. Store
   * thread only.
   */
  default Round round(List<PageRequest> requests) {
    return Round.of(requests.isEmpty() ? List.of() : pages(requests));
  }

  /** Whether other processes may use the same database, so that rounds must be read steadily. */
  default boolean isShared() {
    return false;
  }

  /** Whether this process does what one must do for all: retention. Store thread only. */
  default boolean keeps() {
    return true;
  }

  /** Whether a request may be started now: nobody else can have its delivery yet. Any thread. */
  default boolean maySend() {
    return true;
  }

  /** Endpoints as stored, with their health. Store thread, or before it starts. */
  List<EndpointRow> endpoints();

  /** Keys that may not sign. Store thread, or before it starts. */
  List<KeyDenial> denials();

  /** Tenants whose erasure is not complete. Store thread, or before it starts. */
  List<String> erasing();

  /** The last erasure of a tenant; null where there was none. Store thread only. */
  @Nullable Erasure erasure(String tenant);

  /**
   * Housekeeping that a commit must not wait for, such as a checkpoint. Store thread only, between
   * transactions. Empties the log where an erasure waits for that.
   *
   * @param idle whether nothing waits to be written
   * @throws StoreUnavailableException when the disk is full or fails; nothing committed is lost
   */
  void maintain(boolean idle);

  /** Queries on connections of their own, for any thread. */
  DeliveryLog log();

  @Override
  void close();
}
