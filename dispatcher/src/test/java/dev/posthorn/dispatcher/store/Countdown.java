package dev.posthorn.dispatcher.store;

import java.util.function.Supplier;

/** Strikes once in a piece of work: at the n-th thing that happens. Thread-safe. */
final class Countdown {
  private int left;

  /**
   * Counts what happens during the work.
   *
   * @param number at which it strikes; 0 for never
   */
  <T> T during(int number, Supplier<T> work) {
    begin(number);
    try {
      return work.get();
    } finally {
      begin(0);
    }
  }

  private synchronized void begin(int number) {
    left = number;
  }

  /** Something happens. */
  synchronized boolean strikes() {
    return left > 0 && --left == 0;
  }
}
