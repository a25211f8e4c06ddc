package dev.posthorn.core.signing;

import com.fasterxml.jackson.core.JsonPointer;
import dev.posthorn.core.signing.Source.InBody;
import dev.posthorn.core.signing.Source.InHeader;
import dev.posthorn.crds.SignatureSchemeSpec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Turns one descriptor into a {@link Scheme}, or into the list of all that is wrong with it. */
final class SchemeCompiler {
  private static final Set<Placeholder> IN_CONTENT =
      EnumSet.complementOf(EnumSet.of(Placeholder.SIGNATURE, Placeholder.SIGNATURES));
  private static final Set<Placeholder> IN_HEADER =
      EnumSet.complementOf(EnumSet.of(Placeholder.SIGNATURE, Placeholder.BODY));
  private static final Set<Placeholder> IN_ITEM = EnumSet.of(Placeholder.SIGNATURE);

  private final SignatureSchemeSpec spec;
  private final boolean builtIn;
  private final List<SchemeFinding> findings = new ArrayList<>();

  private SchemeCompiler(SignatureSchemeSpec spec, boolean builtIn) {
    this.spec = spec;
    this.builtIn = builtIn;
  }

  /**
   * {@code builtIn} lets {@code wss} join timestamp and body, as its users fixed it long ago: its
   * timestamp has a fixed form.
   */
  static SchemeReading compile(SignatureSchemeSpec spec, boolean builtIn) {
    return new SchemeCompiler(spec, builtIn).compile();
  }

  private SchemeReading compile() {
    required();
    if (!findings.isEmpty()) {
      return new SchemeReading.Refused(findings);
    }
    Template content = content();
    Optional<TimestampForm> timestamp =
        Optional.ofNullable(spec.timestamp()).map(SchemeCompiler::timestamp);
    boolean signs = !spec.headers().isEmpty();
    if (!signs && spec.verify() == null) {
      refuse("headers", "give headers to sign, verify to verify, or both");
    }
    Optional<Signing> signing = signs ? Optional.of(signing(content, timestamp)) : Optional.empty();
    Optional<Verifying> verifying =
        Optional.ofNullable(spec.verify()).map(verify -> verifying(verify, content, timestamp));
    KeyForm keyForm = keyForm();
    if (!findings.isEmpty()) {
      return new SchemeReading.Refused(findings);
    }
    var scheme = new Scheme(keyForm, signing, verifying);
    return SelfTest.complaint(scheme, verifying)
        .<SchemeReading>map(finding -> new SchemeReading.Refused(List.of(finding)))
        .orElseGet(() -> new SchemeReading.Compiled(scheme));
  }

  /** A descriptor that no schema has checked may lack what its type promises. */
  private void required() {
    require("algorithm", spec.algorithm());
    require("key", spec.key());
    require("content", spec.content());
    require("signature", spec.signature());
    if (findings.isEmpty()) {
      require("key.encoding", spec.key().encoding());
      require("signature.encoding", spec.signature().encoding());
    }
    if (spec.verify() != null) {
      require("verify.signature", spec.verify().signature());
    }
    for (int i = 0; i < spec.headers().size(); i++) {
      require("headers[" + i + "].name", spec.headers().get(i).name());
      require("headers[" + i + "].value", spec.headers().get(i).value());
    }
  }

  private void require(String field, @Nullable Object value) {
    if (Objects.isNull(value)) {
      refuse(field, "is required");
    }
  }

  private Template content() {
    Template content = template("content", spec.content(), IN_CONTENT);
    if (!content.uses(Placeholder.BODY) && !content.uses(Placeholder.BODY_SHA256_HEX)) {
      refuse(
          "content",
          "must contain {body} or {bodySha256Hex}: otherwise the body is not signed at all");
    }
    if (!builtIn && !spec.headers().isEmpty()) {
      content
          .shiftable()
          .ifPresent(pair ->
              refuse(
                  "content",
                  pair
                      + " stand side by side, so a sender could shift bytes from one to the"
                      + " other: put a literal between them, or leave out headers to verify"
                      + " only"));
    }
    if (content.uses(Placeholder.TIMESTAMP) && spec.timestamp() == null) {
      refuse("timestamp", "content has {timestamp}: say its form in timestamp");
    }
    return content;
  }

  private Template template(String field, String text, Set<Placeholder> allowed) {
    return Template.parse(text, allowed, problem -> refuse(field, problem));
  }

  private static TimestampForm timestamp(SignatureSchemeSpec.Timestamp timestamp) {
    var format =
        switch (timestamp.format()) {
          case UnixSeconds -> TimestampForm.Format.UNIX_SECONDS;
          case UnixMillis -> TimestampForm.Format.UNIX_MILLIS;
          case Rfc3339 -> TimestampForm.Format.RFC3339;
        };
    return new TimestampForm(format, Duration.ofSeconds(timestamp.toleranceSeconds()));
  }

  private KeyForm keyForm() {
    Algorithm algorithm = algorithm();
    KeyForm.Encoding encoding =
        switch (spec.key().encoding()) {
          case Utf8 -> KeyForm.Encoding.UTF8;
          case Base64 -> KeyForm.Encoding.BASE64;
          case Hex -> KeyForm.Encoding.HEX;
          case Spki -> KeyForm.Encoding.SPKI;
        };
    if ((encoding == KeyForm.Encoding.SPKI) != (algorithm == Algorithm.ECDSA_P256_SHA256)) {
      refuse("key.encoding", "Spki goes with EcdsaP256Sha256, and only with it: choose another");
    }
    return new KeyForm(algorithm, encoding, spec.key().stripPrefixes());
  }

  private Algorithm algorithm() {
    return switch (spec.algorithm()) {
      case HmacSha256 -> Algorithm.HMAC_SHA256;
      case HmacSha512 -> Algorithm.HMAC_SHA512;
      case Ed25519 -> Algorithm.ED25519;
      case HmacSha1 -> Algorithm.HMAC_SHA1;
      case EcdsaP256Sha256 -> Algorithm.ECDSA_P256_SHA256;
    };
  }

  private TextForm textForm() {
    return switch (spec.signature().encoding()) {
      case HexLower -> TextForm.HEX_LOWER;
      case Base64 -> TextForm.BASE64;
    };
  }

  private Signing signing(Template content, Optional<TimestampForm> timestamp) {
    if (!algorithm().signs()) {
      refuse("algorithm", algorithm().title() + " only verifies: leave out headers");
    }
    Template item = template("signature.item", spec.signature().item(), IN_ITEM);
    if (!item.uses(Placeholder.SIGNATURE)) {
      refuse("signature.item", "must contain {signature}");
    }
    visible("signature.item", spec.signature().item());
    visible("signature.separator", spec.signature().separator());
    return new Signing(
        content,
        timestamp,
        textForm(),
        item,
        spec.signature().separator(),
        spec.signature().keys() == SignatureSchemeSpec.Keys.Single,
        headers());
  }

  private List<Signing.Line> headers() {
    var lines = new ArrayList<Signing.Line>();
    for (int i = 0; i < spec.headers().size(); i++) {
      String field = "headers[" + i + "]";
      SignatureSchemeSpec.Header header = spec.headers().get(i);
      HeaderRules.complaint(header.name(), lines)
          .ifPresent(problem -> refuse(field + ".name", problem));
      visible(field + ".value", header.value());
      Template value = template(field + ".value", header.value(), IN_HEADER);
      if (value.uses(Placeholder.TIMESTAMP) && spec.timestamp() == null) {
        refuse("timestamp", field + ".value has {timestamp}: say its form in timestamp");
      }
      lines.add(new Signing.Line(header.name(), value));
    }
    if (lines.stream().noneMatch(line -> line.value().uses(Placeholder.SIGNATURES))) {
      refuse("headers", "no header carries {signatures}: a receiver could not verify");
    }
    return List.copyOf(lines);
  }

  private void visible(String field, String text) {
    if (text.chars().anyMatch(c -> (c < ' ' && c != '\t') || c >= 0x7f)) {
      refuse(field, "holds a line break, a control character or a letter beyond ASCII: remove it");
    }
  }

  private Verifying verifying(
      SignatureSchemeSpec.Verify verify, Template content, Optional<TimestampForm> timestamp) {
    var signature = verify.signature();
    require("verify.signature.header", signature.header());
    if (content.uses(Placeholder.ID) && verify.id() == null) {
      refuse("verify.id", "content has {id}: say where a request holds it");
    }
    if (timestamp.isPresent() != (verify.timestamp() != null)) {
      refuse(
          "verify.timestamp",
          timestamp.isPresent()
              ? "is needed to check the tolerance: say where a request holds the timestamp"
              : "needs its form: say it in timestamp");
    }
    return new Verifying(
        content,
        textForm(),
        inHeader(signature.header(), signature.separator(), signature.itemPrefix()),
        timestamp,
        source("verify.timestamp", verify.timestamp()),
        source("verify.id", verify.id()));
  }

  private Optional<Source> source(String field, SignatureSchemeSpec.@Nullable Part part) {
    if (part == null) {
      return Optional.empty();
    }
    String pointer = part.jsonPointer();
    String header = part.header();
    if ((pointer == null) == (header == null)) {
      refuse(field, "give exactly one of header and jsonPointer");
      return Optional.empty();
    }
    if (header != null) {
      return Optional.of(inHeader(header, part.separator(), part.itemPrefix()));
    }
    if (pointer == null || !pointer.startsWith("/")) {
      refuse(field + ".jsonPointer", "must start with /, as /event/id");
      return Optional.empty();
    }
    return Optional.of(new InBody(JsonPointer.compile(pointer)));
  }

  private static InHeader inHeader(
      String name, @Nullable String separator, @Nullable String itemPrefix) {
    return new InHeader(
        name,
        Objects.requireNonNullElse(separator, ""),
        Objects.requireNonNullElse(itemPrefix, ""));
  }

  private void refuse(String field, String message) {
    findings.add(new SchemeFinding(field, message));
  }
}
