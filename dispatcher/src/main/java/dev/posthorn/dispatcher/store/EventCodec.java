package dev.posthorn.dispatcher.store;

import dev.posthorn.core.event.Event;
import dev.posthorn.core.event.EventData;
import dev.posthorn.core.event.EventData.Form;
import dev.posthorn.core.event.EventId;
import dev.posthorn.core.event.PublishedEvent;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** An event's attributes and targets as the blobs of its row. */
final class EventCodec {
  private EventCodec() {}

  /** What the producer says, but for the type; the times are exact, since bodies show them. */
  static byte[] attributes(Event event) {
    PublishedEvent published = event.published();
    var blob =
        new BlobWriter(128)
            .text(published.source())
            .text(published.id())
            .text(published.subject())
            .instant(event.accepted())
            .instant(published.time())
            .text(published.data().form().name())
            .text(published.data().contentType())
            .text(published.dataSchema())
            .text(published.traceparent())
            .number(published.extensions().size());
    published.extensions().forEach((name, value) -> blob.text(name).text(value));
    return blob.toBytes();
  }

  /**
   * An event from its row.
   *
   * @param data the payload; null where it is not asked for or gone
   */
  static Event event(Columns columns, byte @Nullable [] data) {
    var blob = new BlobReader(columns.attributes());
    String source = blob.someText();
    String sourceId = blob.text();
    String subject = blob.text();
    Instant accepted = blob.instant();
    Instant time = blob.instant();
    var form = Form.valueOf(blob.someText());
    var eventData = new EventData(data == null ? new byte[0] : data, blob.text(), form);
    String dataSchema = blob.text();
    String traceparent = blob.text();
    var published =
        new PublishedEvent(
            columns.tenant(),
            columns.type(),
            source,
            sourceId,
            subject,
            time,
            eventData,
            dataSchema,
            traceparent,
            extensions(blob));
    if (accepted == null) {
      throw new IllegalStateException("event " + columns.id() + " has no time of acceptance");
    }
    return new Event(new EventId(columns.id()), accepted, published);
  }

  private static Map<String, String> extensions(BlobReader blob) {
    var extensions = new LinkedHashMap<String, String>();
    for (int left = blob.integer(); left > 0; left--) {
      extensions.put(blob.someText(), blob.someText());
    }
    return extensions;
  }

  /** The columns of an event's row that make the event; attributes opened. */
  @SuppressWarnings("ArrayRecordComponent") // Bytes are shared, never changed, never compared.
  record Columns(String id, String tenant, String type, byte[] attributes) {}

  static byte[] targets(List<Integer> targets) {
    ByteBuffer blob = ByteBuffer.allocate(4 * targets.size());
    targets.forEach(blob::putInt);
    return blob.array();
  }

  static List<Integer> targets(byte[] blob) {
    var targets = new ArrayList<Integer>(blob.length / 4);
    for (ByteBuffer left = ByteBuffer.wrap(blob); left.hasRemaining(); ) {
      targets.add(left.getInt());
    }
    return List.copyOf(targets);
  }
}
