package dev.posthorn.dispatcher.store;

import java.time.Instant;

/**
 * A record of a stream that could not become an event; it is listed, counted and acknowledged, so
 * that it never blocks the stream.
 *
 * @param source the EventStream, {@code namespace/name}
 * @param position its place in the stream: a Redis entry id, or partition and offset
 * @param time when it was read
 * @param reason one word for metrics: {@code mapping}, {@code unreadable}, {@code too_large}...
 * @param message one sentence for people: what is wrong and the cure
 * @param payload its bytes as far as they are kept, so that it can be redriven; may be empty
 */
@SuppressWarnings("ArrayRecordComponent") // Bytes are shared, never changed, never compared.
public record RejectedRecord(
    String source, String position, Instant time, String reason, String message, byte[] payload) {}
