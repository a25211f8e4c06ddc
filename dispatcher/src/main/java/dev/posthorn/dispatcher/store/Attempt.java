package dev.posthorn.dispatcher.store;

import dev.posthorn.core.config.OutcomeClass;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One try of a delivery, as the delivery log keeps it.
 *
 * @param delivery whose try it was
 * @param n its number, from 1
 * @param time when it began
 * @param outcome its class
 * @param status the HTTP status, 0 where there was no response
 * @param error one sentence for people about what failed, or null
 * @param terminal whether the delivery ended with it
 * @param nextTime when the next attempt is due, or null
 * @param detail what was sent and received
 */
public record Attempt(
    DeliveryKey delivery,
    int n,
    Instant time,
    OutcomeClass outcome,
    int status,
    @Nullable String error,
    boolean terminal,
    @Nullable Instant nextTime,
    AttemptDetail detail) {}
