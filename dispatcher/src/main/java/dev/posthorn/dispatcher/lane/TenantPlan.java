package dev.posthorn.dispatcher.lane;

/**
 * A tenant's share of the dispatcher.
 *
 * @param weight turns relative to other tenants, from 1
 * @param maxConcurrency most requests at once over all of its endpoints, from 1
 */
public record TenantPlan(int weight, int maxConcurrency) {}
