package dev.posthorn.core.event;

import java.time.Instant;
import java.util.Collections;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a producer published: the attributes of CloudEvents 1.0, the tenant, and the data.
 *
 * <p>Immutable. {@link EventDraft} checks the bounds; this record trusts its maker, so that the
 * store can give back what it holds without checking it again.
 *
 * @param tenant whose event it is
 * @param type for example {@code order.created}; 1..256 characters
 * @param source where it happened; empty if the producer gave none
 * @param id the producer's id, unique per tenant and source; null if it gave none, and then the
 *     event is never a duplicate
 * @param subject what it is about; null if the producer gave none
 * @param time when it happened; null if the producer gave none
 * @param data the data as published
 * @param dataSchema of the CloudEvent, else null
 * @param traceparent W3C trace context of the producer, else null
 * @param extensions other CloudEvents extension attributes by name, in their string form, sorted;
 *     types other than string do not survive, as they do not in the HTTP binding
 */
public record PublishedEvent(
    String tenant,
    String type,
    String source,
    @Nullable String id,
    @Nullable String subject,
    @Nullable Instant time,
    EventData data,
    @Nullable String dataSchema,
    @Nullable String traceparent,
    Map<String, String> extensions) {

  /** Keeps {@code extensions} from changing. */
  public PublishedEvent {
    extensions = extensions.isEmpty() ? Map.of() : Collections.unmodifiableMap(extensions);
  }

  /** An event with only the attributes that every event has. */
  public static PublishedEvent of(String tenant, String type, EventData data) {
    return new PublishedEvent(tenant, type, "", null, null, null, data, null, null, Map.of());
  }

  /** The same of another tenant. */
  public PublishedEvent withTenant(String other) {
    return new PublishedEvent(
        other, type, source, id, subject, time, data, dataSchema, traceparent, extensions);
  }

  @Override
  public String toString() {
    return "PublishedEvent[tenant=" + tenant + ", type=" + type + ", id=" + id + ", " + data + "]";
  }
}
