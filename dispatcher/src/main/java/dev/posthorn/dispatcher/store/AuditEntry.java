package dev.posthorn.dispatcher.store;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Something that a caller asked for and that somebody may want to know of later. Written before it
 * is done, so that nothing is done unseen; what was refused then is there too.
 *
 * @param tenant whose
 * @param time when
 * @param caller who, as the caller's name
 * @param request the id of his request, as in answers and logs
 * @param action what, as {@code keys.rotate}
 * @param object which, as {@code signingsecret/orders}
 * @param detail more of it, such as a key's id and the reason given; never a key or a payload
 */
public record AuditEntry(
    String tenant,
    Instant time,
    String caller,
    String request,
    String action,
    String object,
    @Nullable String detail) {}
