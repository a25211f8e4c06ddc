package dev.posthorn.dispatcher.store;

import java.security.SecureRandom;
import java.time.Duration;
import java.util.function.ToIntFunction;
import javax.crypto.SecretKey;

/**
 * The delivery state in a PostgreSQL database, version 15 or later, which several processes may
 * use. What is readable and what is sealed is as in {@link SqliteDeliveryStore}.
 *
 * <p>After a commit whose outcome is unknown it joins as a new node: the former connection's
 * transaction has then ended, one way or the other, and the same writes may be repeated.
 */
public final class PostgresDeliveryStore extends SqlDeliveryStore {
  /** How long a process may be silent before another takes over. */
  public static final Duration LEASE = Duration.ofSeconds(15);

  /**
   * Which database, and who uses it.
   *
   * @param url {@code postgres://user:password@host:port/database}; several hosts are separated by
   *     commas, of which the primary is taken
   * @param payloadKey wraps the tenants' data keys
   * @param lanes the lane of a tenant
   * @param name by which people find this process, such as its pod and process id
   * @param lease {@link #LEASE}, but in tests
   * @param sends whether this process takes lanes; else it only stores what others send
   */
  public record Options(
      String url,
      SecretKey payloadKey,
      ToIntFunction<String> lanes,
      String name,
      Duration lease,
      boolean sends) {
    /** Without url and key. */
    @Override
    public String toString() {
      return "Options[" + name + "]";
    }
  }

  private final PostgresServer server;
  private final Recount recount;

  private PostgresDeliveryStore(PostgresServer server, SecureRandom random) {
    super(server, random);
    this.server = server;
    recount = new Recount(this::others, this::recount);
  }

  @Override
  public void close() {
    recount.close();
    super.close();
  }

  @Override
  public boolean isShared() {
    return true;
  }

  @Override
  public boolean maySend() {
    return server.maySend();
  }

  /**
   * Opens the store and makes its tables where there are none.
   *
   * @throws IllegalArgumentException where it cannot be used as it is: a wrong address or payload
   *     key, a foreign or newer database, an old server, a standby; the message says the cure
   * @throws StoreUnavailableException where it cannot be reached
   */
  public static PostgresDeliveryStore open(Options options) {
    var random = new SecureRandom();
    var store = new PostgresDeliveryStore(PostgresServer.open(options, random), random);
    store.connect();
    return store;
  }

  /**
   * Whether a database holds what only its payload key can open. Makes its tables where there are
   * none; throws what {@link #open} throws.
   */
  public static boolean isSealed(String url) {
    return PostgresServer.isSealed(url);
  }
}
