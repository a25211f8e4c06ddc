package dev.posthorn.dispatcher;

/**
 * What became of the deliveries of this process: {@code accepted} and what was open when it started
 * is what was delivered, waits, is dead, or was erased.
 *
 * @param accepted deliveries stored with accepted events, or opened again by replays
 * @param openAtStart deliveries that an earlier process left open
 * @param delivered ended with success
 * @param waiting open now
 * @param dead ended without success, expired ones included
 * @param erased open when their tenant was erased
 */
public record Balance(
    long accepted, long openAtStart, long delivered, long waiting, long dead, long erased) {
  /** Deliveries that are nowhere: anything but 0 is a defect. */
  public long unaccounted() {
    return accepted + openAtStart - delivered - waiting - dead - erased;
  }
}
