package dev.posthorn.core.resolve;

import java.util.Objects;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/**
 * What opens a Dispatcher's store, as its Secrets have it; {@code toString} shows nothing of it.
 *
 * @param database the address of the database; null with SQLite
 * @param files what is in the files that the address names, by their names
 * @param payloadKey 32 bytes that wrap the keys of payloads; null where the spec names none
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record StoreSecrets(
    @Nullable DatabaseAddress database,
    SortedMap<String, byte[]> files,
    byte @Nullable [] payloadKey) {
  @Override
  public String toString() {
    return "StoreSecrets[" + Objects.toString(database, "sqlite") + "]";
  }
}
