package dev.posthorn.dispatcher.store;

import dev.posthorn.dispatcher.store.DeliveryLog.LoggedAudit;
import dev.posthorn.dispatcher.store.DeliveryLog.Range;
import dev.posthorn.dispatcher.store.DeliveryLog.Slice;
import dev.posthorn.dispatcher.store.Readers.Reader;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** Reads a tenant's audit log, newest first. */
final class AuditReader {
  private final Reader reader;

  AuditReader(Reader reader) {
    this.reader = reader;
  }

  /** The entries of {@code tenant}, whose number is {@code number}. */
  Slice<LoggedAudit> list(int number, String tenant, Range range) throws SQLException {
    long below = range.cursor() == null ? Long.MAX_VALUE : Lists.number(range.cursor());
    List<LoggedAudit> rows =
        reader
            .sql(
                "SELECT number, time, caller, request, action, object, detail FROM audit"
                    + " WHERE tenant = ? AND number < ? ORDER BY number DESC LIMIT ?")
            .list(row -> entry(row, tenant), number, below, Lists.MOST_ROWS);
    var items = new ArrayList<LoggedAudit>();
    for (LoggedAudit row : rows) {
      if (Lists.within(range, row.entry().time())) {
        items.add(row);
      }
      if (items.size() == range.limit()) {
        return new Slice<>(items, Long.toString(row.id()));
      }
    }
    boolean more = rows.size() == Lists.MOST_ROWS;
    return new Slice<>(items, more ? Long.toString(rows.getLast().id()) : null);
  }

  private static LoggedAudit entry(ResultSet row, String tenant) throws SQLException {
    return new LoggedAudit(
        row.getLong(1),
        new AuditEntry(
            tenant,
            Instant.ofEpochMilli(row.getLong(2)),
            row.getString(3),
            row.getString(4),
            row.getString(5),
            row.getString(6),
            row.getString(7)));
  }
}
