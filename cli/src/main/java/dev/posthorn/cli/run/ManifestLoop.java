package dev.posthorn.cli.run;

import dev.posthorn.cli.manifest.ManifestTree;
import dev.posthorn.cli.manifest.ManifestWatch;
import dev.posthorn.core.resolve.ManifestFile;
import java.io.IOException;
import java.nio.file.ClosedWatchServiceException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the engine as the directory says: at each change, and when a key's time comes. What cannot
 * come into effect is told and leaves everything as it was. Runs on a thread of its own until
 * {@link #close}.
 */
final class ManifestLoop implements Runnable, AutoCloseable {
  /** Not more often than this, however near the next wake-up is or whatever failed. */
  private static final Duration SHORTEST = Duration.ofSeconds(1);

  private final Path root;
  private final ManifestTree tree;
  private final ManifestWatch watch;
  private final LiveConfiguration live;
  private final RunListener listener;
  private final InstantSource clock;
  private boolean again;

  /** Watches from now on. */
  ManifestLoop(
      Path root,
      ManifestWatch watch,
      LiveConfiguration live,
      RunListener listener,
      InstantSource clock) {
    this.root = root;
    this.tree = new ManifestTree(root);
    this.watch = watch;
    this.live = live;
    this.listener = listener;
    this.clock = clock;
  }

  @Override
  public void run() {
    try {
      while (true) {
        Instant soonest = clock.instant().plus(SHORTEST);
        if (watch.awaitChange(() -> deadline(soonest))) {
          change();
        } else {
          wakeUp();
        }
      }
    } catch (ClosedWatchServiceException | InterruptedException e) {
      // closed: the process is about to end
    }
  }

  /** Asked again and again: a wish of the API may have brought another time. */
  private @Nullable Instant deadline(Instant soonest) {
    Instant wakeUp = again ? Instant.MIN : live.nextWakeUp();
    if (wakeUp == null) {
      return null;
    }
    return wakeUp.isBefore(soonest) ? soonest : wakeUp;
  }

  private void change() {
    try {
      live.change(files(root, tree));
      again = false;
    } catch (IOException e) {
      again = true;
      listener.kept(LiveConfiguration.reason(e) + "; the last good state stays");
    }
  }

  private void wakeUp() {
    if (again) {
      change();
      return;
    }
    try {
      live.wakeUp();
    } catch (IOException e) {
      again = true;
      listener.kept(
          "keyrings cannot be stored: " + LiveConfiguration.reason(e) + "; the former keys stay");
    }
  }

  /** The files under the names by which the person who started it finds them. */
  static List<ManifestFile> files(Path root, ManifestTree tree) throws IOException {
    return tree.read().stream()
        .map(file -> new ManifestFile(root.resolve(file.path()).toString(), file.text()))
        .toList();
  }

  @Override
  public void close() throws IOException {
    watch.close();
  }
}
