package dev.posthorn.core.expression;

import org.jspecify.annotations.Nullable;

/**
 * The texts of {@code EventStream.spec.mapping}: CEL over {@code record}, one per attribute.
 *
 * @param tenant null if the tenant is not mapped
 * @param type the event's type
 * @param id null if events have no id of their producer
 * @param time null if events have no time of their producer; gives a timestamp or RFC 3339 text
 * @param data gives any value; null for no data
 */
public record MappingExpressions(
    @Nullable String tenant,
    String type,
    @Nullable String id,
    @Nullable String time,
    @Nullable String data) {}
