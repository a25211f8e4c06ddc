package dev.posthorn.dispatcher.store;

/**
 * A delivery: one event for one endpoint.
 *
 * @param endpoint the endpoint's number in the store; it outlives the resource
 * @param seq the event's sequence number; a later accept has a larger one
 */
public record DeliveryKey(int endpoint, long seq) {}
