package dev.posthorn.dispatcher.store;

/** A set of tenants: the unit of ownership. A tenant never moves between lanes. */
public final class Lane {
  /** How many lanes there are, a constant of the database schema. */
  public static final int COUNT = 64;

  private Lane() {}

  /** The lane of a tenant, 0..63. The function is part of the schema: it must never change. */
  public static int of(String tenant) {
    return Math.floorMod(tenant.hashCode() * 0x9E3779B1, COUNT);
  }
}
