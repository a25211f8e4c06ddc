package dev.posthorn.operator.workload;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What pods are given to open their store: files, never variables or arguments.
 *
 * @param database the entry with the address of the database; null with SQLite
 * @param files further entries of that Secret, which the address names as files
 * @param payloadKey the entry with the key that wraps those of payloads; null: made beside the file
 * @param servers where the database may be
 * @param digest of what the entries hold: pods are replaced when it changes; null without entries
 */
public record StoreAccess(
    @Nullable Entry database,
    List<String> files,
    @Nullable Entry payloadKey,
    List<Installation.Address> servers,
    @Nullable String digest) {
  /** A file with a key of its own beside it. */
  public static final StoreAccess EMBEDDED =
      new StoreAccess(null, List.of(), null, List.of(), null);

  /** Copies the lists. */
  public StoreAccess {
    files = List.copyOf(files);
    servers = List.copyOf(servers);
  }

  /** An entry of a Secret beside the Dispatcher. */
  public record Entry(String secret, String key) {}
}
