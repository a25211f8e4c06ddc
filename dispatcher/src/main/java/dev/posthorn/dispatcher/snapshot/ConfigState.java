package dev.posthorn.dispatcher.snapshot;

import dev.posthorn.core.config.ConfigObject;
import dev.posthorn.core.config.Configuration;
import dev.posthorn.core.config.DispatcherSettings;
import dev.posthorn.core.config.EndpointConfig;
import dev.posthorn.core.config.KeysConfig;
import dev.posthorn.core.config.ResourceName;
import dev.posthorn.core.config.SchemeConfig;
import dev.posthorn.core.config.StreamConfig;
import dev.posthorn.dispatcher.snapshot.ConfigReader.Reading;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What became of all config objects seen so far: for each the last good record, and what is wrong
 * with its present one. Decides only; immutable.
 */
final class ConfigState {
  /** Nothing was seen yet. */
  static final ConfigState EMPTY = new ConfigState(Map.of(), Map.of(), null);

  /** An object whose present content is not in effect, and why. */
  record Rejection(String object, String error) {}

  /**
   * @param version of the Secret that was read last
   * @param good what is in effect; null for nothing
   * @param error what is wrong with that version; null for nothing
   */
  private record Entry(String version, Reading.@Nullable Read good, @Nullable String error) {}

  private final Map<String, Entry> entries;

  /** The highest revision of each keyring, also once its object is gone. */
  private final Map<String, Long> revisions;

  /** The last good ones: they stay in effect when their object goes. */
  private final Reading.@Nullable Read settings;

  private ConfigState(
      Map<String, Entry> entries, Map<String, Long> revisions, Reading.@Nullable Read settings) {
    this.entries = Collections.unmodifiableMap(entries);
    this.revisions = Collections.unmodifiableMap(revisions);
    this.settings = settings;
  }

  /**
   * The state when {@code present} is all there is.
   *
   * @param reader reads those that are new or changed; others are not touched
   */
  ConfigState with(Collection<ConfigSecret> present, ConfigReader reader) {
    var next = new TreeMap<String, Entry>();
    var revised = new HashMap<>(revisions);
    for (ConfigSecret secret : present) {
      Entry known = entries.get(secret.name());
      next.put(
          secret.name(),
          known != null && known.version().equals(secret.version())
              ? known
              : entry(secret, known, reader.read(secret), revised));
    }
    Reading.Read found =
        next.values().stream()
            .map(Entry::good)
            .filter(good -> good != null && good.kind() == ConfigObject.SETTINGS)
            .findFirst()
            .orElse(settings);
    return new ConfigState(next, revised, found);
  }

  private static Entry entry(
      ConfigSecret secret, @Nullable Entry known, Reading reading, Map<String, Long> revisions) {
    Reading.Read former = known == null ? null : known.good();
    return switch (reading) {
      case Reading.Refused(String error) -> new Entry(secret.version(), former, error);
      case Reading.Read read when revert(read, revisions) ->
          new Entry(
              secret.version(),
              former,
              "the keyring has a lower revision than one seen before; the higher one stays");
      case Reading.Read read -> new Entry(secret.version(), read, null);
    };
  }

  /** A leader that was paused may write what it knew: it must not undo a revocation. */
  private static boolean revert(Reading.Read read, Map<String, Long> revisions) {
    if (!(read.config() instanceof KeysConfig keys)) {
      return false;
    }
    long revision = keys.keyring().revision();
    return revisions.merge(keys.keyring().keyringId(), revision, Math::max) > revision;
  }

  /** The configuration; empty as long as there were no settings. */
  Optional<Configuration> configuration() {
    if (settings == null || !(settings.config() instanceof DispatcherSettings dispatcher)) {
      return Optional.empty();
    }
    var endpoints = new HashMap<ResourceName, EndpointConfig>();
    var keys = new HashMap<ResourceName, KeysConfig>();
    var streams = new HashMap<ResourceName, StreamConfig>();
    var schemes = new HashMap<String, SchemeConfig>();
    for (Entry entry : entries.values()) {
      switch (entry.good() == null ? null : entry.good().config()) {
        case EndpointConfig each -> endpoints.put(each.name(), each);
        case KeysConfig each -> keys.put(each.name(), each);
        case StreamConfig each -> streams.put(each.name(), each);
        case SchemeConfig each -> schemes.put(each.name(), each);
        case null, default -> {}
      }
    }
    return Optional.of(new Configuration(dispatcher, endpoints, keys, streams, schemes));
  }

  /** The text by which the operator is known; null as long as there is none. */
  @Nullable String operatorToken() {
    return settings == null ? null : settings.operatorToken();
  }

  /** What is not in effect as it is written now, by name. */
  List<Rejection> rejected() {
    return entries.entrySet().stream()
        .filter(each -> each.getValue().error() != null)
        .map(each -> new Rejection(each.getKey(), String.valueOf(each.getValue().error())))
        .toList();
  }
}
