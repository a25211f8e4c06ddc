package dev.posthorn.dispatcher.store;

import dev.posthorn.core.config.OutcomeClass;
import dev.posthorn.dispatcher.store.DeliveryLog.Range;
import dev.posthorn.dispatcher.store.Readers.Reader;
import dev.posthorn.dispatcher.store.Sealer.Purpose;
import dev.posthorn.dispatcher.store.Tenants.Tenant;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import javax.crypto.AEADBadTagException;

/** What the lists of the delivery log have in common. */
final class Lists {
  /** Rows that a query reads at most; then it answers with what it has and a cursor. */
  static final int MOST_ROWS = 2000;

  private static final int MOST_ITEMS = 500;

  private Lists() {}

  static void check(Range range) {
    if (range.limit() < 1 || range.limit() > MOST_ITEMS) {
      throw new IllegalArgumentException(
          "limit " + range.limit() + " is not between 1 and " + MOST_ITEMS);
    }
  }

  static boolean within(Range range, Instant time) {
    return (range.fromTime() == null || !time.isBefore(range.fromTime()))
        && (range.toTime() == null || time.isBefore(range.toTime()));
  }

  /** The number in a cursor, which comes from outside. */
  static long number(String cursor) {
    try {
      return Long.parseLong(cursor);
    } catch (NumberFormatException e) {
      throw badCursor(cursor, e);
    }
  }

  static IllegalArgumentException badCursor(String cursor, Exception cause) {
    return new IllegalArgumentException(
        "cursor \"" + cursor + "\" is none of this list: use the next of the page before", cause);
  }

  static List<Integer> endpoints(Reader reader, Tenant tenant) throws SQLException {
    return reader
        .sql("SELECT number FROM endpoint WHERE tenant = ?")
        .list(row -> row.getInt(1), tenant.number());
  }

  static OutcomeClass outcome(String wire) {
    return OutcomeClass.ofWire(wire)
        .orElseThrow(
            () -> new IllegalStateException("outcome " + wire + " in the database is unknown"));
  }

  static byte[] open(Reader reader, Tenant tenant, Purpose purpose, long a, long b, byte[] sealed) {
    try {
      return reader.sealer.open(tenant.key(), purpose, a, b, sealed);
    } catch (AEADBadTagException e) {
      throw new IllegalStateException(
          "a sealed " + purpose + " of tenant " + tenant.name() + " in the database is damaged", e);
    }
  }
}
