package dev.posthorn.dispatcher.lane;

import dev.posthorn.dispatcher.store.DeliveryKey;
import dev.posthorn.dispatcher.store.OpenDelivery;
import dev.posthorn.dispatcher.store.Page;
import dev.posthorn.dispatcher.store.PageRequest;
import dev.posthorn.dispatcher.store.Side;
import java.util.TreeSet;
import java.util.function.LongPredicate;
import org.jspecify.annotations.Nullable;

/**
 * The head of one ordered set of open deliveries of an endpoint.
 *
 * <p>Invariant: every row with a key up to the horizon is held here or in flight. Rows beyond it
 * are in the store and come by pages, so that five million waiting deliveries cost {@value
 * PageRequest#ROWS} keys.
 */
final class Window {
  private static final OpenDelivery LOWEST = new OpenDelivery(-1, -1, 0, 0);
  private static final OpenDelivery INFINITE =
      new OpenDelivery(Long.MAX_VALUE, Long.MAX_VALUE, 0, 0);

  private final int endpoint;
  private final Side side;
  private final long id;
  private final int bound;
  private final TreeSet<OpenDelivery> held = new TreeSet<>();
  private OpenDelivery horizon = LOWEST;
  private boolean asked;

  /**
   * Creates an empty window that knows nothing of the store.
   *
   * @param id never used before for this endpoint: tells replies to an older window apart
   * @param bound most keys that are held, from 1
   */
  Window(int endpoint, Side side, long id, int bound) {
    this.endpoint = endpoint;
    this.side = side;
    this.id = id;
    this.bound = bound;
  }

  /** Takes note of a row that is in the store and not in flight. */
  void offer(OpenDelivery row) {
    if (row.compareTo(horizon) > 0) {
      return;
    }
    held.add(row);
    trim();
  }

  /** Beyond the bound the largest are forgotten: they are in the store. */
  private void trim() {
    while (held.size() > bound) {
      held.pollLast();
      horizon = held.last();
    }
  }

  /** The smallest key, or null; it stays. */
  @Nullable OpenDelivery first() {
    return held.isEmpty() ? null : held.first();
  }

  /** The row with the smallest seq of those that are held, or null; it stays. */
  @Nullable OpenDelivery oldest() {
    OpenDelivery oldest = null;
    for (OpenDelivery row : held) {
      oldest = oldest == null || row.seq() < oldest.seq() ? row : oldest;
    }
    return oldest;
  }

  /** Takes a row out, where it is held: it is in flight from now on, or has another key. */
  void take(OpenDelivery row) {
    held.remove(row);
  }

  /** Whether the first row is known, or that there is none. */
  boolean complete() {
    return !held.isEmpty() || horizon.equals(INFINITE);
  }

  /** Whether every row of the set is held or in flight. */
  boolean whole() {
    return horizon.equals(INFINITE);
  }

  /** Whether anything was read from the store yet. */
  boolean loaded() {
    return !horizon.equals(LOWEST);
  }

  /**
   * The page to read next, once; null where there is no need. Asked for before the last row is
   * taken: an endpoint that waits for a page leaves its turn to others.
   */
  @Nullable PageRequest ask() {
    if (asked || held.size() > bound / 4 || horizon.equals(INFINITE)) {
      return null;
    }
    asked = true;
    return new PageRequest(endpoint, side, horizon.due(), horizon.seq(), id);
  }

  /** Takes a page in, unless an older window had asked for it, or one with another horizon. */
  void merge(Page page, LongPredicate inFlight) {
    if (page.request().window() != id) {
      return;
    }
    asked = false;
    if (!follows(page.request())) {
      return;
    }
    for (OpenDelivery row : page.rows()) {
      if (!inFlight.test(row.seq())) {
        held.add(row);
      }
    }
    horizon = page.more() ? page.rows().getLast() : INFINITE;
    trim();
  }

  /** Rows between the two would be missing else. */
  private boolean follows(PageRequest request) {
    return request.afterDue() == horizon.due() && request.afterSeq() == horizon.seq();
  }

  /** Whether the invariant holds for a row that is in the store and not in flight. */
  boolean accountsFor(OpenDelivery row) {
    return row.compareTo(horizon) > 0 || held.contains(row);
  }

  /** How many keys it holds. */
  int size() {
    return held.size();
  }

  /** The delivery that a row of this window stands for. */
  DeliveryKey delivery(OpenDelivery row) {
    return new DeliveryKey(endpoint, row.seq());
  }
}
