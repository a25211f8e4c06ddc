package dev.posthorn.dispatcher.store;

import dev.posthorn.core.event.EventId;
import dev.posthorn.dispatcher.store.ReplayWish.Select;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Replays as rows. */
final class ReplayRows {
  /** What {@link #read} reads; a condition follows. */
  static final String SELECT =
      "SELECT r.number, t.name, r.endpoint, r.selection, r.types, r.events, r.from_time, r.to_time,"
          + " r.rate, r.up_to, r.caller, r.created, r.state, r.since, r.cursor, r.reached,"
          + " r.selected, r.opened, r.hastened, r.skipped, r.expired"
          + " FROM replay r JOIN tenant t ON t.number = r.tenant";

  private ReplayRows() {}

  static ReplayRow read(ResultSet row) throws SQLException {
    String selection = row.getString(4);
    var wish =
        new ReplayWish(
            row.getInt(3),
            Select.ofWire(selection)
                .orElseThrow(() ->
                    new IllegalStateException(
                        "selection " + selection + " in the database is unknown")),
            lines(row.getString(5)),
            time(row, 7),
            Instant.ofEpochMilli(row.getLong(8)),
            lines(row.getString(6)).stream().map(EventId::new).toList(),
            row.getInt(9));
    return new ReplayRow(
        row.getLong(1),
        row.getString(2),
        wish,
        row.getLong(10),
        row.getString(11),
        Instant.ofEpochMilli(row.getLong(12)),
        ReplayRow.State.ofWire(row.getString(13)),
        Instant.ofEpochMilli(row.getLong(14)),
        row.getString(15),
        time(row, 16),
        new ReplayRow.Counts(
            row.getLong(17), row.getLong(18), row.getLong(19), row.getLong(20), row.getLong(21)));
  }

  private static @Nullable Instant time(ResultSet row, int column) throws SQLException {
    Long millis = SqlStatement.longOrNull(row, column);
    return millis == null ? null : Instant.ofEpochMilli(millis);
  }

  static @Nullable Long millis(@Nullable Instant time) {
    return time == null ? null : time.toEpochMilli();
  }

  static String text(Stream<String> lines) {
    return lines.collect(Collectors.joining("\n"));
  }

  private static List<String> lines(String text) {
    return text.isEmpty() ? List.of() : List.of(text.split("\n", -1));
  }
}
