package dev.posthorn.dispatcher.replay;

import dev.posthorn.dispatcher.store.ReplayLog;
import dev.posthorn.dispatcher.store.ReplayRow;
import dev.posthorn.dispatcher.store.StoreUnavailableException;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps all replays going, a slice of each in turn, each at its own pace. What it does is decided
 * by the store's rows alone, so a restart needs nothing else. A thread of its own from {@link
 * #start} to {@link #close}.
 */
public final class ReplayRunner implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ReplayRunner.class);

  /** Looks for replays at least so often, though nobody woke it: others may have asked for some. */
  private static final long LOOK_MILLIS = 1_000;

  private static final long UNAVAILABLE_MILLIS = 1_000;

  private final ReplayLog log;
  private final ReplayStep step;
  private final Predicate<String> own;
  private final InstantSource clock;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final PriorityQueue<Turn> turns = new PriorityQueue<>();
  private final Set<Long> known = new HashSet<>();
  private final Thread thread;
  private long nextLook = Long.MIN_VALUE;
  private boolean wanted; // guarded by lock
  private volatile boolean closed; // written under lock

  /** When the next slice of a replay may be done. */
  private record Turn(long at, long number) implements Comparable<Turn> {
    @Override
    public int compareTo(Turn other) {
      int byTime = Long.compare(at, other.at);
      return byTime != 0 ? byTime : Long.compare(number, other.number);
    }
  }

  /**
   * Prepares the thread.
   *
   * @param own whether this process sends for a tenant: only then its replays go on here
   * @param failed hears of what nobody foresaw; the thread has ended then
   */
  public ReplayRunner(
      ReplayLog log,
      ReplayStep step,
      Predicate<String> own,
      InstantSource clock,
      Consumer<Throwable> failed) {
    this.log = log;
    this.step = step;
    this.own = own;
    this.clock = clock;
    this.thread =
        Thread.ofPlatform()
            .name("posthorn-replays")
            .daemon()
            .uncaughtExceptionHandler((_, failure) -> failed.accept(failure))
            .unstarted(this::run);
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

  /** A slice of every replay whose time has come; how long nothing is to be done then. */
  private long round() {
    try {
      long now = clock.millis();
      look(now);
      Turn next = turns.peek();
      while (next != null && next.at() <= now && !closed) {
        take(next);
        next = turns.peek();
      }
      long until = next == null ? nextLook : Math.min(next.at(), nextLook);
      return Math.max(0, until - clock.millis());
    } catch (StoreUnavailableException away) {
      return UNAVAILABLE_MILLIS;
    }
  }

  /** Finds those that were asked for since. */
  private void look(long now) {
    if (now >= nextLook) {
      for (long number : log.running()) {
        if (known.add(number)) {
          turns.add(new Turn(now, number));
        }
      }
      nextLook = now + LOOK_MILLIS;
    }
  }

  private void take(Turn turn) {
    Optional<ReplayRow> replay =
        log.find(turn.number())
            .filter(row -> row.state() == ReplayRow.State.RUNNING && own.test(row.tenant()));
    long pause = replay.isPresent() ? advanced(replay.get()) : 0;
    turns.remove(turn);
    if (replay.isPresent()) {
      turns.add(new Turn(clock.millis() + pause, turn.number()));
    } else {
      known.remove(turn.number());
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
      if (wanted) {
        nextLook = Long.MIN_VALUE;
        wanted = false;
      }
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
