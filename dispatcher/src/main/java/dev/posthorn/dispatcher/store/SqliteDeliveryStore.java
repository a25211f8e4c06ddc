package dev.posthorn.dispatcher.store;

import java.nio.file.Path;
import java.security.SecureRandom;
import org.jspecify.annotations.Nullable;

/**
 * The delivery state in one SQLite file, {@code posthorn.db} in the data directory, with its
 * payload key beside it. Readable in it without the key: tenants, types, our ids, times, endpoint
 * names, statuses, addresses, key ids. Sealed: what producers say of events, event data, frozen
 * bodies, errors, headers and excerpts of attempts, rejected payloads.
 */
public final class SqliteDeliveryStore extends SqlDeliveryStore {
  private SqliteDeliveryStore(SqliteFile file, SecureRandom random) {
    super(file, random);
  }

  /**
   * Opens or makes the store in {@code directory}, which belongs to this process alone.
   *
   * @throws IllegalArgumentException where it cannot be used as it is: a network file system, a
   *     foreign, damaged or newer database, a missing or wrong payload key; the message says the
   *     cure
   * @throws StoreUnavailableException where the disk is full or fails
   */
  public static SqliteDeliveryStore open(Path directory) {
    return open(directory, null, SqliteConnector::open);
  }

  /**
   * The same with a payload key that is kept elsewhere.
   *
   * @param payloadKey the file that holds it
   */
  public static SqliteDeliveryStore open(Path directory, Path payloadKey) {
    return open(directory, payloadKey, SqliteConnector::open);
  }

  static SqliteDeliveryStore open(Path directory, SqliteConnector connector) {
    return open(directory, null, connector);
  }

  private static SqliteDeliveryStore open(
      Path directory, @Nullable Path payloadKey, SqliteConnector connector) {
    var random = new SecureRandom();
    var store =
        new SqliteDeliveryStore(SqliteFile.open(directory, payloadKey, connector, random), random);
    store.connect();
    return store;
  }
}
