package dev.posthorn.core.resolve;

import dev.posthorn.core.config.Configuration;
import dev.posthorn.core.config.ResourceName;
import dev.posthorn.core.keyring.Keyring;
import java.util.Map;

/**
 * What is known from before.
 *
 * @param lastGood the configuration in effect: what becomes bad goes on as it was in it
 * @param keyrings as stored, also those whose SigningSecret is gone
 */
public record Known(Configuration lastGood, Map<ResourceName, Keyring> keyrings) {
  /** Nothing: a first start. */
  public static final Known NOTHING = new Known(Configuration.EMPTY, Map.of());

  /** Copies the map. */
  public Known {
    keyrings = Map.copyOf(keyrings);
  }
}
