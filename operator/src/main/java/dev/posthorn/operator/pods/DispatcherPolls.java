package dev.posthorn.operator.pods;

import dev.posthorn.core.config.ResourceName;
import dev.posthorn.core.resolve.ResourceRef;
import dev.posthorn.operator.cluster.ClusterCache;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks the pods of all Dispatchers, so that a hanging one delays nobody but its own. Thread-safe; a
 * thread of its own from {@link #start} to {@link #close}.
 */
public final class DispatcherPolls implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(DispatcherPolls.class);

  /** Not more often, however much is waited for. */
  private static final Duration SHORTEST = Duration.ofMillis(200);

  private static final Duration LONGEST = Duration.ofSeconds(5);

  private final ClusterCache cache;
  private final PodListener listener;
  private final InstantSource clock;
  private final PodClient client = new PodClient();
  private final Map<ResourceName, DispatcherPoll> polls = new ConcurrentHashMap<>();
  private final ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Thread thread;
  private boolean wanted; // guarded by lock
  private boolean closed; // guarded by lock

  /** Prepares the thread. */
  public DispatcherPolls(ClusterCache cache, PodListener listener, InstantSource clock) {
    this.cache = cache;
    this.listener = listener;
    this.clock = clock;
    this.thread = Thread.ofPlatform().name("posthorn-pods").daemon().unstarted(this::run);
  }

  /** Begins to ask. */
  public void start() {
    thread.start();
  }

  /** What the pods of a Dispatcher said last. */
  public Seen seen(ResourceName dispatcher) {
    return poll(dispatcher).seen();
  }

  /** Why a pod of a Dispatcher cannot use its store; null where none says so. */
  public @Nullable String storeProblem(ResourceName dispatcher) {
    return poll(dispatcher).storeProblem();
  }

  /** How an endpoint of a Dispatcher does; null while nobody has said. */
  public @Nullable EndpointReport health(ResourceName dispatcher, ResourceName endpoint) {
    return poll(dispatcher).health(endpoint);
  }

  /** Tells the listener once a config object is not any more as {@code told}. */
  public void await(
      ResourceName dispatcher, ResourceRef source, String secret, long version, Seen.Verdict told) {
    poll(dispatcher).waiting().add(source, secret, version, told);
    wake();
  }

  /** Nobody waits for a config object any more. */
  public void forget(ResourceName dispatcher, ResourceRef source) {
    poll(dispatcher).waiting().remove(source);
  }

  /** The pods of a Dispatcher are others. */
  public void podsChanged(ResourceName dispatcher) {
    poll(dispatcher).soon();
    wake();
  }

  /** A Dispatcher is gone. */
  public void remove(ResourceName dispatcher) {
    polls.remove(dispatcher);
  }

  private DispatcherPoll poll(ResourceName dispatcher) {
    return polls.computeIfAbsent(
        dispatcher, name -> new DispatcherPoll(name, cache, client, listener, clock));
  }

  private void run() {
    while (await()) {
      Instant now = clock.instant();
      List<? extends Future<?>> due =
          polls.values().stream()
              .filter(poll -> !poll.next().isAfter(now))
              .map(poll -> executor.submit(poll::poll))
              .toList();
      for (Future<?> each : due) {
        finish(each);
      }
    }
  }

  private void finish(Future<?> poll) {
    try {
      poll.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException e) {
      if (executor.isShutdown()) {
        return; // interrupted on purpose
      }
      LOG.atError().log("Asking the pods of a Dispatcher failed; it is tried again.", e.getCause());
    }
  }

  private void wake() {
    lock.lock();
    try {
      wanted = true;
      changed.signal();
    } finally {
      lock.unlock();
    }
  }

  /** Waits for the next poll that is due; false when closed. */
  private boolean await() {
    lock.lock();
    try {
      long pause = SHORTEST.toNanos();
      while (!closed && pause > 0) {
        pause = changed.awaitNanos(pause);
      }
      long left = Math.min(untilNext(), LONGEST.toNanos());
      while (!closed && !wanted && left > 0) {
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

  private long untilNext() {
    Instant now = clock.instant();
    return polls.values().stream()
        .map(DispatcherPoll::next)
        .mapToLong(next -> next.isBefore(now) ? 0 : now.until(next).toNanos())
        .min()
        .orElse(TimeUnit.MINUTES.toNanos(1));
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
    executor.shutdownNow();
    client.close();
  }
}
