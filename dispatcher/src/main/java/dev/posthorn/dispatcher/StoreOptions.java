package dev.posthorn.dispatcher;

import dev.posthorn.dispatcher.store.DeliveryStore;
import dev.posthorn.dispatcher.store.Lane;
import dev.posthorn.dispatcher.store.PayloadKey;
import dev.posthorn.dispatcher.store.PostgresDeliveryStore;
import dev.posthorn.dispatcher.store.SqliteDeliveryStore;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.security.SecureRandom;
import javax.crypto.SecretKey;
import org.jspecify.annotations.Nullable;

/** Where a dispatcher keeps its deliveries, and the key that wraps those of its tenants. */
public sealed interface StoreOptions {
  /** The embedded store, with a key of its own beside it. */
  static StoreOptions embedded() {
    return new Sqlite(null);
  }

  /**
   * A file in the data directory.
   *
   * @param payloadKey a file with the key; null: in the data directory, made on first start
   */
  record Sqlite(@Nullable Path payloadKey) implements StoreOptions {}

  /**
   * A PostgreSQL database.
   *
   * @param url {@code postgres://user:password@host:port/database}
   * @param payloadKey as in {@link Sqlite}, but never made for a database that has been used
   */
  record Postgres(String url, @Nullable Path payloadKey) implements StoreOptions {
    /** Without the URL, which holds a password. */
    @Override
    public String toString() {
      return "Postgres[payloadKey=" + payloadKey + "]";
    }
  }

  /**
   * Opens the store.
   *
   * @param data the data directory
   * @param role what the process does with it
   * @throws IllegalArgumentException where it cannot be used as it is, or not for that role; the
   *     message says the cure
   * @throws dev.posthorn.dispatcher.store.StoreUnavailableException where it cannot be reached
   */
  default DeliveryStore open(Path data, Role role) {
    return switch (this) {
      case Sqlite(Path key) -> {
        if (role != Role.ALL) {
          throw new IllegalArgumentException(
              "the embedded store is for one process that does all: give --store a PostgreSQL"
                  + " database, or leave --role out");
        }
        yield key == null ? SqliteDeliveryStore.open(data) : SqliteDeliveryStore.open(data, key);
      }
      case Postgres(String url, Path key) ->
          PostgresDeliveryStore.open(
              new PostgresDeliveryStore.Options(
                  url,
                  key(url, key, data),
                  Lane::of,
                  process(),
                  PostgresDeliveryStore.LEASE,
                  role.sends()));
    };
  }

  private static SecretKey key(String url, @Nullable Path given, Path data) {
    return given == null
        ? PayloadKey.in(data, () -> PostgresDeliveryStore.isSealed(url), new SecureRandom())
        : PayloadKey.given(given);
  }

  /** The pod or machine, and the process on it. */
  private static String process() {
    long pid = ProcessHandle.current().pid();
    try {
      return InetAddress.getLocalHost().getHostName() + "/" + pid;
    } catch (UnknownHostException nameless) {
      return "localhost/" + pid;
    }
  }
}
