package dev.posthorn.cli.run;

import dev.posthorn.cli.data.KeyringFiles;
import dev.posthorn.core.config.Configuration;
import dev.posthorn.core.config.KeyDenial;
import dev.posthorn.core.config.KeysConfig;
import dev.posthorn.core.config.ResourceName;
import dev.posthorn.core.keyring.KeyWish;
import dev.posthorn.core.keyring.Keyring;
import dev.posthorn.core.keyring.KeyringFinding;
import dev.posthorn.core.keyring.KeyringRecovery;
import dev.posthorn.core.keyring.KeyringRecovery.Bootstrap;
import dev.posthorn.core.resolve.Finding;
import dev.posthorn.core.resolve.Known;
import dev.posthorn.core.resolve.ManifestFile;
import dev.posthorn.core.resolve.ManifestReader;
import dev.posthorn.core.resolve.Manifests;
import dev.posthorn.core.resolve.Resolution;
import dev.posthorn.core.resolve.Resolver;
import dev.posthorn.core.resolve.Resource;
import dev.posthorn.core.resolve.Resources;
import dev.posthorn.crds.SigningSecretSpec;
import java.io.IOException;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * From files to a configuration that may go live: reads, resolves, and stores keyrings and the last
 * good state before it hands the configuration out. For one thread.
 */
final class Reconfiguration {
  private static final Logger LOG = LoggerFactory.getLogger(Reconfiguration.class);

  private final ManifestReader reader = new ManifestReader();
  private final Resolver resolver;
  private final KeyringFiles keyringFiles;
  private final LastGood lastGood;
  private final RandomGenerator random;
  private Configuration inEffect;
  private Supplier<Collection<KeyDenial>> denials = List::of;
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

    /**
     * May go live; keyrings are on disk already.
     *
     * @param refusal why nothing came of the wish; null where it came true, or there was none
     */
    record Resolved(
        Configuration configuration, List<Finding> findings, @Nullable KeyringFinding refusal)
        implements Outcome {
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
    return resolve(manifests.resources(), manifests.findings(), Map.of(), now);
  }

  /** The files are as they were, but a key's time has come. */
  Outcome wakeUp(Instant now) throws IOException {
    Resources former = resources;
    return former == null
        ? new Outcome.Unusable(List.of())
        : resolve(former, List.of(), Map.of(), now);
  }

  /** The files are as they were, but somebody wishes something about keys that are known. */
  Outcome wish(ResourceName signingSecret, KeyWish wish, Instant now) throws IOException {
    return resolve(Objects.requireNonNull(resources), List.of(), Map.of(signingSecret, wish), now);
  }

  /** Whether the files that were read last declare this SigningSecret. */
  boolean knows(ResourceName signingSecret) {
    Resources read = resources;
    return read != null
        && read.signingSecrets().stream().anyMatch(each -> each.ref().name().equals(signingSecret));
  }

  /** Where keys are denied too; keyrings that do not know of it, from a backup, learn it soon. */
  void denied(Supplier<Collection<KeyDenial>> elsewhere) {
    denials = elsewhere;
    if (!elsewhere.get().isEmpty()) {
      nextWakeUp = Instant.MIN;
    }
  }

  private Outcome resolve(
      Resources from, List<Finding> read, Map<ResourceName, KeyWish> wish, Instant now)
      throws IOException {
    Known known = known(from, wish);
    Resolution resolution = resolver.resolve(from, known, now, random);
    for (var changed : resolution.changedKeyrings().entrySet()) {
      keyringFiles.write(changed.getKey(), changed.getValue());
    }
    nextWakeUp = resolution.nextWakeUp();
    return new Outcome.Resolved(
        resolution.configuration(),
        Stream.concat(read.stream(), resolution.findings().stream()).toList(),
        wish.keySet().stream()
            .map(resolution.refusals()::get)
            .filter(Objects::nonNull)
            .findFirst()
            .orElse(null));
  }

  private Known known(Resources from, Map<ResourceName, KeyWish> wish) throws IOException {
    var stored = new HashMap<ResourceName, Keyring>();
    var lost = new HashMap<ResourceName, KeyringFinding>();
    for (Resource<SigningSecretSpec> each : from.signingSecrets()) {
      ResourceName name = each.ref().name();
      KeysConfig copy = inEffect.keys().get(name);
      switch (KeyringRecovery.decide(
          keyringFiles.read(name).orElse(null),
          copy == null ? null : copy.keyring(),
          Bootstrap.GENERATE)) {
        case KeyringRecovery.Use(Keyring keyring) -> {
          if (keyring != null) {
            stored.put(name, keyring);
          }
        }
        case KeyringRecovery.Restore(Keyring keyring) -> {
          restore(name, keyring);
          stored.put(name, keyring);
        }
        case KeyringRecovery.Lost(KeyringFinding why) ->
            lost.put(
                name,
                new KeyringFinding(
                    why.reason(), why.field(), keyringFiles.path(name) + ": " + why.message()));
      }
    }
    return new Known(inEffect, stored, lost, wishes(stored, wish));
  }

  private void restore(ResourceName name, Keyring keyring) throws IOException {
    keyringFiles.write(name, keyring);
    LOG.atWarn()
        .addKeyValue("signingSecret", name)
        .addKeyValue("file", keyringFiles.path(name))
        .log(
            "KeyringRestored: the file was deleted, altered or older than the keys in use, and was"
                + " written anew from them. Revoke a key to be rid of it; do not edit the file.");
  }

  /** A denied key is revoked in every plan until its keyring has it so. */
  private Map<ResourceName, List<KeyWish>> wishes(
      Map<ResourceName, Keyring> stored, Map<ResourceName, KeyWish> wish) {
    Collection<KeyDenial> denied = denials.get();
    var wishes = new HashMap<ResourceName, List<KeyWish>>();
    stored.forEach((name, keyring) -> {
      List<KeyWish> all =
          Stream.concat(
                  denied.stream()
                      .filter(denial -> isNews(denial, keyring))
                      .<KeyWish>map(denial -> new KeyWish.Revoke(denial.keyId())),
                  Stream.ofNullable(wish.get(name)))
              .toList();
      if (!all.isEmpty()) {
        wishes.put(name, all);
      }
    });
    return wishes;
  }

  private static boolean isNews(KeyDenial denial, Keyring keyring) {
    return denial.keyringId().equals(keyring.keyringId())
        && keyring.versions().stream()
            .anyMatch(version ->
                version.keyId().equals(denial.keyId()) && version.times().revokedTime() == null);
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
