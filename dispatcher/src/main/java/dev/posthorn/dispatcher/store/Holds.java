package dev.posthorn.dispatcher.store;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The times in which an endpoint got nothing on purpose: suspended, or without a key to sign with.
 * The age of its deliveries stands still meanwhile. Immutable; epoch milliseconds.
 *
 * @param past closed ones, ascending
 * @param since when the present one began; empty where there is none
 */
public record Holds(List<Interval> past, OptionalLong since) {
  /** None so far. */
  public static final Holds NONE = new Holds(List.of(), OptionalLong.empty());

  /** More are not kept: the oldest are forgotten first, whose deliveries have ended long ago. */
  private static final int MOST = 32;

  /** From inclusive, to exclusive. */
  public record Interval(long from, long to) {
    long within(long begin, long end) {
      return Math.max(0, Math.min(to, end) - Math.max(from, begin));
    }
  }

  /** Copies the list. */
  public Holds {
    past = List.copyOf(past);
  }

  /** Held from {@code now} on; the same where it is already. */
  public Holds begin(long now) {
    return since.isPresent() ? this : new Holds(past, OptionalLong.of(now));
  }

  /** Not held any more; the same where it was not. */
  public Holds end(long now) {
    if (since.isEmpty()) {
      return this;
    }
    var all = new ArrayList<>(past);
    all.add(new Interval(since.getAsLong(), now));
    return new Holds(all.subList(Math.max(0, all.size() - MOST), all.size()), OptionalLong.empty());
  }

  /** How many of the milliseconds from {@code begin} to {@code end} were held. */
  public long within(long begin, long end) {
    long held = past.stream().mapToLong(each -> each.within(begin, end)).sum();
    return since.isPresent()
        ? held + new Interval(since.getAsLong(), Long.MAX_VALUE).within(begin, end)
        : held;
  }

  /** {@code from-to from-to from-}, as it is stored. */
  String text() {
    return Stream.concat(
            past.stream().map(each -> each.from() + "-" + each.to()),
            since.stream().mapToObj(begin -> begin + "-"))
        .collect(Collectors.joining(" "));
  }

  /** Reads {@link #text}. */
  static Holds parse(String text) {
    var past = new ArrayList<Interval>();
    OptionalLong since = OptionalLong.empty();
    for (String each : text.isEmpty() ? new String[0] : text.split(" ", -1)) {
      int dash = each.indexOf('-');
      long from = Long.parseLong(each.substring(0, dash));
      if (dash == each.length() - 1) {
        since = OptionalLong.of(from);
      } else {
        past.add(new Interval(from, Long.parseLong(each.substring(dash + 1))));
      }
    }
    return new Holds(past, since);
  }
}
