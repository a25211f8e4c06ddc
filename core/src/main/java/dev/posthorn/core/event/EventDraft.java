package dev.posthorn.core.event;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Collects the attributes of one event and checks them as one: the bounds below hold for every way
 * into Posthorn. Mutable, for one thread; {@link #settle} is its last call.
 *
 * <p>Texts other than the type and the tenant may be empty, which is the same as absent. None may
 * hold a control character. Types that begin with {@code posthorn.} are refused: they are system
 * events, which only Posthorn makes.
 */
public final class EventDraft {
  /** Characters of a type. */
  public static final int MAX_TYPE = 256;

  /** Characters of a producer's id. */
  public static final int MAX_ID = 256;

  /** Characters of a source, a subject and a dataschema. */
  public static final int MAX_TEXT = 512;

  /** Extension attributes of an event. */
  public static final int MAX_EXTENSIONS = 32;

  /** Characters of an extension attribute's value. */
  public static final int MAX_EXTENSION = 1_024;

  private @Nullable String tenant;
  private @Nullable String type;
  private @Nullable String id;
  private @Nullable String source;
  private @Nullable String subject;
  private @Nullable Instant time;
  private @Nullable String timeText;
  private @Nullable String dataSchema;
  private @Nullable String traceparent;
  private EventData data = EventData.none();
  private Map<String, String> extensions = Map.of();

  /** Sets the tenant that the event states. */
  public EventDraft tenant(@Nullable String stated) {
    tenant = stated;
    return this;
  }

  /** Sets the type. */
  public EventDraft type(@Nullable String stated) {
    type = stated;
    return this;
  }

  /** Sets the producer's id. */
  public EventDraft id(@Nullable String stated) {
    id = stated;
    return this;
  }

  /** Sets the source. */
  public EventDraft source(@Nullable String stated) {
    source = stated;
    return this;
  }

  /** Sets the subject. */
  public EventDraft subject(@Nullable String stated) {
    subject = stated;
    return this;
  }

  /** Sets the time. */
  public EventDraft time(@Nullable Instant stated) {
    time = stated;
    timeText = null;
    return this;
  }

  /** Sets the time from text, to be checked as RFC 3339. */
  public EventDraft timeText(@Nullable String stated) {
    timeText = stated;
    return this;
  }

  /** Sets CloudEvents {@code dataschema}. */
  public EventDraft dataSchema(@Nullable String stated) {
    dataSchema = stated;
    return this;
  }

  /** Sets the trace context; one that is not well-formed is dropped, as W3C asks for. */
  public EventDraft traceparent(@Nullable String stated) {
    traceparent = stated != null && AttributeRules.isTraceparent(stated) ? stated : null;
    return this;
  }

  /** Sets the data. */
  public EventDraft data(EventData published) {
    data = published;
    return this;
  }

  /** Adds an extension attribute of CloudEvents. */
  public EventDraft extension(String name, String value) {
    if (extensions.isEmpty()) {
      extensions = new TreeMap<>();
    }
    extensions.put(name, value);
    return this;
  }

  /** The event, alone in its list, or what is wrong with its first wrong attribute. */
  public Reading settle(TenantRule rule) {
    try {
      return new Reading.Events(List.of(event(rule)), false);
    } catch (RefusedException refusal) {
      return refusal.refused();
    }
  }

  PublishedEvent event(TenantRule rule) throws RefusedException {
    String owner = tenant(rule);
    String checkedType = type();
    checkText("id", id, MAX_ID);
    checkText("source", source, MAX_TEXT);
    checkText("subject", subject, MAX_TEXT);
    checkText("dataschema", dataSchema, MAX_TEXT);
    checkExtensions();
    return new PublishedEvent(
        owner,
        checkedType,
        source == null ? "" : source,
        absentIfEmpty(id),
        absentIfEmpty(subject),
        time(),
        data,
        absentIfEmpty(dataSchema),
        traceparent,
        extensions);
  }

  private String tenant(TenantRule rule) throws RefusedException {
    return switch (rule) {
      case TenantRule.Replaced(String owner) -> owner;
      case TenantRule.Stated() -> statedTenant();
      case TenantRule.Expected(String owner) -> {
        if (tenant != null && !tenant.equals(owner)) {
          throw RefusedException.invalid(
              "tenant", "tenant is not \"" + owner + "\"; leave it out or name that one");
        }
        yield owner;
      }
    };
  }

  private String statedTenant() throws RefusedException {
    if (tenant == null || tenant.isEmpty()) {
      throw RefusedException.invalid(
          "tenant", "tenant is missing; add the tenant whose endpoints are to get the event");
    }
    if (!AttributeRules.isTenant(tenant)) {
      throw RefusedException.invalid(
          "tenant",
          "tenant is not 1 to 63 letters, digits, dots, dashes or underscores that begin with a"
              + " letter or digit; correct it");
    }
    return tenant;
  }

  private String type() throws RefusedException {
    if (type == null || type.isEmpty()) {
      throw RefusedException.invalid(
          "type", "type is missing; add one, for example \"order.created\"");
    }
    checkText("type", type, MAX_TYPE);
    if (type.startsWith(TypePattern.SYSTEM_PREFIX)) {
      throw RefusedException.invalid(
          "type", "types that begin with posthorn. are Posthorn's own; choose another");
    }
    return type;
  }

  private @Nullable Instant time() throws RefusedException {
    if (timeText == null) {
      return time;
    }
    return AttributeRules.time(timeText)
        .orElseThrow(() ->
            RefusedException.invalid(
                "time", "time is not RFC 3339; send it as 2026-11-22T10:00:00Z"));
  }

  private void checkExtensions() throws RefusedException {
    if (extensions.size() > MAX_EXTENSIONS) {
      throw RefusedException.invalid(
          null, "more than " + MAX_EXTENSIONS + " extension attributes; send fewer");
    }
    for (Map.Entry<String, String> extension : extensions.entrySet()) {
      if (!AttributeRules.isExtensionName(extension.getKey())) {
        throw RefusedException.invalid(
            JsonReading.shown(extension.getKey()),
            "the name of an extension attribute is not 1 to 64 lower-case letters and digits;"
                + " rename it");
      }
      checkText(extension.getKey(), extension.getValue(), MAX_EXTENSION);
    }
  }

  private static void checkText(String field, @Nullable String text, int max)
      throws RefusedException {
    if (text == null) {
      return;
    }
    if (text.length() > max) {
      throw RefusedException.invalid(
          field, field + " has " + text.length() + " characters; send at most " + max);
    }
    if (!AttributeRules.isPrintable(text)) {
      throw RefusedException.invalid(
          field, field + " holds a control character or half a surrogate pair; remove it");
    }
  }

  private static @Nullable String absentIfEmpty(@Nullable String text) {
    return text == null || text.isEmpty() ? null : text;
  }
}
