package dev.posthorn.operator.reconcile;

import dev.posthorn.core.config.ResourceName;
import dev.posthorn.core.keyring.Keyring;
import dev.posthorn.core.keyring.KeyringFinding;
import dev.posthorn.core.keyring.KeyringRecovery;
import dev.posthorn.core.keyring.KeyringRecovery.Bootstrap;
import dev.posthorn.crds.SigningSecret;
import dev.posthorn.crds.SigningSecretSpec.DeletionPolicy;
import dev.posthorn.operator.cluster.Keyrings;
import dev.posthorn.operator.cluster.Live;
import dev.posthorn.operator.cluster.Names;
import dev.posthorn.operator.cluster.Occurrences;
import dev.posthorn.operator.cluster.VerificationSecrets;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.Secret;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Where the keys of SigningSecrets live: found, healed, stored. Thread-safe; blocks. */
final class KeyringHome {
  private final Keyrings keyrings;
  private final Live live;
  private final Occurrences occurrences;
  private final Bootstrap bootstrap;

  KeyringHome(Keyrings keyrings, Live live, Occurrences occurrences, Bootstrap bootstrap) {
    this.keyrings = keyrings;
    this.live = live;
    this.occurrences = occurrences;
    this.bootstrap = bootstrap;
  }

  /** What there is to plan from. */
  sealed interface Recovered {
    /**
     * Something, or nothing yet.
     *
     * @param keyring null: a first key may be made
     * @param secret that holds it; null where it has to be made
     */
    record Found(@Nullable Keyring keyring, @Nullable Secret secret) implements Recovered {}

    /** Nothing, and none may be made. */
    record Lost(KeyringFinding why) implements Recovered {}
  }

  /**
   * Finds the keys, and stores them again from {@code copy} where they were altered, deleted or set
   * back by hand.
   *
   * @param copy that dispatchers sign with; null if none does
   */
  Recovered recover(SigningSecret secret, @Nullable Keyring copy, Instant now) {
    ResourceName name = Names.of(secret);
    Optional<Secret> stored = keyrings.find(name);
    return switch (KeyringRecovery.decide(
        stored.map(Keyrings::read).orElse(null), copy, bootstrap)) {
      case KeyringRecovery.Use(Keyring keyring) ->
          new Recovered.Found(keyring, stored.orElse(null));
      case KeyringRecovery.Lost(KeyringFinding why) -> new Recovered.Lost(why);
      case KeyringRecovery.Restore(Keyring keyring) -> {
        keyrings.store(name, keyring, stored.orElse(null), owner(secret));
        occurrences.record(
            secret,
            Occurrences.Type.Warning,
            "KeyringRestored",
            "Restore",
            "Secret "
                + Names.keyring(name).name()
                + " was deleted, altered or older than the keys in use, and was written anew from"
                + " them. Revoke a key to be rid of it; do not edit the Secret.",
            now);
        yield new Recovered.Found(keyring, keyrings.find(name).orElse(null));
      }
    };
  }

  /**
   * Stores a keyring as planned, if that is not stored already.
   *
   * @param found what it was planned from
   * @return false where the SigningSecret is gone: then nothing is made for it
   */
  boolean store(SigningSecret secret, Keyring planned, Recovered.Found found) {
    OwnerReference owner = owner(secret);
    Secret stored = found.secret();
    Keyring keyring = found.keyring();
    if (stored != null
        && keyring != null
        && keyring.revision() == planned.revision()
        && Keyrings.owned(stored, owner)) {
      return true;
    }
    if (stored == null && !live.exists(secret)) {
      return false;
    }
    keyrings.store(Names.of(secret), planned, stored, owner);
    return true;
  }

  /** With {@code Retain} nobody owns the keys: an object of the same name finds them again. */
  private static @Nullable OwnerReference owner(SigningSecret secret) {
    boolean delete =
        secret.getSpec() != null && secret.getSpec().deletionPolicy() == DeletionPolicy.Delete;
    return delete ? VerificationSecrets.owner(secret) : null;
  }
}
