package dev.posthorn.dispatcher.store;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * What waits for the store thread, in order. Bounded for what can be refused; outcomes are always
 * taken, since the requests behind them are bounded already. Any thread puts, one takes.
 */
final class StoreQueue {
  private final StoreThread.Limits limits;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final ArrayDeque<StoreTask> writes = new ArrayDeque<>();
  private final ArrayDeque<PageRequest> pages = new ArrayDeque<>();
  private long bytes;
  private boolean closed;

  StoreQueue(StoreThread.Limits limits) {
    this.limits = limits;
  }

  /** Puts a task that may be refused; false where the queue is full or closed. */
  boolean offer(StoreTask task) {
    lock.lock();
    try {
      // A single task larger than the whole budget still gets its turn in an empty queue.
      boolean full =
          writes.size() >= limits.queueEntries()
              || (!writes.isEmpty() && bytes + task.bytes() > limits.queueBytes());
      return !full && add(task);
    } finally {
      lock.unlock();
    }
  }

  /** Puts a task that is never refused; false where the queue is closed. */
  boolean put(StoreTask task) {
    lock.lock();
    try {
      return add(task);
    } finally {
      lock.unlock();
    }
  }

  boolean put(PageRequest page) {
    lock.lock();
    try {
      if (!closed) {
        pages.add(page);
        changed.signal();
      }
      return !closed;
    } finally {
      lock.unlock();
    }
  }

  private boolean add(StoreTask task) {
    if (!closed) {
      writes.add(task);
      bytes += task.bytes();
      changed.signal();
    }
    return !closed;
  }

  /** Takes nothing more in; what is there is still taken out. */
  void close() {
    lock.lock();
    try {
      closed = true;
      changed.signal();
    } finally {
      lock.unlock();
    }
  }

  boolean isEmpty() {
    lock.lock();
    try {
      return writes.isEmpty() && pages.isEmpty();
    } finally {
      lock.unlock();
    }
  }

  boolean isClosed() {
    lock.lock();
    try {
      return closed;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Waits until something is there, the queue is closed or the time is over.
   *
   * @throws InterruptedException if the thread is interrupted, which nobody does but a test
   */
  void await(long nanos) throws InterruptedException {
    lock.lock();
    try {
      long left = nanos;
      while (writes.isEmpty() && pages.isEmpty() && !closed && left > 0) {
        left = changed.awaitNanos(left);
      }
    } finally {
      lock.unlock();
    }
  }

  /** Waits until the queue is closed or the time is over, whatever is put in meanwhile. */
  void awaitClosed(long nanos) throws InterruptedException {
    lock.lock();
    try {
      long left = nanos;
      while (!closed && left > 0) {
        left = changed.awaitNanos(left);
      }
    } finally {
      lock.unlock();
    }
  }

  /** Takes the next tasks, in order, up to the limits of a transaction; at least one if any. */
  List<StoreTask> takeWrites() {
    lock.lock();
    try {
      var taken = new ArrayList<StoreTask>();
      long rows = 0;
      long takenBytes = 0;
      for (StoreTask next = writes.peek(); next != null; next = writes.peek()) {
        rows += next.rows();
        takenBytes += next.bytes();
        if (!taken.isEmpty() && (rows > limits.batchRows() || takenBytes > limits.batchBytes())) {
          break;
        }
        taken.add(next);
        writes.remove();
        bytes -= next.bytes();
      }
      return taken;
    } finally {
      lock.unlock();
    }
  }

  /** Takes those out that are not kept while the store is unavailable. */
  List<StoreTask> takeRefusable() {
    lock.lock();
    try {
      var taken = new ArrayList<StoreTask>();
      for (StoreTask task : writes) {
        if (!task.kept()) {
          taken.add(task);
          bytes -= task.bytes();
        }
      }
      writes.removeIf(task -> !task.kept());
      return taken;
    } finally {
      lock.unlock();
    }
  }

  List<PageRequest> takePages() {
    lock.lock();
    try {
      var taken = List.copyOf(pages);
      pages.clear();
      return taken;
    } finally {
      lock.unlock();
    }
  }
}
