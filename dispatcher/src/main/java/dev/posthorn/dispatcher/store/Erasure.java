package dev.posthorn.dispatcher.store;

import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The erasure of a tenant: who asked for it, and what it has deleted so far.
 *
 * @param id unique in the store, ascending
 * @param requested when it was asked for; from then on nothing of the tenant can be read
 * @param caller who asked, as the caller's name
 * @param completed when nothing was left in the files of the database; null while it runs
 * @param deleted rows by kind, those of kinds without any left out
 */
public record Erasure(
    long id,
    String tenant,
    Instant requested,
    String caller,
    @Nullable Instant completed,
    Map<ErasedKind, Long> deleted) {
  /** Copies the map. */
  public Erasure {
    deleted = Map.copyOf(deleted);
  }

  /** How many rows of a kind are deleted. */
  public long deleted(ErasedKind kind) {
    return deleted.getOrDefault(kind, 0L);
  }
}
