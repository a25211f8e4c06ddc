package dev.posthorn.cli.terminal;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Lets time pass, for commands that keep a pace; tests let it pass at once. */
@FunctionalInterface
public interface Pause {
  /** Returns after {@code duration}, or throws when the thread is asked to stop. */
  void last(Duration duration) throws InterruptedException;

  /** Real time. */
  static Pause real() {
    var never = new CountDownLatch(1);
    return duration -> {
      boolean ended = never.await(duration.toNanos(), TimeUnit.NANOSECONDS);
      assert !ended : "nobody counts this latch down";
    };
  }
}
