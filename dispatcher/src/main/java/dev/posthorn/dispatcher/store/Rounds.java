package dev.posthorn.dispatcher.store;

import dev.posthorn.core.config.KeyDenial;
import dev.posthorn.dispatcher.store.LaneTables.Asked;
import dev.posthorn.dispatcher.store.LaneTables.FedRow;
import dev.posthorn.dispatcher.store.LaneTables.Feed;
import dev.posthorn.dispatcher.store.LaneTables.Lanes;
import dev.posthorn.dispatcher.store.Shared.FedEvent;
import dev.posthorn.dispatcher.store.Shared.Ownership;
import java.sql.SQLException;
import java.sql.SQLTransientException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * How a process shares a database: it takes and gives up lanes, and after each of its transactions
 * hears what others have stored for them. One per life of a {@code node} row; its order of reads is
 * what keeps every event from being missed or sent twice (docs/architecture.md). Store thread only.
 */
final class Rounds {
  /** Events that one statement reads at most. */
  static final int MOST_ROWS = 1_000;

  /** Statements of one round at most. */
  static final int MOST_READS = 20;

  private static final long LOOK_NANOS = 1_000_000_000L;
  private static final long ROWS_NANOS = 10_000_000_000L;
  private static final long SOON_NANOS = 250_000_000L;

  /** As a server says that it ended a session that was idle. */
  private static final String TOO_LONG = "57P05";

  private final LaneTables tables;
  private final LongSupplier nanos;
  private final int mostRows;
  private final int mostReads;
  private final long silenceNanos;
  private final boolean sends;
  private final Cursors cursors = new Cursors();
  private final TreeSet<Integer> owned = new TreeSet<>();
  private final Set<Long> heard = new LinkedHashSet<>();
  private boolean joined;
  private long lastRead;
  private boolean changed;
  private @Nullable Integer releasing;
  private long nextLook;
  private long nextRows;
  private long soonUntil;
  private long changes = -1;
  private boolean news;
  private boolean others;

  /**
   * Nothing is owned yet.
   *
   * @param nanos a clock that never goes back
   * @param mostRows events that one statement reads at most
   * @param mostReads statements that read events in one round at most
   * @param silenceNanos who came and went is remembered for longer than this; a process without a
   *     round for so long may not have heard of all
   * @param sends whether it takes lanes
   */
  Rounds(
      LaneTables tables,
      LongSupplier nanos,
      int mostRows,
      int mostReads,
      long silenceNanos,
      boolean sends) {
    this.silenceNanos = silenceNanos;
    this.sends = sends;
    this.tables = tables;
    this.nanos = nanos;
    this.mostRows = mostRows;
    this.mostReads = mostReads;
    nextLook = nanos.getAsLong();
    nextRows = nextLook + ROWS_NANOS;
    soonUntil = nextLook;
  }

  /** Reads after a transaction. */
  Round read(List<PageRequest> requests) throws SQLException {
    long now = nanos.getAsLong();
    if (joined && now - lastRead > silenceNanos) {
      throw new SQLTransientException(
          "this process heard nothing of others for too long: it joins them anew", TOO_LONG);
    }
    lastRead = now;
    Ownership ownership = ownership();
    // Pages first: what the feed brings is not behind them then.
    List<Page> pages = requests.isEmpty() ? List.of() : tables.pages(requests);
    var fed = new ArrayList<FedEvent>();
    var asked = new ArrayList<Asked>();
    boolean complete = feed(fed, asked);
    asked.removeIf(each -> !heard.add(each.number()));
    return new Round(complete ? pages : List.of(), shared(ownership, fed, asked), complete);
  }

  private boolean feed(List<FedEvent> fed, List<Asked> asked) throws SQLException {
    for (int reads = 0; reads < mostReads; reads++) {
      Feed feed = tables.feed(owned, cursors, mostRows);
      take(feed, fed);
      asked.clear();
      asked.addAll(feed.asked());
      news |= feed.changes() != changes;
      changes = feed.changes();
      if (feed.rows().size() < mostRows) {
        return true;
      }
    }
    return false;
  }

  private void take(Feed feed, List<FedEvent> fed) {
    var spoke = new TreeSet<Long>();
    for (FedRow row : feed.rows()) {
      cursors.advance(row.lane(), row.writer(), row.event().seq());
      fed.add(row.event());
      spoke.add(row.writer());
    }
    others = !feed.writers().isEmpty();
    for (long writer : cursors.writers()) {
      // Its row cannot go while it has a transaction open: so this was all it ever wrote.
      if (!feed.writers().contains(writer) && !spoke.contains(writer)) {
        cursors.forget(writer);
      }
    }
  }

  private Shared shared(@Nullable Ownership ownership, List<FedEvent> fed, List<Asked> asked)
      throws SQLException {
    List<String> erasing = news ? tables.erasing() : null;
    List<KeyDenial> denials = news ? tables.denials() : List.of();
    news = false;
    return new Shared(
        List.copyOf(fed),
        ownership,
        tables.sendMillis(),
        endpoints(asked, Asked.Kind.ENABLE),
        endpoints(asked, Asked.Kind.REREAD),
        endpointsBeside(),
        erasing,
        denials,
        List.of());
  }

  private static List<Integer> endpoints(List<Asked> asked, Asked.Kind kind) {
    return asked.stream().filter(each -> each.kind() == kind).map(Asked::endpoint).toList();
  }

  /** Soon where something was asked of another process, else now and then. */
  private List<EndpointRow> endpointsBeside() throws SQLException {
    long now = nanos.getAsLong();
    if (!others || owned.size() == Lane.COUNT || now - nextRows < 0) {
      return List.of();
    }
    nextRows = now + (now - soonUntil < 0 ? SOON_NANOS : ROWS_NANOS);
    return tables.endpointsBeside(owned);
  }

  /** Somebody waits for what another process does to an endpoint. */
  void lookSoon() {
    nextRows = nanos.getAsLong();
    soonUntil = nextRows + ROWS_NANOS;
  }

  private @Nullable Ownership ownership() throws SQLException {
    boolean anew = !joined;
    var gained = new TreeSet<Integer>();
    Integer release = null;
    long now = nanos.getAsLong();
    if (anew || now - nextLook >= 0) {
      nextLook = now + LOOK_NANOS;
      Lanes lanes = tables.lanes();
      if (anew) {
        gained.addAll(lanes.mine());
      }
      int has = owned.size() + gained.size();
      LaneShare share =
          sends
              ? LaneShare.of(Lane.COUNT, lanes.workers(), has, lanes.free().size())
              : LaneShare.NONE;
      if (share.take() > 0) {
        gained.addAll(tables.take(lanes.free().subList(0, share.take())));
      } else if (share.release() && releasing == null) {
        releasing = gained.isEmpty() ? owned.getLast() : gained.getLast();
        release = releasing;
      }
    }
    if (!anew && !changed && gained.isEmpty() && release == null) {
      return null;
    }
    List<EndpointRow> rows = begin(gained);
    joined = true;
    changed = false;
    return new Ownership(Set.copyOf(owned), rows, release, anew);
  }

  /** The cursors come before the pages that are read from now on. */
  private List<EndpointRow> begin(Collection<Integer> gained) throws SQLException {
    if (gained.isEmpty()) {
      return List.of();
    }
    Map<Integer, Map<Long, Long>> newest = tables.newest(gained, cursors.writers());
    gained.forEach(lane -> cursors.begin(lane, newest.getOrDefault(lane, Map.of())));
    owned.addAll(gained);
    return tables.endpoints(gained);
  }

  /** A lane was given up, durably. */
  void released(int lane) {
    owned.remove(lane);
    cursors.end(lane);
    releasing = null;
    changed = true;
    nextLook = nanos.getAsLong();
  }

  /** How far it has heard of others, for checks. */
  Cursors cursors() {
    return cursors;
  }

  boolean owns(int lane) {
    return owned.contains(lane);
  }

  /** Numbers of what was asked and heard: it need not be kept. */
  List<Long> heard() {
    return List.copyOf(heard);
  }

  /** These are not kept any more, durably. */
  void dropped(List<Long> numbers) {
    numbers.forEach(heard::remove);
  }

  /** Whether other processes use the database. */
  boolean others() {
    return others;
  }
}
