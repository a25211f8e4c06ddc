package dev.posthorn.dispatcher.store;

import dev.posthorn.core.event.Event;
import java.util.List;

/**
 * An event to be stored, with its targets frozen.
 *
 * @param event the event under its new id
 * @param idempotencyKey 16 bytes over tenant, source and the producer's id, or empty where the
 *     producer gave no id: then it is never a duplicate
 * @param targets numbers of the endpoints that get it, each once; may be empty
 */
@SuppressWarnings("ArrayRecordComponent") // Bytes are shared, never changed, never compared.
public record NewEvent(Event event, byte[] idempotencyKey, List<Integer> targets) {}
