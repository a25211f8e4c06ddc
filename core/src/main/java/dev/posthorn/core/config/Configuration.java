package dev.posthorn.core.config;

import java.util.Collection;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/**
 * All config objects of a dispatcher at one instant: what its snapshot is made from. Immutable;
 * every map iterates in the order of its keys.
 *
 * @param settings of the whole dispatcher
 * @param endpoints by name
 * @param keys by the name of their SigningSecret
 * @param streams by name
 * @param schemes by name; the user's own
 */
public record Configuration(
    DispatcherSettings settings,
    Map<ResourceName, EndpointConfig> endpoints,
    Map<ResourceName, KeysConfig> keys,
    Map<ResourceName, StreamConfig> streams,
    Map<String, SchemeConfig> schemes) {
  /** Nothing declared: the defaults, no endpoint. */
  public static final Configuration EMPTY =
      new Configuration(DispatcherSettings.DEFAULT, Map.of(), Map.of(), Map.of(), Map.of());

  /** Copies and sorts the maps. */
  public Configuration {
    endpoints = sorted(endpoints);
    keys = sorted(keys);
    streams = sorted(streams);
    schemes = sorted(schemes);
  }

  /** The same, without the keys that are denied. */
  public Configuration without(Collection<KeyDenial> denials) {
    if (denials.isEmpty()) {
      return this;
    }
    var allowed = new TreeMap<ResourceName, KeysConfig>();
    keys.forEach((name, each) -> allowed.put(name, each.without(denials)));
    return new Configuration(settings, endpoints, allowed, streams, schemes);
  }

  private static <K extends Comparable<K>, V> Map<K, V> sorted(Map<K, V> map) {
    return Collections.unmodifiableMap(new TreeMap<>(map));
  }
}
