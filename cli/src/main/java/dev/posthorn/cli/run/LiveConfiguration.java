package dev.posthorn.cli.run;

import dev.posthorn.cli.run.Reconfiguration.Outcome;
import dev.posthorn.core.config.Configuration;
import dev.posthorn.core.config.KeyAuthority;
import dev.posthorn.core.config.ResourceName;
import dev.posthorn.core.keyring.KeyWish;
import dev.posthorn.core.resolve.Finding;
import dev.posthorn.core.resolve.ManifestFile;
import java.io.IOException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The configuration in effect, and everything that changes it: files that changed, keys whose time
 * has come, wishes of the API. One change at a time, whoever brings it; each is on disk before the
 * engine has it.
 */
final class LiveConfiguration implements KeyAuthority {
  private final Reconfiguration reconfiguration;
  private final RunListener listener;
  private final InstantSource clock;
  private Set<Finding> told = Set.of();
  private @Nullable Engine engine;

  /** Made before the engine, which asks it; nothing is live until {@link #begin}. */
  LiveConfiguration(Reconfiguration reconfiguration, RunListener listener, InstantSource clock) {
    this.reconfiguration = reconfiguration;
    this.listener = listener;
    this.clock = clock;
  }

  /**
   * The engine runs with {@code first}.
   *
   * @param findings that were shown at the start
   */
  synchronized void begin(Engine running, Configuration first, List<Finding> findings)
      throws IOException {
    engine = running;
    told = new HashSet<>(findings);
    reconfiguration.inEffect(first);
    reconfiguration.denied(running::denials);
  }

  /** The files changed. */
  synchronized void change(List<ManifestFile> files) throws IOException {
    take(reconfiguration.read(files, clock.instant()));
  }

  /** A key's time has come. */
  synchronized void wakeUp() throws IOException {
    take(reconfiguration.wakeUp(clock.instant()));
  }

  /** When {@link #wakeUp} is needed next; null = never. */
  synchronized @Nullable Instant nextWakeUp() {
    return reconfiguration.nextWakeUp();
  }

  @Override
  public synchronized Answer carryOut(ResourceName signingSecret, KeyWish wish) {
    if (engine == null) {
      return new Answer.Unavailable("still starting: try again in a second");
    }
    if (!reconfiguration.knows(signingSecret)) {
      return new Answer.Unavailable(
          "the manifests cannot be read as they are, so this SigningSecret is not known: mend them"
              + " and try again");
    }
    try {
      var outcome = reconfiguration.wish(signingSecret, wish, clock.instant());
      take(outcome);
      return outcome instanceof Outcome.Resolved resolved && resolved.refusal() != null
          ? new Answer.Refused(resolved.refusal())
          : new Answer.Done();
    } catch (IOException e) {
      return new Answer.Unavailable(
          "the keyring cannot be stored: " + reason(e) + "; free the disk and try again");
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
    Engine running = engine;
    if (running != null && !configuration.equals(before)) {
      running.apply(configuration);
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

  static String reason(IOException e) {
    String message = e.getMessage();
    return message == null ? e.getClass().getSimpleName() : message;
  }
}
