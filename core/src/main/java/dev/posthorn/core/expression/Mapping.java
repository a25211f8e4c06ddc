package dev.posthorn.core.expression;

import dev.posthorn.core.event.TenantRule;
import java.util.Map;

/** A compiled mapping of records to events. Immutable, safe for any thread. */
public final class Mapping {
  Mapping() {}

  /**
   * The event that {@code record} is.
   *
   * @param record values as CEL knows them: String, Long, Double, Boolean, null, List, Map; what a
   *     JSON parser gives, integers as Long
   * @param tenant who decides the tenant
   */
  public MappingOutcome apply(Map<String, ?> record, TenantRule tenant) {
    throw new UnsupportedOperationException();
  }
}
