package dev.posthorn.dispatcher.store;

import java.sql.Connection;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/**
 * The oldest rows of a table, as far as their time has come: where they end, and deleting them a
 * slice at a time. Looks for the end at most once a minute of the cutoff's way, because looking
 * costs more than the rows of a small write.
 */
final class ExpiredRows {
  /** Deletes the oldest rows. */
  @FunctionalInterface
  interface Slice {
    /** Up to a key, so many at most; returns how many. */
    int delete(long upTo, int limit) throws SQLException;
  }

  static final long STEP_MILLIS = 60_000;

  private final TimeSearch search;
  private final Slice slice;
  private long upTo;
  private long nextLook = Long.MIN_VALUE;
  private boolean rowsLeft;

  /**
   * Prepares it.
   *
   * @param timed the table with times and {@code key}, in their order
   * @param deleted the table to delete from, by the same key; it may be {@code timed}
   */
  ExpiredRows(
      Connection connection, Dialect dialect, String timed, String key, String time, String deleted)
      throws SQLException {
    this(connection, timed, key, time, slice(dialect.deleteOldest(deleted, key)));
  }

  /** The same with a way of its own to delete. */
  ExpiredRows(Connection connection, String timed, String key, String time, Slice slice)
      throws SQLException {
    search = new TimeSearch(connection, timed, key, time);
    this.slice = slice;
  }

  private static Slice slice(SqlStatement oldest) {
    return (upTo, limit) -> oldest.update(upTo, limit);
  }

  /** The key up to which rows are older than {@code cutoff}; it only grows. */
  long upTo(long cutoff) throws SQLException {
    if (cutoff >= nextLook) {
      TimeSearch.Row kept = search.firstAt(cutoff);
      nextLook = (kept == null ? cutoff : kept.time()) + STEP_MILLIS;
      advance(kept);
    }
    return upTo;
  }

  private void advance(TimeSearch.@Nullable Row kept) throws SQLException {
    TimeSearch.Row newest = kept == null ? search.newest() : null;
    long end = kept != null ? kept.key() - 1 : newest != null ? newest.key() : upTo;
    if (end > upTo) {
      upTo = end;
      rowsLeft = true;
    }
  }

  /** The key that {@link #upTo} found last. */
  long end() {
    return upTo;
  }

  /** Moves the end on, to make room: {@code share} of the table's span of numbers, at least one. */
  void force(int share) throws SQLException {
    TimeSearch.Row oldest = search.from(upTo + 1);
    TimeSearch.Row newest = search.newest();
    if (oldest != null && newest != null) {
      upTo = oldest.key() + (newest.key() - oldest.key()) / share;
      rowsLeft = true;
    }
  }

  /** Deletes at most {@code limit} rows with keys up to {@code bound} and the end. */
  void delete(long bound, int limit) throws SQLException {
    if (rowsLeft && limit > 0) {
      int deleted = slice.delete(Math.min(bound, upTo), limit);
      rowsLeft = deleted == limit || bound < upTo;
    }
  }

  /** Whether rows up to the end may still be there. */
  boolean rowsLeft() {
    return rowsLeft;
  }
}
