package dev.posthorn.dispatcher.store;

/**
 * How many lanes a process should have.
 *
 * @param take how many free lanes to take now
 * @param release whether to give one up
 */
record LaneShare(int take, boolean release) {
  /** Of a process that sends nothing. */
  static final LaneShare NONE = new LaneShare(0, false);

  /**
   * Shares evenly.
   *
   * @param lanes how many there are
   * @param workers how many processes live that take lanes, this one among them
   * @param owned how many this one has
   * @param free how many nobody has
   */
  static LaneShare of(int lanes, int workers, int owned, int free) {
    int most = (lanes + Math.max(1, workers) - 1) / Math.max(1, workers);
    return new LaneShare(Math.clamp(most - owned, 0, free), owned > most);
  }
}
