package dev.posthorn.cli.manifest;

import dev.posthorn.cli.manifest.ManifestTree.Shape;
import dev.posthorn.cli.manifest.ManifestTree.Stamp;
import java.io.IOException;
import java.nio.file.ClosedWatchServiceException;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Notices that the tree changed, within a second: by the file system's notifications, and by
 * looking once a second, because notifications get lost (network file systems, full queues) and do
 * not tell of changes behind links. For one thread; {@link #close} from any thread wakes it.
 */
public final class ManifestWatch implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ManifestWatch.class);
  private static final Duration LOOK = Duration.ofMillis(700);
  private static final Duration LOOK_WHILE_CHANGING = Duration.ofMillis(50);

  private final ManifestTree tree;
  private final InstantSource clock;
  private final WatchService notifications;
  private final Map<Path, WatchKey> watched = new HashMap<>();
  private final Settling<Map<String, Stamp>> settling;
  private boolean notificationsFail;

  /** Begins to watch {@code tree}; what is there now is not a change. */
  public ManifestWatch(ManifestTree tree, InstantSource clock) throws IOException {
    this.tree = tree;
    this.clock = clock;
    this.notifications = FileSystems.getDefault().newWatchService();
    Shape now = tree.shape();
    this.settling = new Settling<>(now.stamps());
    watch(now);
  }

  /**
   * Waits until the tree has changed and come to rest, or the deadline has come.
   *
   * @param deadline by the clock; absent = none. It may move while this waits, and is asked for
   *     with every look
   * @return true for a change, false for the deadline
   */
  public boolean awaitChange(Supplier<@Nullable Instant> deadline) throws InterruptedException {
    for (Instant end = deadline.get();
        end == null || clock.instant().isBefore(end);
        end = deadline.get()) {
      if (settled()) {
        return true;
      }
      forget(notifications.poll(pause(end).toNanos(), TimeUnit.NANOSECONDS));
    }
    return false;
  }

  /** One look at the tree. One that cannot be read is looked at again; it counts as unchanged. */
  private boolean settled() {
    try {
      Shape shape = tree.shape();
      watch(shape);
      return settling.settles(shape.stamps(), clock.instant());
    } catch (IOException e) {
      return settling.settles(
          Map.of("(unreadable: " + e.getMessage() + ")", GONE), clock.instant());
    }
  }

  private static final Stamp GONE = new Stamp(0, 0, "gone");

  private Duration pause(@Nullable Instant deadline) {
    Duration usual = settling.unsettled() ? LOOK_WHILE_CHANGING : LOOK;
    if (deadline == null) {
      return usual;
    }
    Duration left = Duration.between(clock.instant(), deadline);
    return left.compareTo(usual) < 0 ? left : usual;
  }

  /** What exactly happened does not matter: the next look tells. */
  private static void forget(@Nullable WatchKey key) {
    if (key != null) {
      key.pollEvents();
      key.reset();
    }
  }

  private void watch(Shape shape) {
    var wanted = new HashSet<>(shape.directories());
    watched
        .entrySet()
        .removeIf(entry -> {
          boolean stale = !wanted.contains(entry.getKey()) || !entry.getValue().isValid();
          if (stale) {
            entry.getValue().cancel();
          }
          return stale;
        });
    for (Path directory : wanted) {
      if (!watched.containsKey(directory)) {
        register(directory);
      }
    }
  }

  private void register(Path directory) {
    try {
      watched.put(
          directory,
          directory.register(
              notifications,
              StandardWatchEventKinds.ENTRY_CREATE,
              StandardWatchEventKinds.ENTRY_DELETE,
              StandardWatchEventKinds.ENTRY_MODIFY));
    } catch (IOException e) {
      if (!notificationsFail) {
        notificationsFail = true;
        LOG.atWarn()
            .addKeyValue("directory", directory)
            .addKeyValue("error", e.getMessage())
            .log("no notifications for this directory; it is looked at once a second instead");
      }
    }
  }

  /** Ends a wait of another thread with {@link ClosedWatchServiceException}. */
  @Override
  public void close() throws IOException {
    notifications.close();
  }
}
