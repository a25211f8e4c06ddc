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
        "content|{id}.{timestamp}|content|must contain {body} or {bodySha256Hex}: "
            + "otherwise the body is not signed at all",
        "content|{id}{timestamp}.{body}|content|{id} and {timestamp} stand side "
            + "by side, so a sender could shift bytes from one to the other: put a "
            + "literal between them, or leave out headers to verify only",
        "content|{timestamp}{body}|content|{timestamp} and {body} stand side by "
            + "side, so a sender could shift bytes from one to the other: put a literal "
            + "between them, or leave out headers to verify only",
        "content|{header:x}{json:/a}.{body}|content|{header:...} and {json:...} "
            + "stand side by side, so a sender could shift bytes from one to the other: "
            + "put a literal between them, or leave out headers to verify only",
        "content|{id}.{body|content|\"{body\" has no closing brace",
        "content|id}.{body}|content|\"id}.\" has a closing brace without an opening one",
        "content|{upper}.{body}|content|{upper} is not one of [{id}, {timestamp}, "
            + "{body}, {method}, {url}, {path}, {host}, {bodySha256Hex}, {header:...}, "
            + "{json:...}]",
        "content|{header}.{body}|content|{header} must be written {header:...}",
        "content|{id:x}.{body}|content|{id:x} must be written {id}",
        "content|{json:id}.{body}|content|{json:id} must hold a JSON pointer, which starts with /",
        "content|{signatures}.{body}|content|{signatures} is not one of [{id}, "
            + "{timestamp}, {body}, {method}, {url}, {path}, {host}, {bodySha256Hex}, "
            + "{header:...}, {json:...}]",
        "signature/item|v1|signature.item|must contain {signature}",
        "signature/item|v1,<LF>{signature}|signature.item|holds a line break, a "
            + "control character or a letter beyond ASCII: remove it",
        "signature/item|{id},{signature}|signature.item|{id} is not one of [{signature}]",
        "signature/separator|<CR>|signature.separator|holds a line break, a "
            + "control character or a letter beyond ASCII: remove it",
        "headers/0/name|X id|headers[0].name|is not a header name: letters, digits and -",
        "headers/0/name||headers[0].name|is not a header name: letters, digits and -",
        "headers/0/name|x-id:|headers[0].name|is not a header name: letters, digits and -",
        "headers/0/name|x-id<CR><LF>evil|headers[0].name|is not a header name: "
            + "letters, digits and -",
        "headers/0/name|Host|headers[0].name|\"Host\" belongs to the connection "
            + "or the body: choose another",
        "headers/0/name|Content-Length|headers[0].name|\"Content-Length\" belongs "
            + "to the connection or the body: choose another",
        "headers/0/name|content-type|headers[0].name|\"content-type\" belongs to "
            + "the connection or the body: choose another",
        "headers/0/name|Connection|headers[0].name|\"Connection\" belongs to the "
            + "connection or the body: choose another",
        "headers/0/name|Keep-Alive|headers[0].name|\"Keep-Alive\" belongs to the "
            + "connection or the body: choose another",
        "headers/0/name|Proxy-Connection|headers[0].name|\"Proxy-Connection\" "
            + "belongs to the connection or the body: choose another",
        "headers/0/name|Proxy-Authenticate|headers[0].name|\"Proxy-Authenticate\" "
            + "belongs to the connection or the body: choose another",
        " "
            + "headers/0/name|Proxy-Authorization|headers[0].name|\"Proxy-Authorization\" "
            + "belongs to the connection or the body: choose another",
        "headers/0/name|TE|headers[0].name|\"TE\" belongs to the connection or "
            + "the body: choose another",
        "headers/0/name|Trailer|headers[0].name|\"Trailer\" belongs to the "
            + "connection or the body: choose another",
        "headers/0/name|Transfer-Encoding|headers[0].name|\"Transfer-Encoding\" "
            + "belongs to the connection or the body: choose another",
        "headers/0/name|Upgrade|headers[0].name|\"Upgrade\" belongs to the "
            + "connection or the body: choose another",
        "headers/0/name|posthorn-event-id|headers[0].name|\"posthorn-event-id\" "
            + "is one of ours: posthorn-... go with every request",
        "headers/1/name|X-Id|headers[1].name|\"X-Id\" is there twice, if only in "
            + "another case: remove one",
        "headers/0/value|a<CR><LF>b|headers[0].value|holds a line break, a "
            + "control character or a letter beyond ASCII: remove it",
        "headers/0/value|Ünsigned|headers[0].value|holds a line break, a control "
            + "character or a letter beyond ASCII: remove it",
        "headers/0/value|{body}|headers[0].value|{body} is not one of [{id}, "
            + "{timestamp}, {method}, {url}, {path}, {host}, {bodySha256Hex}, "
            + "{header:...}, {json:...}, {signatures}]",
        "headers/2/value|none|headers|no header carries {signatures}: a receiver could not verify",
        "algorithm|HmacSha1|algorithm|HmacSha1 only verifies: leave out headers",
        "algorithm|EcdsaP256Sha256|algorithm|EcdsaP256Sha256 only verifies: leave out headers",
        "algorithm|EcdsaP256Sha256|key.encoding|Spki goes with EcdsaP256Sha256, "
            + "and only with it: choose another",
        "key/encoding|Spki|key.encoding|Spki goes with EcdsaP256Sha256, and only "
            + "with it: choose another",
        "verify/signature/itemPrefix|v2,|verify|what headers sign, verify refuses "
            + "(header x-signature has no item that starts with \"v2,\": the sender "
            + "uses another scheme or version): compare names, separators and prefixes",
        "verify/id/header|x-other|verify|what headers sign, verify refuses "
            + "(header x-other is missing: the sender does not set it, or a proxy drops "
            + "it): compare names, separators and prefixes",
      })
  void refuses(String path, String value, String field, String message) throws IOException {
    assertThat(findings(with(path, value == null ? "" : value)))
        .contains(new SchemeFinding(field, message));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "verify/id|jsonPointer|id|verify.id.jsonPointer|must start with /, as /event/id",
        "verify/id|jsonPointer|/id|verify.id|give exactly one of header and jsonPointer",
        "verify/timestamp|jsonPointer|/t|verify.timestamp"
            + "|give exactly one of header and jsonPointer",
      })
  void refusesAPlaceThatIsNone(String part, String name, String value, String field, String message)
      throws IOException {
    ObjectNode spec = with("content", "{body}");
    var at = (ObjectNode) spec.at("/" + part);
    at.put(name, value);
    if (field.endsWith("jsonPointer")) {
      at.remove("header");
    }
    assertThat(findings(spec)).contains(new SchemeFinding(field, message));
  }

  @ParameterizedTest
  @ValueSource(strings = {"algorithm", "key", "content", "signature", "key/encoding"})
  void namesARequiredFieldThatIsMissing(String path) throws IOException {
    assertThat(findings(without(path)))
        .contains(new SchemeFinding(path.replace('/', '.'), "is required"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "timestamp|timestamp|content has {timestamp}: say its form in timestamp",
        "timestamp|timestamp|headers[1].value has {timestamp}: say its form in timestamp",
        "timestamp|verify.timestamp|needs its form: say it in timestamp",
        "verify/id|verify.id|content has {id}: say where a request holds it",
        "verify/timestamp|verify.timestamp|is needed to check the tolerance: say where a request"
            + " holds the timestamp",
        "verify/signature|verify.signature|is required",
        "headers/0/name|headers[0].name|is required",
        "headers/0/value|headers[0].value|is required",
        "signature/encoding|signature.encoding|is required",
      })
  void namesAPartThatTheTemplatesNeed(String path, String field, String message)
      throws IOException {
    assertThat(findings(without(path))).contains(new SchemeFinding(field, message));
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
