package dev.posthorn.core.signing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.posthorn.crds.SignatureSchemeSpec;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The schemes whose names have no dot: descriptors that live in the program, so that upgrades can
 * mend them. Immutable; load once and share.
 */
public final class BuiltInSchemes {
  /** Signs nothing; it is the only scheme that no descriptor can express. */
  private static final String NONE = "none";

  private static final YAMLMapper YAML = new YAMLMapper();

  private static final List<String> DESCRIBED =
      List.of(
          "standard-webhooks",
          "standard-webhooks-ed25519",
          "svix",
          "stripe",
          "github",
          "shopify",
          "slack",
          "meeva",
          "wss",
          "wss-iso8601",
          "convoy",
          "hex",
          "base64",
          "pagerduty",
          "sendgrid");

  private final Map<String, Scheme> byName;

  private BuiltInSchemes(Map<String, Scheme> byName) {
    this.byName = byName;
  }

  /** Compiles all of them; throws {@link IllegalStateException} if the program is incomplete. */
  public static BuiltInSchemes load() {
    var byName = new TreeMap<String, Scheme>();
    for (String name : DESCRIBED) {
      byName.put(name, compiled(name));
    }
    byName.put(NONE, Scheme.unsigned());
    return new BuiltInSchemes(byName);
  }

  /** In alphabetical order. */
  public List<String> names() {
    return List.copyOf(byName.keySet());
  }

  /** The scheme called {@code name}, or a finding that lists those there are. */
  public SchemeReading find(String name) {
    Scheme scheme = byName.get(name);
    if (scheme != null) {
      return new SchemeReading.Compiled(scheme);
    }
    return new SchemeReading.Refused(
        List.of(
            new SchemeFinding(
                "scheme",
                "\""
                    + name
                    + "\" is not built in: use one of "
                    + String.join(", ", names())
                    + ", or a SignatureScheme of your own, whose name has a dot")));
  }

  private static Scheme compiled(String name) {
    return switch (SchemeCompiler.compile(spec(name), true)) {
      case SchemeReading.Compiled compiled -> compiled.scheme();
      case SchemeReading.Refused refused ->
          throw new IllegalStateException("built-in scheme " + name + ": " + refused.findings());
    };
  }

  /** The descriptor of a scheme other than {@code none}. */
  static SignatureSchemeSpec spec(String name) {
    try (InputStream file = BuiltInSchemes.class.getResourceAsStream(name + ".yaml")) {
      if (file == null) {
        throw new IllegalStateException("built-in scheme " + name + " is missing in the program");
      }
      JsonNode manifest = YAML.readTree(file);
      return YAML.treeToValue(manifest.get("spec"), SignatureSchemeSpec.class);
    } catch (IOException e) {
      throw new UncheckedIOException("built-in scheme " + name, e);
    }
  }
}
