package dev.posthorn.dispatcher.api;

import dev.posthorn.dispatcher.http.Query;
import dev.posthorn.dispatcher.store.DeliveryLog.Range;
import dev.posthorn.dispatcher.store.DeliveryLog.Slice;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Reads the parameters that lists share, and makes their answers. */
final class ListRequest {
  private static final int DEFAULT_LIMIT = 50;
  private static final int MAX_LIMIT = 500;
  private static final int MAX_DIGITS = 3;

  private final Query query;
  private final Cursor cursor;

  /**
   * A list request.
   *
   * @param list the name of the list, to which its cursors are bound
   */
  ListRequest(String list, Query query) {
    this.query = query;
    this.cursor = new Cursor(list);
  }

  /** A page as answered. */
  record Page<T>(List<T> items, @Nullable String next) {}

  /** {@code limit}, {@code cursor}, {@code fromTime} and {@code toTime}. */
  private Range range() {
    Instant from = time("fromTime");
    Instant to = time("toTime");
    if (from != null && to != null && !from.isBefore(to)) {
      throw Query.wrong("toTime", "toTime must be later than fromTime");
    }
    return new Range(limit(), mark(), from, to);
  }

  int limit() {
    String text = query.get("limit");
    if (text == null) {
      return DEFAULT_LIMIT;
    }
    int limit =
        text.length() <= MAX_DIGITS
                && text.chars().allMatch(c -> c >= '0' && c <= '9')
                && !text.isEmpty()
            ? Integer.parseInt(text)
            : 0;
    if (limit < 1 || limit > MAX_LIMIT) {
      throw Query.wrong("limit", "limit must be a number from 1 to " + MAX_LIMIT);
    }
    return limit;
  }

  /** Where the list's owner goes on. */
  @Nullable String mark() {
    return cursor.unwrap(query.get("cursor"));
  }

  private @Nullable Instant time(String name) {
    String text = query.get(name);
    if (text == null) {
      return null;
    }
    try {
      return OffsetDateTime.parse(text).toInstant();
    } catch (DateTimeParseException e) {
      throw Query.wrong(name, name + " must be a time as 2026-11-22T10:00:00Z (RFC 3339)");
    }
  }

  /**
   * Runs a query of the store over the range asked for, and gives its slice the form of an answer.
   */
  <S, T> Page<T> page(Function<Range, Slice<S>> query, Function<S, T> view) {
    Range range = range();
    try {
      Slice<S> slice = query.apply(range);
      return page(slice.items(), slice.next(), view);
    } catch (IllegalArgumentException forged) {
      if (range.cursor() == null) {
        throw forged;
      }
      throw cursor.foreign();
    }
  }

  /** The answer of items that go on behind {@code mark}. */
  <S, T> Page<T> page(List<S> items, @Nullable String mark, Function<S, T> view) {
    return new Page<>(items.stream().map(view).toList(), cursor.wrap(mark));
  }
}
