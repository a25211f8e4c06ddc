package dev.posthorn.cli.terminal;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Turns SIGTERM and Ctrl-C into an orderly end: the command is told, finishes, and its own exit
 * code becomes the process's, 0 for a good end, in place of the 130 or 143 that Java would give.
 */
public final class StopSignal {
  private final CountDownLatch asked = new CountDownLatch(1);
  private final CountDownLatch done = new CountDownLatch(1);
  private volatile int exitCode;

  private StopSignal() {}

  /**
   * Listens from now on.
   *
   * @param patience how long a command may take to finish before the process ends anyhow
   */
  public static StopSignal install(Duration patience) {
    var signal = new StopSignal();
    Runtime.getRuntime().addShutdownHook(new Thread(() -> signal.end(patience), "stop"));
    return signal;
  }

  /** A signal that only {@link #ask} gives, for tests and for time limits. */
  public static StopSignal silent() {
    return new StopSignal();
  }

  private void end(Duration patience) {
    if (done.getCount() == 0) {
      return; // the command ended by itself and the process is exiting with its code
    }
    asked.countDown();
    try {
      boolean finished = done.await(patience.toMillis(), TimeUnit.MILLISECONDS);
      Runtime.getRuntime().halt(finished ? exitCode : ExitCode.NO);
    } catch (InterruptedException e) {
      Runtime.getRuntime().halt(ExitCode.NO);
    }
  }

  /** Asks the command to finish, as a signal does. */
  public void ask() {
    asked.countDown();
  }

  /** Waits until asked to stop, at most {@code limit}; true = asked. */
  public boolean await(Duration limit) throws InterruptedException {
    return asked.await(limit.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** Waits until asked to stop. */
  public void await() throws InterruptedException {
    asked.await();
  }

  /** The command is done and has printed all it had to say. */
  public void finished(int code) {
    exitCode = code;
    done.countDown();
  }
}
