package dev.posthorn.dispatcher;

import dev.posthorn.core.keyring.KeyVersion;
import dev.posthorn.dispatcher.snapshot.Snapshot;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Waits for the times that keys name. Signing needs nobody's help, but whether an endpoint can be
 * signed for at all must be told to the scheduler when that changes, and people want to know when a
 * key begins or ends. A thread of its own from {@link #start} to {@link #close}.
 */
final class KeyWatch implements AutoCloseable {
  /** Not more often, however many tries find no key at once. */
  private static final long PAUSE_MILLIS = 20;

  /** Looks again at least so often: clocks are set. */
  private static final Duration LONGEST = Duration.ofMinutes(1);

  private final Supplier<@Nullable Snapshot> snapshots;
  private final Runnable replan;
  private final KeyAnnouncer announcer;
  private final InstantSource clock;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Thread thread;
  private boolean wanted; // guarded by lock
  private boolean closed; // guarded by lock

  /**
   * Prepares the thread.
   *
   * @param replan tells the scheduler which endpoints can be signed for now
   */
  KeyWatch(
      Supplier<@Nullable Snapshot> snapshots,
      Runnable replan,
      KeyAnnouncer announcer,
      InstantSource clock) {
    this.snapshots = snapshots;
    this.replan = replan;
    this.announcer = announcer;
    this.clock = clock;
    this.thread = Thread.ofPlatform().name("posthorn-keys").daemon().unstarted(this::run);
  }

  void start() {
    thread.start();
  }

  /** Something about keys is not as it was: look again. Any thread; never blocks for long. */
  void wake() {
    lock.lock();
    try {
      wanted = true;
      changed.signal();
    } finally {
      lock.unlock();
    }
  }

  private void run() {
    Instant looked = clock.instant();
    while (await(next(looked))) {
      Instant now = clock.instant();
      Snapshot snapshot = snapshots.get();
      if (snapshot != null) {
        replan.run();
        announcer.announce(snapshot, now);
      }
      looked = now;
    }
  }

  /** The next time that a key names, after {@code t}. */
  private Instant next(Instant t) {
    Instant latest = t.plus(LONGEST);
    Snapshot snapshot = snapshots.get();
    if (snapshot == null) {
      return latest;
    }
    return Stream.concat(
            snapshot.keys().stream()
                .flatMap(keys -> keys.keyring().versions().stream())
                .flatMap(KeyWatch::times),
            Stream.ofNullable(announcer.nextTime()))
        .filter(time -> time.isAfter(t) && time.isBefore(latest))
        .min(Instant::compareTo)
        .orElse(latest);
  }

  private static Stream<Instant> times(KeyVersion version) {
    return Stream.concat(
        Stream.ofNullable(version.times().notBefore()),
        Stream.ofNullable(version.times().expiresTime()));
  }

  /** Waits until {@code time}, or until it is woken; false when it is closed. */
  private boolean await(Instant time) {
    lock.lock();
    try {
      long pause = TimeUnit.MILLISECONDS.toNanos(PAUSE_MILLIS);
      while (!closed && pause > 0) {
        pause = changed.awaitNanos(pause);
      }
      long left = clock.instant().until(time).toNanos();
      while (!wanted && !closed && left > 0) {
        left = Math.min(changed.awaitNanos(left), clock.instant().until(time).toNanos());
      }
      wanted = false;
      return !closed;
    } catch (InterruptedException e) {
      return false;
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void close() {
    lock.lock();
    try {
      closed = true;
      changed.signal();
    } finally {
      lock.unlock();
    }
    try {
      thread.join();
    } catch (InterruptedException hurry) {
      Thread.currentThread().interrupt();
    }
  }
}
