package dev.posthorn.core.signing;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.posthorn.crds.SignatureSchemeSpec;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SchemeCompilerTest {
  private static final String VALID =
      """
      algorithm: HmacSha256
      key: {encoding: Utf8}
      content: "{id}.{timestamp}.{body}"
      timestamp: {format: UnixSeconds, toleranceSeconds: 300}
      signature: {encoding: Base64, item: "v1,{signature}", separator: " ", keys: AllValid}
      headers:
        - {name: x-id, value: "{id}"}
        - {name: x-time, value: "{timestamp}"}
        - {name: x-signature, value: "{signatures}"}
      verify:
        signature: {header: x-signature, separator: " ", itemPrefix: "v1,"}
        timestamp: {header: x-time}
        id: {header: x-id}
      """;

  @Test
  void aWholeDescriptorCompiles() throws IOException {
    assertThat(Scheme.compile(spec(VALID))).isInstanceOf(SchemeReading.Compiled.class);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "content|{id}.{timestamp}|content|must contain {body} or {bodySha256Hex}",
        "content|{id}{timestamp}.{body}|content|{id} and {timestamp} stand side by side",
        "content|{timestamp}{body}|content|put a literal between them",
        "content|{id}.{body|content|has no closing brace",
        "content|id}.{body}|content|closing brace without an opening one",
        "content|{upper}.{body}|content|{upper} is not one of [{id}, {timestamp}, {body}",
        "content|{header}.{body}|content|must be written {header:...}",
        "content|{json:id}.{body}|content|JSON pointer, which starts with /",
        "content|{signatures}.{body}|content|is not one of",
        "signature/item|v1|signature.item|must contain {signature}",
        "signature/item|v1,<LF>{signature}|signature.item|line break",
        "headers/0/name|X id|headers[0].name|is not a header name",
        "headers/0/name|Host|headers[0].name|belongs to the connection or the body",
        "headers/0/name|Content-Length|headers[0].name|belongs to the connection",
        "headers/0/name|content-type|headers[0].name|belongs to the connection",
        "headers/0/name|Transfer-Encoding|headers[0].name|belongs to the connection",
        "headers/0/name|posthorn-event-id|headers[0].name|one of ours",
        "headers/1/name|X-Id|headers[1].name|is there twice, if only in another case",
        "headers/0/value|a<CR><LF>b|headers[0].value|line break",
        "headers/0/value|{body}|headers[0].value|{body} is not one of",
        "headers/2/value|none|headers|no header carries {signatures}",
        "algorithm|HmacSha1|algorithm|HmacSha1 only verifies: leave out headers",
        "algorithm|EcdsaP256Sha256|key.encoding|Spki goes with EcdsaP256Sha256",
        "key/encoding|Spki|key.encoding|Spki goes with EcdsaP256Sha256",
        "verify/signature/itemPrefix|v2,|verify|compare names, separators and prefixes",
      })
  void refuses(String path, String value, String field, String message) throws IOException {
    assertThat(findings(with(path, value)))
        .anySatisfy(finding -> {
          assertThat(finding.field()).isEqualTo(field);
          assertThat(finding.message()).contains(message);
        });
  }

  @ParameterizedTest
  @ValueSource(strings = {"algorithm", "key", "content", "signature", "key/encoding"})
  void namesARequiredFieldThatIsMissing(String path) throws IOException {
    assertThat(findings(without(path)))
        .contains(new SchemeFinding(path.replace('/', '.'), "is required"));
  }

  @ParameterizedTest
  @CsvSource({
    "timestamp, timestamp",
    "verify/id, verify.id",
    "verify/timestamp, verify.timestamp",
  })
  void namesAPartThatTheTemplatesNeed(String path, String field) throws IOException {
    assertThat(findings(without(path)))
        .anySatisfy(finding -> assertThat(finding.field()).isEqualTo(field));
  }

  @Test
  void tellsEverythingThatIsWrongAtOnce() throws IOException {
    ObjectNode spec = with("content", "{id}");
    ((ObjectNode) spec.at("/headers/0")).put("name", "host");
    assertThat(findings(spec))
        .extracting(SchemeFinding::field)
        .contains("content", "headers[0].name");
  }

  @Test
  void joinedPlaceholdersMayVerifyButNotSign() throws IOException {
    ObjectNode spec = with("content", "{method}{url}{body}{timestamp}");
    spec.remove("headers");
    assertThat(Scheme.compile(spec(spec.toString())))
        .isInstanceOfSatisfying(
            SchemeReading.Compiled.class,
            compiled -> {
              assertThat(compiled.scheme().signs()).isFalse();
              assertThat(compiled.scheme().verifies()).isTrue();
            });
  }

  @Test
  void aDescriptorNeedsOneOfItsHalves() throws IOException {
    ObjectNode spec = with("content", "{body}");
    spec.remove(List.of("headers", "verify"));
    assertThat(findings(spec))
        .contains(new SchemeFinding("headers", "give headers to sign, verify to verify, or both"));
  }

  @Test
  void anUnknownNameListsTheKnownOnes() {
    assertThat(Schemes.BUILT_IN.find("stripes"))
        .isInstanceOfSatisfying(
            SchemeReading.Refused.class,
            refused ->
                assertThat(refused.findings().getFirst().message())
                    .startsWith("\"stripes\" is not built in: use one of base64, convoy, github")
                    .contains("none", "standard-webhooks", "whose name has a dot"));
  }

  @Test
  void noneSignsNothingAndHasNothingToCheck() {
    Scheme none = Schemes.scheme("none");
    var message = Message.post("msg_1", Instant.EPOCH, "", new byte[0]);
    assertThat(none.sign(List.of(), message)).isEmpty();
    assertThat(none.verify(List.of(), Received.post(List.of(), new byte[0]), message.timestamp()))
        .isEqualTo(new Verification.Unsigned());
  }

  private static List<SchemeFinding> findings(ObjectNode spec) throws IOException {
    return switch (Scheme.compile(spec(spec.toString()))) {
      case SchemeReading.Compiled compiled -> List.of();
      case SchemeReading.Refused refused -> refused.findings();
    };
  }

  private static ObjectNode with(String path, String value) throws IOException {
    var spec = (ObjectNode) new YAMLMapper().readTree(VALID);
    int slash = path.lastIndexOf('/');
    var parent = (ObjectNode) (slash < 0 ? spec : spec.at("/" + path.substring(0, slash)));
    parent.put(path.substring(slash + 1), value.replace("<CR>", "\r").replace("<LF>", "\n"));
    return spec;
  }

  private static ObjectNode without(String path) throws IOException {
    ObjectNode spec = with(path, "");
    int slash = path.lastIndexOf('/');
    ((ObjectNode) (slash < 0 ? spec : spec.at("/" + path.substring(0, slash))))
        .remove(path.substring(slash + 1));
    return spec;
  }

  private static SignatureSchemeSpec spec(String yaml) throws IOException {
    return new JsonMapper().treeToValue(new YAMLMapper().readTree(yaml), SignatureSchemeSpec.class);
  }
}
