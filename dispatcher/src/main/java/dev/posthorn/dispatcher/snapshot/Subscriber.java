package dev.posthorn.dispatcher.snapshot;

import dev.posthorn.core.config.ResourceName;
import dev.posthorn.core.event.Subscription;
import dev.posthorn.core.expression.Filter;
import java.util.Optional;

/**
 * What an endpoint wants to get.
 *
 * @param number its number in the store
 * @param name its resource
 * @param types the types it wants
 * @param filter which events of these types, or empty for all
 */
public record Subscriber(
    int number, ResourceName name, Subscription types, Optional<Filter> filter) {}
