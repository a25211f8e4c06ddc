package dev.posthorn.dispatcher.store;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Counts anew what is open and dead, now and then while other processes change it too: what a
 * process adds up by itself is its own part only. A thread of its own until {@link #close}; it
 * takes at most a twentieth of one connection's time.
 */
final class Recount implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Recount.class);
  private static final long SHORTEST_NANOS = Duration.ofSeconds(10).toNanos();
  private static final int SHARE = 20;

  private final BooleanSupplier needed;
  private final Runnable count;
  private final CountDownLatch closed = new CountDownLatch(1);
  private final Thread thread;

  /**
   * Starts it.
   *
   * @param needed whether there are other processes
   * @param count counts; may fail with {@link StoreUnavailableException}
   */
  Recount(BooleanSupplier needed, Runnable count) {
    this.needed = needed;
    this.count = count;
    thread = Thread.ofPlatform().daemon().name("posthorn-counts").start(this::run);
  }

  private void run() {
    long pause = SHORTEST_NANOS;
    try {
      while (!closed.await(pause, TimeUnit.NANOSECONDS)) {
        long begin = System.nanoTime();
        if (needed.getAsBoolean()) {
          recount();
        }
        pause = Math.max(SHORTEST_NANOS, SHARE * (System.nanoTime() - begin));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void recount() {
    try {
      count.run();
    } catch (StoreUnavailableException away) {
      LOG.atDebug().addKeyValue("error", away.getMessage()).log("Not counted this time.");
    }
  }

  @Override
  public void close() {
    closed.countDown();
    try {
      thread.join();
    } catch (InterruptedException hurry) {
      Thread.currentThread().interrupt();
    }
  }
}
