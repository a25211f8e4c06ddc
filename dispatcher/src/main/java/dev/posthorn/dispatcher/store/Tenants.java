package dev.posthorn.dispatcher.store;

import dev.posthorn.dispatcher.store.Sealer.Purpose;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import javax.crypto.AEADBadTagException;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * The tenants that one connection knows, with their data keys. A tenant gets its key with its first
 * row. One thread at a time; thrown away with its connection, so that a key whose row was rolled
 * back is never used again.
 */
final class Tenants {
  /** The owner of what belongs to no tenant; no tenant may be called so. */
  static final String NOBODY = "";

  /**
   * A tenant.
   *
   * @param number stands for it in rows
   * @param key its data key
   */
  record Tenant(int number, String name, SecretKey key) {
    @Override
    public String toString() {
      return "Tenant[" + number + ", " + name + "]";
    }
  }

  private static final int KEY_BYTES = 32;

  private final SecretKey payloadKey;
  private final Sealer sealer;
  private final SecureRandom random;
  private final SqlStatement byName;
  private final SqlStatement byNumber;
  private final SqlStatement insert;
  private final Map<String, Tenant> named = new HashMap<>();
  private final Map<Integer, Tenant> numbered = new HashMap<>();

  Tenants(Connection connection, SecretKey payloadKey, Sealer sealer, SecureRandom random)
      throws SQLException {
    this.payloadKey = payloadKey;
    this.sealer = sealer;
    this.random = random;
    byName =
        new SqlStatement(connection, "SELECT number, name, data_key FROM tenant WHERE name = ?");
    byNumber =
        new SqlStatement(connection, "SELECT number, name, data_key FROM tenant WHERE number = ?");
    insert =
        new SqlStatement(
            connection, "INSERT INTO tenant (name, data_key) VALUES (?, ?) ON CONFLICT DO NOTHING");
  }

  /** The tenant of this name; it is made where there is none. In a write transaction only. */
  Tenant named(String name) throws SQLException {
    Tenant known = find(name);
    if (known != null) {
      return known;
    }
    insert.update(name, newWrappedKey(name));
    return loaded(byName, name);
  }

  /** The tenant of this name, or null. */
  @Nullable Tenant find(String name) throws SQLException {
    Tenant known = named.get(name);
    return known != null ? known : remembered(byName.first(this::read, name));
  }

  /** The tenant of this number, which a row names. */
  Tenant numbered(int number) throws SQLException {
    Tenant known = numbered.get(number);
    return known != null ? known : loaded(byNumber, number);
  }

  private Tenant loaded(SqlStatement query, Object by) throws SQLException {
    Tenant tenant = remembered(query.first(this::read, by));
    if (tenant == null) {
      throw new IllegalStateException("tenant " + by + " has rows but no key in the database");
    }
    return tenant;
  }

  private @Nullable Tenant remembered(@Nullable Tenant tenant) {
    if (tenant != null) {
      named.put(tenant.name(), tenant);
      numbered.put(tenant.number(), tenant);
    }
    return tenant;
  }

  private byte[] newWrappedKey(String name) {
    var key = new byte[KEY_BYTES];
    random.nextBytes(key);
    try {
      return sealer.seal(payloadKey, Purpose.DATA_KEY, context(name), 0, key);
    } finally {
      Arrays.fill(key, (byte) 0);
    }
  }

  private Tenant read(ResultSet row) throws SQLException {
    String name = row.getString(2);
    byte[] key;
    try {
      key = sealer.open(payloadKey, Purpose.DATA_KEY, context(name), 0, row.getBytes(3));
    } catch (AEADBadTagException e) {
      throw new IllegalStateException("the data key of tenant " + name + " is damaged", e);
    }
    try {
      return new Tenant(row.getInt(1), name, new SecretKeySpec(key, "AES"));
    } finally {
      Arrays.fill(key, (byte) 0);
    }
  }

  /** Binds a wrapped key to its tenant (FNV-1a): keys of two rows cannot be swapped unnoticed. */
  private static long context(String name) {
    long hash = 0xcbf29ce484222325L;
    for (byte b : name.getBytes(StandardCharsets.UTF_8)) {
      hash = (hash ^ (b & 0xff)) * 0x100000001b3L;
    }
    return hash;
  }
}
