package dev.posthorn.cli.run;

import dev.posthorn.cli.manifest.ManifestTree;
import dev.posthorn.cli.manifest.ManifestWatch;
import dev.posthorn.cli.run.Reconfiguration.Outcome;
import dev.posthorn.core.config.Configuration;
import dev.posthorn.core.resolve.Finding;
import dev.posthorn.core.resolve.ManifestFile;
import java.io.IOException;
import java.nio.file.ClosedWatchServiceException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
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
  private final Reconfiguration reconfiguration;
  private final Engine engine;
  private final RunListener listener;
  private final InstantSource clock;
  private Set<Finding> told;
  private boolean again;

  /** Watches from now on; {@code told} are the findings that were shown at the start. */
  ManifestLoop(
      Path root,
      ManifestWatch watch,
      Reconfiguration reconfiguration,
      Engine engine,
      RunListener listener,
      InstantSource clock,
      List<Finding> told) {
    this.root = root;
    this.tree = new ManifestTree(root);
    this.watch = watch;
    this.reconfiguration = reconfiguration;
    this.engine = engine;
    this.listener = listener;
    this.clock = clock;
    this.told = new HashSet<>(told);
  }

  @Override
  public void run() {
    try {
      while (true) {
        if (watch.awaitChange(deadline())) {
          change();
        } else {
          wakeUp();
        }
      }
    } catch (ClosedWatchServiceException | InterruptedException e) {
      // closed: the process is about to end
    }
  }

  private @Nullable Instant deadline() {
    Instant soonest = clock.instant().plus(SHORTEST);
    Instant wakeUp = again ? Instant.MIN : reconfiguration.nextWakeUp();
    if (wakeUp == null) {
      return null;
    }
    return wakeUp.isBefore(soonest) ? soonest : wakeUp;
  }

  private void change() {
    try {
      take(reconfiguration.read(files(root, tree), clock.instant()));
      again = false;
    } catch (IOException e) {
      again = true;
      listener.kept(reason(e) + "; the last good state stays");
    }
  }

  private void wakeUp() {
    if (again) {
      change();
      return;
    }
    try {
      take(reconfiguration.wakeUp(clock.instant()));
    } catch (IOException e) {
      again = true;
      listener.kept("keyrings cannot be stored: " + reason(e) + "; the former keys stay");
    }
  }

  private void take(Outcome outcome) throws IOException {
    tell(outcome.findings());
    switch (outcome) {
      case Outcome.Unusable unusable -> {
        if (!unusable.findings().isEmpty()) {
          listener.kept("nothing of this change is in effect; the last good state stays");
        }
      }
      case Outcome.Resolved resolved -> apply(resolved.configuration());
    }
  }

  private void apply(Configuration configuration) throws IOException {
    Configuration before = reconfiguration.inEffect();
    if (!configuration.equals(before)) {
      engine.apply(configuration);
      reconfiguration.inEffect(configuration);
      listener.applied(before, configuration);
    }
  }

  private void tell(List<Finding> findings) {
    List<Finding> fresh = findings.stream().filter(finding -> !told.contains(finding)).toList();
    told = new HashSet<>(findings);
    if (!fresh.isEmpty()) {
      listener.found(fresh);
    }
  }

  /** The files under the names by which the person who started it finds them. */
  static List<ManifestFile> files(Path root, ManifestTree tree) throws IOException {
    return tree.read().stream()
        .map(file -> new ManifestFile(root.resolve(file.path()).toString(), file.text()))
        .toList();
  }

  private static String reason(IOException e) {
    String message = e.getMessage();
    return message == null ? e.getClass().getSimpleName() : message;
  }

  @Override
  public void close() throws IOException {
    watch.close();
  }
}
