package dev.posthorn.dispatcher.lane;

import java.util.List;
import java.util.Map;

/**
 * The configuration as the scheduler sees it; it replaces the one before.
 *
 * @param endpoints all configured endpoints; one that is missing is parked, its rows stay
 * @param tenants shares that differ from {@code tenantDefault}
 * @param tenantDefault the share of every other tenant
 * @param maxConcurrency most deliveries at once in this process, from the start of a request until
 *     its outcome is stored: so many a crash may repeat
 * @param suspended whether nothing at all may be sent
 */
public record Plan(
    List<EndpointPlan> endpoints,
    Map<String, TenantPlan> tenants,
    TenantPlan tenantDefault,
    int maxConcurrency,
    boolean suspended) {
  /** Before the first configuration: nothing may be sent. */
  static final Plan NOTHING = new Plan(List.of(), Map.of(), new TenantPlan(1, 1), 0, true);
}
