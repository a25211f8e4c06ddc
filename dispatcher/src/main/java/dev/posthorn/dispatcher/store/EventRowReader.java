package dev.posthorn.dispatcher.store;

import dev.posthorn.core.event.Event;
import dev.posthorn.core.event.EventId;
import dev.posthorn.dispatcher.store.DeliveryLog.Range;
import dev.posthorn.dispatcher.store.DeliveryLog.Slice;
import dev.posthorn.dispatcher.store.DeliveryLog.StoredEvent;
import dev.posthorn.dispatcher.store.Readers.Reader;
import dev.posthorn.dispatcher.store.Sealer.Purpose;
import dev.posthorn.dispatcher.store.Tenants.Tenant;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads events through one connection. */
final class EventRowReader {
  private static final String COLUMNS =
      "SELECT e.seq, e.tenant, e.id, e.type, e.attributes, e.targets";

  private static final String WHOLE =
      COLUMNS + ", p.data FROM event e LEFT JOIN payload p ON p.seq = e.seq";

  /** Above every id. */
  private static final String LAST_ID = "msg`";

  private final Reader reader;

  EventRowReader(Reader reader) {
    this.reader = reader;
  }

  @Nullable StoredEvent byId(Tenant tenant, EventId id) throws SQLException {
    return reader
        .sql(WHOLE + " WHERE e.tenant = ? AND e.id = ?")
        .first(this::read, tenant.number(), id.value());
  }

  /** Null where the payload is gone. */
  @Nullable StoredEvent bySeq(long seq) throws SQLException {
    return reader.sql(WHOLE + " WHERE e.seq = ? AND p.data IS NOT NULL").first(this::read, seq);
  }

  /** Events newest first: ids sort by time. */
  Slice<StoredEvent> list(Tenant tenant, Range range, @Nullable String type) throws SQLException {
    int most = type == null ? range.limit() : Lists.MOST_ROWS;
    List<StoredEvent> rows =
        reader
            .sql(
                COLUMNS
                    + ", NULL FROM event e WHERE e.tenant = ? AND e.id >= ? AND e.id < ?"
                    + " ORDER BY e.id DESC LIMIT ?")
            .list(
                this::read,
                tenant.number(),
                range.fromTime() == null ? "" : lowest(range.fromTime()),
                upper(range),
                most);
    var items = new ArrayList<StoredEvent>();
    String last = null;
    for (StoredEvent row : rows) {
      last = row.event().id().value();
      if (Lists.within(range, row.event().accepted())
          && (type == null || type.equals(row.event().published().type()))) {
        items.add(row);
      }
      if (items.size() == range.limit()) {
        return new Slice<>(items, last);
      }
    }
    return new Slice<>(items, rows.size() == most ? last : null);
  }

  private static String upper(Range range) {
    String cursor = range.cursor();
    if (cursor != null) {
      try {
        return new EventId(cursor).value();
      } catch (IllegalArgumentException e) {
        throw Lists.badCursor(cursor, e);
      }
    }
    return range.toTime() == null ? LAST_ID : lowest(range.toTime().plusMillis(1));
  }

  /** The lowest id of a millisecond: the one with no random bits. */
  static String lowest(Instant time) {
    return EventId.next(time.isBefore(Instant.EPOCH) ? Instant.EPOCH : time, () -> 0).value();
  }

  /** Null where the tenant was erased meanwhile. */
  private @Nullable StoredEvent read(ResultSet row) throws SQLException {
    long seq = row.getLong(1);
    Tenant tenant = reader.tenants.numbered(row.getInt(2));
    if (tenant == null) {
      return null;
    }
    byte[] data = row.getBytes(7);
    Event event =
        EventCodec.event(
            new EventCodec.Columns(
                row.getString(3),
                tenant.name(),
                row.getString(4),
                Lists.open(reader, tenant, Purpose.ATTRIBUTES, seq, 0, row.getBytes(5))),
            data == null ? null : Lists.open(reader, tenant, Purpose.PAYLOAD, seq, 0, data));
    return new StoredEvent(seq, event, EventCodec.targets(row.getBytes(6)));
  }
}
