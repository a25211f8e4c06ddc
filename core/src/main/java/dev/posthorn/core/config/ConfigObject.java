package dev.posthorn.core.config;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;

/**
 * The kinds of config objects and where a cluster keeps them: one Secret each in the Dispatcher's
 * namespace, which holds nothing else but the operator's own.
 */
public enum ConfigObject {
  /** An {@link EndpointConfig}. */
  ENDPOINT("endpoint"),
  /** A {@link KeysConfig}. */
  KEYS("keys"),
  /** A source. */
  SOURCE("source"),
  /** A {@link StreamConfig}. */
  STREAM("stream"),
  /** A {@link SchemeConfig}; its name has no namespace. */
  SCHEME("scheme"),
  /** The {@link DispatcherSettings}, under the name of the Dispatcher. */
  SETTINGS("settings");

  /** The label whose value is the {@link #word}. */
  public static final String LABEL = "posthorn.dev/config";

  /** The type of the Secrets. */
  public static final String TYPE = "posthorn.dev/config";

  /** The entry that holds {@link ConfigJson}. */
  public static final String ENTRY = "config.json";

  /** The entry of the settings by which a dispatcher knows the operator: a random text. */
  public static final String TOKEN_ENTRY = "operator-token";

  private static final int NAME_DIGITS = 20;

  private final String word;

  ConfigObject(String word) {
    this.word = word;
  }

  /** As labels and names spell it. */
  public String word() {
    return word;
  }

  /** The kind that a label's value names. */
  public static Optional<ConfigObject> of(String word) {
    return Arrays.stream(values()).filter(kind -> kind.word.equals(word)).findFirst();
  }

  /** The name of the Secret that holds the config object of {@code source}. */
  public String secretName(ResourceName source) {
    return this == SETTINGS ? source.name() + "-settings" : word + "-" + digits(source);
  }

  private static String digits(ResourceName source) {
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256")
              .digest(source.toString().getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(hash).substring(0, NAME_DIGITS);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
