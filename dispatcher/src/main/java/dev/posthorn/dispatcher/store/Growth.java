package dev.posthorn.dispatcher.store;

/**
 * Whether a database has become too large, where its files do not shrink when rows go but their
 * room is used again: once rows went for it, only further growth counts.
 */
final class Growth {
  private long bound;
  private long accepted;

  /**
   * Says so once for each new size beyond the bound.
   *
   * @param present size now
   * @param most what it may be
   */
  boolean beyond(long present, long most) {
    if (most != bound) {
      bound = most;
      accepted = 0;
    }
    if (present <= Math.max(most, accepted)) {
      return false;
    }
    accepted = present;
    return true;
  }
}
