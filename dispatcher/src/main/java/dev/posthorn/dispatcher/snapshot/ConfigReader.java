package dev.posthorn.dispatcher.snapshot;

import dev.posthorn.core.config.ConfigJson;
import dev.posthorn.core.config.ConfigObject;
import dev.posthorn.core.config.DispatcherSettings;
import dev.posthorn.core.config.EndpointConfig;
import dev.posthorn.core.config.KeysConfig;
import dev.posthorn.core.config.ResourceName;
import dev.posthorn.core.config.SchemeConfig;
import dev.posthorn.core.config.StreamConfig;
import dev.posthorn.core.expression.Expressions;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Reads a config object out of its Secret. What it refuses it explains without a word of the
 * content, which holds credentials.
 */
final class ConfigReader {
  private static final int LONGEST_TOKEN = 1_024;

  private final ConfigCheck check;
  private final String dispatcher;

  /** What came of reading a Secret. */
  sealed interface Reading {
    /**
     * A config object; {@code toString} shows no content.
     *
     * @param kind what it is
     * @param config an object of the class that the kind names
     * @param operatorToken of settings: by which the operator is known; else null
     */
    record Read(ConfigObject kind, Record config, @Nullable String operatorToken)
        implements Reading {
      @Override
      public String toString() {
        return "Read[" + kind + "]";
      }
    }

    /**
     * None that can be used.
     *
     * @param error what is wrong, without a quotation
     */
    record Refused(String error) implements Reading {}
  }

  /**
   * A reader for one Dispatcher.
   *
   * @param dispatcher its name: settings of another one are refused
   */
  ConfigReader(Expressions expressions, String dispatcher) {
    this.check = new ConfigCheck(expressions);
    this.dispatcher = dispatcher;
  }

  Reading read(ConfigSecret secret) {
    if (!ConfigObject.TYPE.equals(secret.type())) {
      return new Reading.Refused("the Secret's type is not " + ConfigObject.TYPE);
    }
    Optional<ConfigObject> kind =
        Optional.ofNullable(secret.word()).flatMap(ConfigObject::of).filter(ConfigReader::built);
    if (kind.isEmpty()) {
      return new Reading.Refused("this version knows no such kind of config object");
    }
    Optional<byte[]> json = entry(secret, ConfigObject.ENTRY, ConfigJson.MAX_BYTES);
    return json.isEmpty()
        ? new Reading.Refused(
            "the entry "
                + ConfigObject.ENTRY
                + " is missing, unreadable or over "
                + ConfigJson.MAX_BYTES
                + " bytes")
        : read(secret, kind.get(), json.get());
  }

  private static boolean built(ConfigObject kind) {
    return kind != ConfigObject.SOURCE;
  }

  private Reading read(ConfigSecret secret, ConfigObject kind, byte[] json) {
    Optional<? extends Record> read = ConfigJson.read(json, type(kind));
    if (read.isEmpty()) {
      return new Reading.Refused("the entry " + ConfigObject.ENTRY + " is no config of its kind");
    }
    Record config = read.get();
    Optional<String> missing = Completeness.missing(config);
    if (missing.isPresent()) {
      return new Reading.Refused("the config lacks " + missing.get());
    }
    if (!kind.secretName(source(config)).equals(secret.name())) {
      return new Reading.Refused("the config belongs into a Secret of another name");
    }
    return check
        .error(config)
        .<Reading>map(Reading.Refused::new)
        .orElseGet(() -> new Reading.Read(kind, config, token(secret)));
  }

  private static Class<? extends Record> type(ConfigObject kind) {
    return switch (kind) {
      case ENDPOINT -> EndpointConfig.class;
      case KEYS -> KeysConfig.class;
      case STREAM -> StreamConfig.class;
      case SCHEME -> SchemeConfig.class;
      case SETTINGS -> DispatcherSettings.class;
      case SOURCE -> throw new IllegalArgumentException("sources are not built");
    };
  }

  private ResourceName source(Record config) {
    return switch (config) {
      case EndpointConfig endpoint -> endpoint.name();
      case KeysConfig keys -> keys.name();
      case StreamConfig stream -> stream.name();
      case SchemeConfig scheme -> new ResourceName("", scheme.name());
      default -> new ResourceName("", dispatcher);
    };
  }

  private static @Nullable String token(ConfigSecret secret) {
    return entry(secret, ConfigObject.TOKEN_ENTRY, LONGEST_TOKEN)
        .map(bytes -> new String(bytes, StandardCharsets.UTF_8).strip())
        .filter(token -> !token.isEmpty())
        .orElse(null);
  }

  private static Optional<byte[]> entry(ConfigSecret secret, String name, int most) {
    try {
      return Optional.ofNullable(secret.data().get(name))
          .map(text -> Base64.getDecoder().decode(text))
          .filter(bytes -> bytes.length <= most);
    } catch (IllegalArgumentException unreadable) {
      return Optional.empty();
    }
  }
}
