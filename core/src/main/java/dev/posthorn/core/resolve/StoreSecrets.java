package dev.posthorn.core.resolve;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What opens a Dispatcher's store, as its Secrets have it; {@code toString} shows nothing of it.
 *
 * @param database the address of the database; null with SQLite
 * @param payloadKey 32 bytes that wrap the keys of payloads; null where the spec names none
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record StoreSecrets(@Nullable DatabaseAddress database, byte @Nullable [] payloadKey) {
  @Override
  public String toString() {
    return "StoreSecrets[" + Objects.toString(database, "sqlite") + "]";
  }
}
