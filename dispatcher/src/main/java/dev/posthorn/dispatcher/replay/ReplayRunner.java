package dev.posthorn.dispatcher.replay;

import dev.posthorn.dispatcher.store.ReplayLog;
import dev.posthorn.dispatcher.store.ReplayRow;
import dev.posthorn.dispatcher.store.StoreUnavailableException;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps all replays going, a slice of each in turn, each at its own pace. What it does is decided
 * by the store's rows alone, so a restart needs nothing else. A thread of its own from {@link
 * #start} to {@link #close}.
 */
public final class ReplayRunner implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ReplayRunner.class);

  /** Looks for replays at least so often, though nobody woke it. */
  private static final long IDLE_MILLIS = 60_000;

  private static final long UNAVAILABLE_MILLIS = 1_000;

  private final ReplayLog log;
  private final ReplayStep step;
  private final InstantSource clock;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Map<Long, Long> notBefore = new HashMap<>();
  private final Thread thread;
  private boolean wanted; // guarded by lock
  private boolean closed; // guarded by lock

  /** Prepares the thread. */
  public ReplayRunner(ReplayLog log, ReplayStep step, InstantSource clock) {
    this.log = log;
    this.step = step;
    this.clock = clock;
    this.thread = Thread.ofPlatform().name("posthorn-replays").daemon().unstarted(this::run);
  }

  /** Starts it. */
  public void start() {
    thread.start();
  }

  /** A replay was asked for: look now. Any thread. */
  public void wake() {
    lock.lock();
    try {
      wanted = true;
      changed.signal();
    } finally {
      lock.unlock();
    }
  }

  private void run() {
    long pause = 0;
    while (await(pause)) {
      pause = round();
    }
  }

  /** One slice of every replay whose time has come; how long nothing is to be done then. */
  private long round() {
    try {
      List<ReplayRow> running = log.running();
      notBefore.keySet().retainAll(running.stream().map(ReplayRow::number).toList());
      running.forEach(this::turn);
      long next = notBefore.values().stream().mapToLong(Long::longValue).min().orElse(0);
      return running.isEmpty() ? IDLE_MILLIS : Math.max(0, next - clock.millis());
    } catch (StoreUnavailableException away) {
      return UNAVAILABLE_MILLIS;
    }
  }

  private void turn(ReplayRow replay) {
    long now = clock.millis();
    if (notBefore.getOrDefault(replay.number(), 0L) <= now) {
      notBefore.put(replay.number(), now + advanced(replay));
    }
  }

  /** What nobody foresaw ends this one replay, visibly: it must not stop all tenants. */
  private long advanced(ReplayRow replay) {
    try {
      return step.advance(replay, clock.instant());
    } catch (StoreUnavailableException away) {
      throw away;
    } catch (RuntimeException unexpected) {
      LOG.atError()
          .setCause(unexpected)
          .addKeyValue("replay", replay.number())
          .log("A replay failed in an unforeseen way and has ended. Please report this.");
      step.fail(replay, clock.instant());
      return 0;
    }
  }

  /** Waits so long, or until it is woken; false when it is closed. */
  private boolean await(long millis) {
    lock.lock();
    try {
      long left = TimeUnit.MILLISECONDS.toNanos(millis);
      while (!wanted && !closed && left > 0) {
        left = changed.awaitNanos(left);
      }
      wanted = false;
      return !closed;
    } catch (InterruptedException e) {
      return false;
    } finally {
      lock.unlock();
    }
  }

  /** Returns when the slice under way is done. */
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
