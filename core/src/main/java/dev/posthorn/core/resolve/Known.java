package dev.posthorn.core.resolve;

import dev.posthorn.core.config.Configuration;
import dev.posthorn.core.config.ResourceName;
import dev.posthorn.core.keyring.KeyWish;
import dev.posthorn.core.keyring.Keyring;
import dev.posthorn.core.keyring.KeyringFinding;
import java.util.List;
import java.util.Map;

/**
 * What is known from before.
 *
 * @param lastGood the configuration in effect: what becomes bad goes on as it was in it
 * @param keyrings as stored, also those whose SigningSecret is gone
 * @param lost keyrings that are there but cannot be used, and why
 * @param wishes about keys, beside those of the SigningSecrets; for this resolution
 */
public record Known(
    Configuration lastGood,
    Map<ResourceName, Keyring> keyrings,
    Map<ResourceName, KeyringFinding> lost,
    Map<ResourceName, List<KeyWish>> wishes) {
  /** Nothing: a first start. */
  public static final Known NOTHING = new Known(Configuration.EMPTY, Map.of());

  /** Copies the maps. */
  public Known {
    keyrings = Map.copyOf(keyrings);
    lost = Map.copyOf(lost);
    wishes = Map.copyOf(wishes);
  }

  /** With all keyrings, without wishes but those of the SigningSecrets. */
  public Known(Configuration lastGood, Map<ResourceName, Keyring> keyrings) {
    this(lastGood, keyrings, Map.of(), Map.of());
  }
}
