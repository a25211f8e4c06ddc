package dev.posthorn.core.event;

/** Who decides the tenant of an event that is being read. */
public sealed interface TenantRule {

  /** The event must state its tenant. */
  record Stated() implements TenantRule {}

  /**
   * The event is {@code tenant}'s; it may leave its tenant out, and one that states another tenant
   * is refused.
   */
  record Expected(String tenant) implements TenantRule {}

  /**
   * The event is {@code tenant}'s, whatever it states: a stream in a tenant's namespace (the
   * namespace is the tenant).
   */
  record Replaced(String tenant) implements TenantRule {}

  /** The event must state its tenant. */
  static TenantRule stated() {
    return new Stated();
  }
}
