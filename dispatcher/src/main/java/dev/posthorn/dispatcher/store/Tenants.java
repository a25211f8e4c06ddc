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
import java.util.OptionalInt;
import javax.crypto.AEADBadTagException;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * The tenants that one connection knows, with their data keys. A tenant gets its key with its first
 * row, and another with its first event after an erasure. One thread at a time; thrown away with
 * its connection, so that a key whose row was rolled back is never used again.
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
  private final SqlStatement numberOf;
  private final SqlStatement insert;
  private final SqlStatement keyBytes;
  private final SqlStatement replaceKey;
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
    numberOf = new SqlStatement(connection, "SELECT number FROM tenant WHERE name = ?");
    insert =
        new SqlStatement(
            connection,
            "INSERT INTO tenant (name, data_key) VALUES (?, ?)"
                + " ON CONFLICT (name) DO UPDATE SET data_key = excluded.data_key");
    keyBytes = new SqlStatement(connection, "SELECT length(data_key) FROM tenant WHERE number = ?");
    replaceKey = new SqlStatement(connection, "UPDATE tenant SET data_key = ? WHERE number = ?");
  }

  /**
   * The tenant of this name; it is made where there is none, and its key where that is destroyed.
   * In a write transaction only.
   */
  Tenant named(String name) throws SQLException {
    Tenant known = find(name);
    if (known != null) {
      return known;
    }
    insert.update(name, newWrappedKey(name));
    Tenant made = find(name);
    if (made == null) {
      throw new IllegalStateException("tenant " + name + " was made and has no key");
    }
    return made;
  }

  /** The number of this name, which is made where there is none. In a write transaction only. */
  int number(String name) throws SQLException {
    OptionalInt known = numberOf(name);
    return known.isPresent() ? known.getAsInt() : named(name).number();
  }

  /** The number of this name, also while there is no key; empty where there is no such tenant. */
  OptionalInt numberOf(String name) throws SQLException {
    Tenant known = named.get(name);
    if (known != null) {
      return OptionalInt.of(known.number());
    }
    int number = (int) numberOf.number(-1, name);
    return number < 0 ? OptionalInt.empty() : OptionalInt.of(number);
  }

  /** Overwrites a key with zeros of its length, so that it goes where it stood. */
  void destroyKey(int number, String name) throws SQLException {
    named.remove(name);
    numbered.remove(number);
    replaceKey.update(new byte[(int) keyBytes.number(0, number)], number);
  }

  /** Knows none any more: a key may have been destroyed. */
  void forget() {
    named.clear();
    numbered.clear();
  }

  /** The tenant of this name; null where there is none, or its key is destroyed. */
  @Nullable Tenant find(String name) throws SQLException {
    Tenant known = named.get(name);
    return known != null ? known : remembered(byName.first(this::read, name));
  }

  /** The tenant of this number, which a row names; null where its key is destroyed. */
  @Nullable Tenant numbered(int number) throws SQLException {
    Tenant known = numbered.get(number);
    return known != null ? known : remembered(byNumber.first(this::read, number));
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

  private @Nullable Tenant read(ResultSet row) throws SQLException {
    String name = row.getString(2);
    byte[] wrapped = row.getBytes(3);
    if (Sealer.isDestroyed(wrapped)) {
      return null;
    }
    byte[] key;
    try {
      key = sealer.open(payloadKey, Purpose.DATA_KEY, context(name), 0, wrapped);
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
