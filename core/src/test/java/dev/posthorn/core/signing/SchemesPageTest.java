package dev.posthorn.core.signing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.posthorn.crds.SignatureSchemeSpec;
import dev.posthorn.crds.SignatureSchemeSpec.Part;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * {@code docs/schemes.md} is what the descriptors say. Rewritten by one switch, reviewed as a diff.
 */
class SchemesPageTest {
  private static final String REGENERATE = "posthorn.regenerate";
  private static final String COMMAND =
      "mvn -pl core -am test -Dtest=SchemesPageTest -Dsurefire.failIfNoSpecifiedTests=false -D"
          + REGENERATE
          + "=true";
  private static final Path PAGE = Path.of("..", "docs", "schemes.md");

  private static final String HEAD =
      """
      # Signature schemes

      A scheme is a descriptor, not code: what is signed, with which algorithm, and where it stands. This page
      is made from the descriptors. An endpoint names schemes under `signatures`, up to four that share no
      header; a key's text is taken as the column *key* says.

      - *Signed*: `{body}` is the raw body, byte for byte; the rest is text.
      - *Several keys*: during the overlap of a rotation, one signature for each key in force, separated as
        shown. *One*: there is room for one signature; the SigningSecret's `cutover` says by which key.
      - *Time*: how the timestamp is written and how far off it may be, in both directions.
      - *Deduplicate by*: the id that stays the same over all attempts. Every request of ours carries
        `posthorn-event-id` as well.

      """;

  private static final String COLUMNS =
      """
      | scheme | headers | signed | signature | key | several keys | time | deduplicate by |
      | --- | --- | --- | --- | --- | --- | --- | --- |
      """;

  private static final String FILES =
      """

      `none` signs nothing, and stands alone.

      ## In files

      They are manifests in [config/schemes](../config/schemes), each with the source of its facts. In a
      cluster: `kubectl apply -k config/schemes`; with `posthorn run`, copy those you use into the directory;
      `posthorn verify --scheme FILE` takes one as it is.

      """;

  private static final String TAIL =
      """

      A descriptor of your own has the same form: see SignatureScheme in [reference.md](reference.md). It is
      refused when the body is not signed, when it signs placeholders that touch each other (a sender could
      shift bytes from one to the other), when a header's name is not free, and when its two halves disagree.
      """;

  @Test
  void thePageIsWhatTheDescriptorsSay() throws IOException {
    var builtIn = Schemes.BUILT_IN.names().stream().filter(name -> !name.equals("none")).toList();
    String page =
        HEAD + "## Built in\n\n" + table(builtIn) + FILES + table(Schemes.shipped()) + TAIL;
    if (Boolean.getBoolean(REGENERATE)) {
      Files.writeString(PAGE, page);
    }
    assertThat(PAGE).as("regenerate with: " + COMMAND).exists().content().isEqualTo(page);
  }

  private static String table(Collection<String> names) {
    return COLUMNS + names.stream().map(SchemesPageTest::row).collect(Collectors.joining());
  }

  private static String row(String name) {
    SignatureSchemeSpec spec = name.contains(".") ? Schemes.spec(name) : BuiltInSchemes.spec(name);
    boolean signs = !spec.headers().isEmpty();
    return List.of(
            code(name) + (signs ? "" : ", verify only"),
            signs ? sent(spec) : received(spec),
            code(spec.content()),
            spec.algorithm() + ", " + encoding(spec),
            key(spec.key()),
            severalKeys(spec),
            time(spec),
            id(spec))
        .stream()
        .collect(Collectors.joining(" | ", "| ", " |\n"));
  }

  private static String sent(SignatureSchemeSpec spec) {
    return spec.headers().stream()
        .map(header ->
            header.name() + ": " + header.value().replace("{signatures}", spec.signature().item()))
        .map(SchemesPageTest::code)
        .collect(Collectors.joining("<br>"));
  }

  private static String received(SignatureSchemeSpec spec) {
    var verify = Objects.requireNonNull(spec.verify());
    var signature = verify.signature();
    String line = signature.header() + ": " + text(signature.itemPrefix()) + "{signature}";
    Part time = verify.timestamp();
    return code(line)
        + (time == null || time.header() == null
            ? ""
            : "<br>" + code(time.header() + ": {timestamp}"));
  }

  private static String encoding(SignatureSchemeSpec spec) {
    return switch (spec.signature().encoding()) {
      case HexLower -> "hex in lower case";
      case Base64 -> "base64";
    };
  }

  private static String key(SignatureSchemeSpec.Key key) {
    String after =
        key.stripPrefixes().isEmpty()
            ? ""
            : key.stripPrefixes().stream()
                .map(SchemesPageTest::code)
                .collect(Collectors.joining(" or ", " after ", ""));
    return switch (key.encoding()) {
      case Utf8 -> "the whole text";
      case Base64 -> "base64" + after;
      case Hex -> "hex" + after;
      case Spki -> "public key, PEM or base64";
    };
  }

  private static String severalKeys(SignatureSchemeSpec spec) {
    var verify = Objects.requireNonNull(spec.verify());
    String separator = verify.signature().separator();
    if (spec.headers().isEmpty()) {
      return separator == null ? "one" : code(separator);
    }
    return switch (spec.signature().keys()) {
      case AllValid -> code(spec.signature().separator());
      case Single -> "one";
    };
  }

  private static String time(SignatureSchemeSpec spec) {
    var timestamp = spec.timestamp();
    if (timestamp == null) {
      return "none";
    }
    return timestamp.format() + ", " + timestamp.toleranceSeconds() + " s";
  }

  private static String id(SignatureSchemeSpec spec) {
    Part id = Objects.requireNonNull(spec.verify()).id();
    if (id == null) {
      return "none";
    }
    return id.header() == null ? code(text(id.jsonPointer())) + " in the body" : code(id.header());
  }

  private static String text(@Nullable String value) {
    return value == null ? "" : value;
  }

  /** A single space would be lost. */
  private static String code(String text) {
    return text.equals(" ") ? "a space" : "`" + text.replace("|", "\\|") + "`";
  }
}
