package dev.posthorn.core.config;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a dispatcher, and each tenant of it, may use at once.
 *
 * @param maxConcurrency most requests in flight in one worker
 * @param maxPayloadBytes the largest payload of an event
 * @param tenantDefault a tenant that is not named in {@code tenants}
 * @param tenants by tenant, complete: what an entry leaves out is taken from the default already
 */
public record Limits(
    int maxConcurrency, int maxPayloadBytes, Tenant tenantDefault, Map<String, Tenant> tenants) {
  /** What a Dispatcher without {@code limits} has. */
  public static final Limits DEFAULT = new Limits(512, 262_144, Tenant.DEFAULT, Map.of());

  /** Copies the map. */
  public Limits {
    tenants = Map.copyOf(tenants);
  }

  /** What {@code tenant} may use. */
  public Tenant of(String tenant) {
    return tenants.getOrDefault(tenant, tenantDefault);
  }

  /**
   * A tenant's share.
   *
   * @param weight its turn compared with others'
   * @param maxConcurrency most requests in flight to all its endpoints
   * @param eventsPerSecond most events accepted; null for no limit
   * @param maxStoredBytes most bytes that the payloads of its events may take in the store, beyond
   *     which it publishes nothing more; null for no limit
   */
  public record Tenant(
      int weight,
      int maxConcurrency,
      @Nullable Integer eventsPerSecond,
      @Nullable Long maxStoredBytes) {
    /** An equal turn, 50 requests in flight, no quota. */
    public static final Tenant DEFAULT = new Tenant(1, 50, null, null);
  }
}
