package dev.posthorn.dispatcher.api;

import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import com.fasterxml.jackson.databind.util.RawValue;
import dev.posthorn.core.event.Event;
import dev.posthorn.core.event.EventData;
import dev.posthorn.core.event.PublishedEvent;
import dev.posthorn.dispatcher.accept.MatchExplainer.Match;
import dev.posthorn.dispatcher.store.DeliveryLog.DeliveryState;
import dev.posthorn.dispatcher.store.DeliveryLog.StoredEvent;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** An event as a list shows it: its attributes. */
@JsonPropertyOrder({
  "id",
  "tenant",
  "type",
  "source",
  "sourceId",
  "subject",
  "time",
  "acceptedTime",
  "contentType",
  "extensions",
  "targets"
})
record EventView(
    String id,
    String tenant,
    String type,
    String source,
    @Nullable String sourceId,
    @Nullable String subject,
    Instant time,
    Instant acceptedTime,
    @Nullable String contentType,
    @Nullable Map<String, String> extensions,
    int targets) {

  static EventView of(StoredEvent stored) {
    Event event = stored.event();
    PublishedEvent published = event.published();
    return new EventView(
        event.id().value(),
        published.tenant(),
        published.type(),
        published.source(),
        published.id(),
        published.subject(),
        event.time(),
        event.accepted(),
        published.data().contentType(),
        published.extensions().isEmpty() ? null : published.extensions(),
        stored.targets().size());
  }

  /** An event alone: with what became of it, and its data where the caller may see it. */
  @JsonPropertyOrder({"event", "data", "dataEncoding", "deliveries", "attempts", "matches"})
  record Whole(
      @JsonUnwrapped EventView event,
      @Nullable Object data,
      @Nullable String dataEncoding,
      List<Delivery> deliveries,
      List<AttemptView> attempts,
      List<Matched> matches) {}

  /** A delivery of the event. */
  @JsonPropertyOrder({"endpoint", "state", "attempts", "dueTime"})
  record Delivery(String endpoint, String state, int attempts, @Nullable Instant dueTime) {
    static String spelled(DeliveryState state) {
      return switch (state) {
        case WAITING -> "Waiting";
        case DELIVERED -> "Delivered";
        case DEAD -> "Dead";
      };
    }
  }

  /** Why the event did or did not go to an endpoint. */
  @JsonPropertyOrder({"endpoint", "matched", "reason"})
  record Matched(String endpoint, boolean matched, String reason) {
    static Matched of(Match match) {
      return new Matched(match.endpoint(), match.matched(), match.reason());
    }
  }

  /** The data as the default body has it: JSON as it is, text as a string, else base64. */
  record Data(@Nullable Object value, @Nullable String encoding) {
    static final Data HIDDEN = new Data(null, null);

    static Data of(EventData data) {
      return switch (data.form()) {
        case NONE -> HIDDEN;
        case JSON -> new Data(new RawValue(utf8(data)), null);
        case TEXT -> new Data(utf8(data), null);
        case BINARY -> {
          Content content = Content.base64(data.bytes());
          yield new Data(content.text(), content.encoding());
        }
      };
    }

    private static String utf8(EventData data) {
      return new String(data.bytes(), StandardCharsets.UTF_8);
    }
  }
}
