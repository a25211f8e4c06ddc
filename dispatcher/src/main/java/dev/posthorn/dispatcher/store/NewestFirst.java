package dev.posthorn.dispatcher.store;

import java.sql.SQLException;
import java.util.Collection;
import java.util.Comparator;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/**
 * Merges lists, each newest first, into one: reads one key per list to begin with and one per entry
 * taken. So a tenant's log needs no index of its own beside that of its endpoints.
 */
final class NewestFirst {
  /**
   * A place in the merged list, which descends by key and then by source.
   *
   * @param key unique in its source
   * @param source the list it comes from
   */
  record Entry(long key, int source) {
    /** Before every other. */
    static final Entry START = new Entry(Long.MAX_VALUE, Integer.MAX_VALUE);
  }

  /** The lists. */
  @FunctionalInterface
  interface Source {
    /** The largest key below {@code key} in a list; negative for none. */
    long below(int source, long key) throws SQLException;
  }

  private final Source lists;
  private final PriorityQueue<Entry> heads =
      new PriorityQueue<>(
          Comparator.comparingLong(Entry::key).thenComparingInt(Entry::source).reversed());

  /** Begins after {@code start}. */
  NewestFirst(Collection<Integer> sources, Entry start, Source lists) throws SQLException {
    this.lists = lists;
    for (int source : sources) {
      boolean sameKeyFollows = source < start.source() && start.key() != Long.MAX_VALUE;
      add(source, sameKeyFollows ? start.key() + 1 : start.key());
    }
  }

  /** The next entry, or null at the end. */
  @Nullable Entry next() throws SQLException {
    Entry entry = heads.poll();
    if (entry != null) {
      add(entry.source(), entry.key());
    }
    return entry;
  }

  private void add(int source, long below) throws SQLException {
    long key = lists.below(source, below);
    if (key >= 0) {
      heads.add(new Entry(key, source));
    }
  }
}
