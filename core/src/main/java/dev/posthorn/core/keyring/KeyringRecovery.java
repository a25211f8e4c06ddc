package dev.posthorn.core.keyring;

import dev.posthorn.crds.Reason;
import org.jspecify.annotations.Nullable;

/**
 * What to plan from, when a stored keyring may have been altered, deleted or replaced by an older
 * one. Never silently new keys: receivers would refuse everything.
 */
public sealed interface KeyringRecovery {
  /** The stored one, or null where there never was one and a first key may be made. */
  record Use(@Nullable Keyring keyring) implements KeyringRecovery {}

  /** The copy that the dispatcher signs with; it must be stored again. */
  record Restore(Keyring keyring) implements KeyringRecovery {}

  /** There is nothing to plan from; {@code why} names the cure. */
  record Lost(KeyringFinding why) implements KeyringRecovery {}

  /** Whether a keyring that is not there may be made. */
  enum Bootstrap {
    /** A first key is made. */
    GENERATE,
    /** It has to be restored: disaster recovery, where new keys would break every receiver. */
    REQUIRE
  }

  /**
   * Decides.
   *
   * @param stored null where there is none
   * @param copy that the dispatcher signs with; null where it has none
   */
  static KeyringRecovery decide(
      @Nullable KeyringReading stored, @Nullable Keyring copy, Bootstrap bootstrap) {
    return switch (stored) {
      case KeyringReading.Intact(Keyring keyring) ->
          copy != null && isOlder(keyring, copy) ? new Restore(copy) : new Use(keyring);
      case KeyringReading.Damaged(KeyringFinding finding) ->
          copy != null ? new Restore(copy) : new Lost(finding);
      case null -> absent(copy, bootstrap);
    };
  }

  private static KeyringRecovery absent(@Nullable Keyring copy, Bootstrap bootstrap) {
    if (copy != null) {
      return new Restore(copy);
    }
    return bootstrap == Bootstrap.GENERATE
        ? new Use(null)
        : new Lost(
            new KeyringFinding(
                Reason.KeyringMissing,
                "keyring.json",
                "there is no keyring and none may be made: restore it from a backup, or allow"
                    + " first keys again"));
  }

  /** An old backup of the same keyring. */
  private static boolean isOlder(Keyring stored, Keyring copy) {
    return stored.keyringId().equals(copy.keyringId()) && stored.revision() < copy.revision();
  }
}
