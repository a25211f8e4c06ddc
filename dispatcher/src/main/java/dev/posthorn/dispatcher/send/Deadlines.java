package dev.posthorn.dispatcher.send;

import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.LockSupport;
import okhttp3.Call;
import org.jspecify.annotations.Nullable;

/**
 * Cancels calls that are under way for too long. OkHttp's own deadline of a call takes a lock of
 * the whole process twice a request; here a request leaves a note, and one thread looks through
 * those that are left every {@value #TICK_MILLIS} ms, by which a call may be late. Any thread.
 */
final class Deadlines implements AutoCloseable {
  private static final long TICK_MILLIS = 50;
  private static final long TICK_NANOS = TICK_MILLIS * 1_000_000;

  /** One call. Close it when the call has ended. */
  static final class Deadline implements AutoCloseable {
    private final long at;
    private volatile @Nullable Call call;

    private Deadline(Call call, long at) {
      this.call = call;
      this.at = at;
    }

    @Override
    public void close() {
      call = null;
    }

    /** Whether nobody need look at it any more. */
    private boolean isOver(long now) {
      Call running = call;
      if (running == null) {
        return true;
      }
      if (now - at < 0) {
        return false;
      }
      running.cancel();
      return true;
    }
  }

  private final Queue<Deadline> begun = new ConcurrentLinkedQueue<>();
  private final Thread thread;
  private volatile boolean idle;
  private volatile boolean closed;

  Deadlines() {
    thread = Thread.ofPlatform().daemon().name("posthorn-deadlines").start(this::run);
  }

  /** From now on {@code call} is cancelled once {@code nanos} have passed, unless it is closed. */
  Deadline begin(Call call, long nanos) {
    var deadline = new Deadline(call, System.nanoTime() + nanos);
    begun.add(deadline);
    if (idle) {
      LockSupport.unpark(thread);
    }
    return deadline;
  }

  private void run() {
    List<Deadline> running = new ArrayList<>();
    while (!closed) {
      for (Deadline next = begun.poll(); next != null; next = begun.poll()) {
        running.add(next);
      }
      long now = System.nanoTime();
      running.removeIf(each -> each.isOver(now));
      if (running.isEmpty()) {
        idle = true;
        if (begun.isEmpty() && !closed) {
          LockSupport.park(this);
        }
        idle = false;
      } else {
        LockSupport.parkNanos(this, TICK_NANOS);
      }
    }
  }

  /** Calls under way go on without a deadline. */
  @Override
  public void close() {
    closed = true;
    LockSupport.unpark(thread);
  }
}
