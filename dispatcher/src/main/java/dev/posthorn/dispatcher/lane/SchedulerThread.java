package dev.posthorn.dispatcher.lane;

import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The one thread that runs the {@link Scheduler}: it takes messages, and hands commands to the
 * outside. It never waits for I/O, so its commands must not block either.
 */
public final class SchedulerThread implements AutoCloseable {
  private static final int BATCH = 1_000;
  private static final long LONGEST_WAIT_MILLIS = 1_000;

  private final Scheduler scheduler;
  private final Consumer<Command> commands;
  private final InstantSource clock;
  private final LinkedBlockingQueue<Message> queue = new LinkedBlockingQueue<>();
  private final Thread thread;
  private volatile boolean closed;
  private volatile int sending;

  /**
   * Creates the thread; {@link #start} starts it.
   *
   * @param commands does what the scheduler decides; called on this thread
   * @param clock the time that messages are judged by
   * @param failed hears of a broken invariant; the thread has ended then
   */
  public SchedulerThread(
      Scheduler scheduler,
      Consumer<Command> commands,
      InstantSource clock,
      Consumer<Throwable> failed) {
    this.scheduler = scheduler;
    this.commands = commands;
    this.clock = clock;
    this.thread =
        Thread.ofPlatform()
            .name("posthorn-scheduler")
            .uncaughtExceptionHandler((_, failure) -> failed.accept(failure))
            .unstarted(this::run);
  }

  /** Starts it. */
  public void start() {
    thread.start();
  }

  /** Tells the scheduler something. Any thread; never blocks. */
  public void tell(Message message) {
    queue.add(message);
  }

  /** How many tries are under way. Any thread. */
  public int sending() {
    return sending;
  }

  private void run() {
    List<Message> batch = new ArrayList<>(BATCH);
    while (!closed) {
      Message first = await();
      if (first != null) {
        batch.add(first);
        queue.drainTo(batch, BATCH - 1);
      }
      long now = clock.millis();
      batch.forEach(message -> scheduler.handle(message, now, commands));
      batch.clear();
      scheduler.pump(now, commands);
      sending = scheduler.sending();
    }
  }

  private @Nullable Message await() {
    long wait = Math.min(LONGEST_WAIT_MILLIS, scheduler.wakeAt() - clock.millis());
    try {
      return wait <= 0 ? queue.poll() : queue.poll(wait, TimeUnit.MILLISECONDS);
    } catch (InterruptedException stop) {
      return null;
    }
  }

  /** Ends the thread, whatever waits. */
  @Override
  public void close() {
    closed = true;
    thread.interrupt();
  }
}
