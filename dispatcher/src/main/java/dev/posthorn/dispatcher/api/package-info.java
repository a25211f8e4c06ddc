/**
 * The {@code /v1} calls: publish events, read the delivery log, look at endpoints and re-enable
 * them. {@code openapi.yaml} beside these classes is their contract; every answer of the tests is
 * checked against it.
 *
 * <p>A call belongs to one tenant, but for publishing and for the platform's own lists. Payloads
 * are shown only to callers with the verb for it.
 */
@NullMarked
package dev.posthorn.dispatcher.api;

import org.jspecify.annotations.NullMarked;
