package dev.posthorn.core.resolve;

import dev.posthorn.core.config.Configuration;
import dev.posthorn.core.config.ResourceName;
import dev.posthorn.core.keyring.KeyWish;
import dev.posthorn.core.keyring.Keyring;
import java.util.List;
import java.util.Map;

/**
 * What is known from before.
 *
 * @param lastGood the configuration in effect: what becomes bad goes on as it was in it
 * @param keyrings as stored, also those whose SigningSecret is gone
 * @param wishes about keys, beside those of the SigningSecrets; for this resolution
 */
public record Known(
    Configuration lastGood,
    Map<ResourceName, Keyring> keyrings,
    Map<ResourceName, List<KeyWish>> wishes) {
  /** Nothing: a first start. */
  public static final Known NOTHING = new Known(Configuration.EMPTY, Map.of());

  /** Copies the maps. */
  public Known {
    keyrings = Map.copyOf(keyrings);
    wishes = Map.copyOf(wishes);
  }

  /** Without wishes but those of the SigningSecrets. */
  public Known(Configuration lastGood, Map<ResourceName, Keyring> keyrings) {
    this(lastGood, keyrings, Map.of());
  }
}
