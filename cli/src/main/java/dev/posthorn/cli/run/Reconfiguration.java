package dev.posthorn.cli.run;

import dev.posthorn.cli.data.KeyringFiles;
import dev.posthorn.core.config.Configuration;
import dev.posthorn.core.config.ResourceName;
import dev.posthorn.core.keyring.Keyring;
import dev.posthorn.core.resolve.Finding;
import dev.posthorn.core.resolve.Known;
import dev.posthorn.core.resolve.ManifestFile;
import dev.posthorn.core.resolve.ManifestReader;
import dev.posthorn.core.resolve.Manifests;
import dev.posthorn.core.resolve.Resolution;
import dev.posthorn.core.resolve.Resolver;
import dev.posthorn.core.resolve.Resources;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * From files to a configuration that may go live: reads, resolves, and stores keyrings and the last
 * good state before it hands the configuration out. For one thread.
 */
final class Reconfiguration {
  private final ManifestReader reader = new ManifestReader();
  private final Resolver resolver;
  private final KeyringFiles keyringFiles;
  private final LastGood lastGood;
  private final RandomGenerator random;
  private Configuration inEffect;
  private @Nullable Resources resources;
  private @Nullable Instant nextWakeUp;

  /**
   * Made once.
   *
   * @param inEffect the last good configuration, or the empty one
   */
  Reconfiguration(
      Resolver resolver,
      KeyringFiles keyringFiles,
      LastGood lastGood,
      RandomGenerator random,
      Configuration inEffect) {
    this.resolver = resolver;
    this.keyringFiles = keyringFiles;
    this.lastGood = lastGood;
    this.random = random;
    this.inEffect = inEffect;
  }

  /** What reading came to. */
  sealed interface Outcome {
    /** What is wrong, and what is only worth a look. */
    List<Finding> findings();

    /** The directory as a whole cannot come into effect; what was stays. */
    record Unusable(List<Finding> findings) implements Outcome {}

    /** May go live; keyrings are on disk already. */
    record Resolved(Configuration configuration, List<Finding> findings) implements Outcome {
      boolean hasErrors() {
        return findings.stream().anyMatch(Finding::isError);
      }
    }
  }

  /**
   * Reads {@code files} anew. When they are unusable, those read before still rotate keys in time.
   *
   * @throws IOException when keyrings cannot be stored; nothing is in effect then that was not
   */
  Outcome read(List<ManifestFile> files, Instant now) throws IOException {
    Manifests manifests = reader.read(files);
    if (!manifests.usable()) {
      return new Outcome.Unusable(manifests.findings());
    }
    resources = manifests.resources();
    return resolve(manifests.resources(), manifests.findings(), now);
  }

  /** The files are as they were, but a key's time has come. */
  Outcome wakeUp(Instant now) throws IOException {
    Resources former = resources;
    return former == null ? new Outcome.Unusable(List.of()) : resolve(former, List.of(), now);
  }

  private Outcome resolve(Resources from, List<Finding> read, Instant now) throws IOException {
    Map<ResourceName, Keyring> stored = keyringFiles.all();
    Resolution resolution = resolver.resolve(from, new Known(inEffect, stored), now, random);
    for (var changed : resolution.changedKeyrings().entrySet()) {
      keyringFiles.write(changed.getKey(), changed.getValue());
    }
    nextWakeUp = resolution.nextWakeUp();
    return new Outcome.Resolved(
        resolution.configuration(),
        Stream.concat(read.stream(), resolution.findings().stream()).toList());
  }

  /** Remembers {@code configuration} as the one in effect, over restarts too. */
  void inEffect(Configuration configuration) throws IOException {
    lastGood.write(configuration);
    inEffect = configuration;
  }

  /** What is in effect. */
  Configuration inEffect() {
    return inEffect;
  }

  /** When to look again though no file changed; absent = no key's time comes. */
  @Nullable Instant nextWakeUp() {
    return nextWakeUp;
  }
}
