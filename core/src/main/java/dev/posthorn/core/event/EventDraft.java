package dev.posthorn.core.event;

import java.time.Instant;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Collects the attributes of one event and checks them as one: the bounds below hold for every way
 * into Posthorn. Mutable, for one thread.
 */
public final class EventDraft {
  /** Characters of a type. */
  public static final int MAX_TYPE = 256;

  /** Characters of a producer's id. */
  public static final int MAX_ID = 256;

  /** Characters of a source. */
  public static final int MAX_SOURCE = 512;

  /** Characters of a subject. */
  public static final int MAX_SUBJECT = 512;

  private @Nullable String tenant;
  private @Nullable String type;
  private @Nullable String id;
  private String source = "";
  private @Nullable String subject;
  private @Nullable Instant time;
  private @Nullable String dataSchema;
  private @Nullable String traceparent;
  private EventData data = EventData.none();
  private final TreeMap<String, String> extensions = new TreeMap<>();

  /** Sets the tenant that the event states. */
  public EventDraft tenant(String stated) {
    tenant = stated;
    return this;
  }

  /** Sets the type. */
  public EventDraft type(String stated) {
    type = stated;
    return this;
  }

  /** Sets the data. */
  public EventDraft data(EventData published) {
    data = published;
    return this;
  }

  /** The event, alone in its list, or the first attribute that is missing or out of bounds. */
  public Reading settle(TenantRule rule) {
    if (tenant == null || type == null) {
      return new Reading.Refused(Reading.Kind.INVALID, "tenant", "");
    }
    var event =
        new PublishedEvent(
            tenant, type, source, id, subject, time, data, dataSchema, traceparent, extensions);
    return new Reading.Events(java.util.List.of(event), false);
  }
}
