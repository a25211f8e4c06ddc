package dev.posthorn.dispatcher.send;

import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.logging.Logger;
import okhttp3.ConnectionPool;
import okhttp3.internal.concurrent.TaskRunner;
import okhttp3.internal.connection.ConnectionListener;

/**
 * Connection pools whose idle connections are looked after once a second. By itself OkHttp wakes a
 * thread each time that a connection becomes idle, so after each request, and that thread goes
 * through all pools of the process under one lock (docs/decisions/2026-11-29-idle-connections).
 */
final class ConnectionPools {
  private static final int IDLE = 64;
  private static final Duration KEEP_ALIVE = Duration.ofSeconds(55);

  private final TaskRunner runner =
      new TaskRunner(new Patient(), Logger.getLogger(TaskRunner.class.getName()));

  /** A pool that keeps connections for 55 s, 64 of them at most. */
  ConnectionPool pool() {
    return new ConnectionPool(
        IDLE, KEEP_ALIVE.toSeconds(), TimeUnit.SECONDS, runner, new ConnectionListener() {});
  }

  /** As OkHttp's own, but its thread is never woken: it looks by itself while there is any. */
  private static final class Patient implements TaskRunner.Backend {
    private static final long LOOK_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final TaskRunner.RealBackend threads =
        new TaskRunner.RealBackend(
            Thread.ofPlatform().daemon().name("posthorn-idle-connections-", 0).factory());

    @Override
    public long nanoTime() {
      return threads.nanoTime();
    }

    @Override
    public void coordinatorNotify(TaskRunner taskRunner) {}

    @Override
    public void coordinatorWait(TaskRunner taskRunner, long nanos) {
      try {
        threads.coordinatorWait(taskRunner, Math.min(nanos, LOOK_NANOS));
      } catch (InterruptedException e) {
        throw new IllegalStateException("nobody interrupts it", e);
      }
    }

    @Override
    public <T> BlockingQueue<T> decorate(BlockingQueue<T> queue) {
      return queue;
    }

    @Override
    public void execute(TaskRunner taskRunner, Runnable runnable) {
      threads.execute(taskRunner, runnable);
    }
  }
}
