package dev.posthorn.dispatcher.store;

import java.util.List;

/**
 * What was read after a transaction: first the pages, then what others have stored.
 *
 * @param pages in the order of their requests; none where they must be asked for again
 * @param complete whether the pages count. Where more was stored by others than one round reads,
 *     they do not: a page may have what has not been fed yet, and what is sent and forgotten in
 *     between would be sent again.
 */
public record Round(List<Page> pages, Shared shared, boolean complete) {
  /** With the end of the lease as a time, read at {@code now}. */
  Round at(long now) {
    return new Round(pages, shared.at(now), complete);
  }

  /** Pages of a database that this process has for itself. */
  static Round of(List<Page> pages) {
    return new Round(pages, Shared.ALONE, true);
  }
}
