package dev.posthorn.core.signing;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.posthorn.core.signing.Verification.Rejected;
import dev.posthorn.core.signing.Verification.Verified;
import dev.posthorn.crds.SignatureSchemeSpec;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.constraints.StringLength;

/** Whatever comes in, there is a verdict, a finding or a key, and no more work than promised. */
class SigningFuzzTest {
  private static final Instant NOON = Instant.parse("2026-11-22T12:00:00Z");
  private static final JsonMapper JSON = JsonMapper.builder().build();

  /** What a header may hold where somebody errs or tries his luck. */
  private static final List<String> PIECES =
      List.of(
          "v1,",
          "v1=",
          "v1a,",
          "t=",
          "ts=",
          "h1=",
          ";",
          ",",
          ", ",
          " ",
          "  ",
          "\r\n ",
          "\n",
          "\t",
          "sha256=",
          "1795348800",
          "1795348800000",
          "2026-11-22T12:00:00Z",
          "-1",
          "99999999999999",
          "AAAA",
          "zz",
          "g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
          "\u0000",
          "é",
          "a.b",
          "757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17");

  @Property(tries = 3_000, edgeCases = EdgeCasesMode.NONE)
  void everyRequestHasAVerdict(
      @ForAll("schemes") String name,
      @ForAll("secrets") byte[] secret,
      @ForAll("values") List<String> values,
      @ForAll("bodies") byte[] body) {
    Scheme scheme = Schemes.scheme(name);
    var request = new Received("POST", "https://a.example/?x", headers(name, values), body);
    assertDecided(Checker.check(scheme, List.of(secret), List.of(secret), request, NOON));
    if (scheme.key(secret) instanceof KeyReading.Usable(SigningKey key)) {
      assertDecided(scheme.verify(List.of(key, key), request, NOON));
    }
  }

  @Property(tries = 2_000, edgeCases = EdgeCasesMode.NONE)
  void noChangedBodyVerifies(
      @ForAll("signing") String name,
      @ForAll("bodies") byte[] body,
      @ForAll("bodies") byte[] other,
      @ForAll("values") List<String> values) {
    Scheme scheme = Schemes.scheme(name);
    List<byte[]> secrets = List.of(secret(name));
    var keys = List.of(Schemes.key(scheme, secrets.getFirst()));
    List<Header> signed = scheme.sign(keys, Message.post("msg_1", NOON, "", body));
    var more = new ArrayList<>(signed);
    more.addAll(headers(name, values));
    for (List<Header> headers : List.of(signed, more)) {
      Verification verdict = scheme.verify(keys, Received.post(headers, other), NOON);
      boolean same = Arrays.equals(body, other);
      assertThat(same || verdict instanceof Rejected).isTrue();
      assertThat(
              same
                  || Checker.check(scheme, secrets, List.of(), Received.post(headers, other), NOON)
                      instanceof Rejected)
          .isTrue();
    }
  }

  @Property(tries = 1_000, edgeCases = EdgeCasesMode.NONE)
  void theCheckerGuessesNoMoreThanPromised(
      @ForAll("schemes") String name,
      @ForAll Rejection reason,
      @ForAll("values") List<String> values,
      @ForAll("bodies") byte[] body,
      @ForAll @Size(max = 40) List<@Size(max = 4) byte[]> secrets) {
    var request = Received.post(headers(name, values), body);
    var checker = new Checker(Schemes.scheme(name), secrets, secrets);
    List<Guess> guesses = checker.guesses(reason, request);
    int letters = request.headers().stream().mapToInt(header -> header.value().length()).sum();
    assertThat(guesses).hasSizeLessThanOrEqualTo(Checker.MAX_GUESSES);
    assertThat(guesses)
        .allSatisfy(guess -> {
          assertThat(guess.request().body().length).isLessThanOrEqualTo(6 * body.length + 2);
          assertThat(
                  guess.request().headers().stream()
                      .mapToInt(header -> header.value().length())
                      .sum())
              .isLessThanOrEqualTo(letters);
          assertThat(guess.toString()).doesNotContain("secrets");
        });
    assertThat(guesses)
        .allSatisfy(
            guess -> assertThat(guess.secrets()).hasSizeLessThanOrEqualTo(Checker.MAX_KEYS));
  }

  @Property(tries = 2_000, edgeCases = EdgeCasesMode.NONE)
  void everyTextIsAKeyOrAFinding(@ForAll("schemes") String name, @ForAll("secrets") byte[] secret) {
    Scheme scheme = Schemes.scheme(name);
    switch (scheme.key(secret)) {
      case KeyReading.Usable(SigningKey key) -> assertThat(key).hasToString("SigningKey[redacted]");
      case KeyReading.Unusable(SchemeFinding finding) ->
          assertThat(finding.message()).startsWith("the secret ").isNotBlank();
    }
  }

  @Property(tries = 3_000)
  void everyDescriptorCompilesOrIsRefused(@ForAll("schemes") String name, @ForAll long seed) {
    JsonNode descriptor = JSON.valueToTree(spec(name));
    var random = new Random(seed);
    for (int i = random.nextInt(4); i >= 0; i--) {
      change(descriptor, random);
    }
    try {
      assertUsableOrRefused(
          Scheme.compile(JSON.treeToValue(descriptor, SignatureSchemeSpec.class)));
    } catch (JsonProcessingException notADescriptor) {
      assertThat(notADescriptor.getMessage()).isNotBlank();
    }
  }

  @Property(tries = 2_000)
  void everyTemplateCompilesOrIsRefused(
      @ForAll("templates") String content, @ForAll("templates") String value) {
    ObjectNode descriptor = JSON.valueToTree(spec("standard-webhooks"));
    descriptor.put("content", content);
    ((ObjectNode) descriptor.at("/headers/0")).put("value", value);
    assertUsableOrRefused(Scheme.compile(JSON.convertValue(descriptor, SignatureSchemeSpec.class)));
  }

  @Property(tries = 500)
  void jsonOfAnySpellingIsReadByAParserAsBefore(@ForAll @StringLength(max = 200) String text)
      throws JsonProcessingException {
    ObjectNode document = JSON.createObjectNode().put("a:, \"b", text);
    document.putArray("c").add(1.5).add(true).addNull().addObject();
    byte[] body = JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(document);
    for (JsonSpelling spelling : JsonSpelling.values()) {
      byte[] written = spelling.write(body).orElseThrow();
      assertThat(JSON.readTree(new String(written, StandardCharsets.UTF_8)))
          .isEqualTo(JSON.readTree(new String(body, StandardCharsets.UTF_8)));
      assertThat(spelling.write(written)).hasValue(written);
    }
  }

  private static void assertUsableOrRefused(SchemeReading reading) {
    switch (reading) {
      case SchemeReading.Refused(List<SchemeFinding> findings) ->
          assertThat(findings)
              .isNotEmpty()
              .allSatisfy(finding -> {
                assertThat(finding.field()).isNotBlank();
                assertThat(finding.message()).isNotBlank();
              });
      case SchemeReading.Compiled(Scheme scheme) -> {
        SigningKey key =
            scheme.key(secret("hex")) instanceof KeyReading.Usable usable ? usable.key() : null;
        if (key != null && scheme.signs() && key.signs()) {
          var message = Message.post("msg_1", NOON, "https://a.example/x", new byte[] {'{', '}'});
          assertThat(scheme.sign(List.of(key), message)).isNotEmpty();
        }
        if (key != null && scheme.verifies()) {
          assertDecided(scheme.verify(List.of(key), Received.post(List.of(), new byte[0]), NOON));
        }
      }
    }
  }

  private static void assertDecided(Verification verdict) {
    switch (verdict) {
      case Verified verified -> assertThat(verified.key()).isNotNegative();
      case Verification.Unsigned unsigned -> assertThat(unsigned).isNotNull();
      case Rejected rejected -> assertThat(rejected.message()).isNotBlank();
    }
  }

  /** Replaces, removes or doubles a part of the descriptor. */
  private static void change(JsonNode node, Random random) {
    if (node instanceof ObjectNode object && !object.isEmpty()) {
      var names = new ArrayList<String>();
      object.fieldNames().forEachRemaining(names::add);
      String name = names.get(random.nextInt(names.size()));
      if (object.get(name).isContainerNode() && random.nextInt(3) > 0) {
        change(object.get(name), random);
      } else if (random.nextInt(3) == 0) {
        object.remove(name);
      } else {
        object.set(name, scalar(random));
      }
    } else if (node instanceof ArrayNode array) {
      if (array.isEmpty() || random.nextInt(4) == 0) {
        array.add(scalar(random));
      } else if (random.nextInt(4) == 0) {
        array.add(array.get(0).deepCopy());
      } else {
        change(array.get(random.nextInt(array.size())), random);
      }
    }
  }

  private static JsonNode scalar(Random random) {
    JsonNodeFactory nodes = JsonNodeFactory.instance;
    return switch (random.nextInt(8)) {
      case 0 -> nodes.nullNode();
      case 1 -> nodes.numberNode(random.nextInt());
      case 2 -> nodes.textNode("");
      case 3 -> nodes.textNode("{" + random.nextInt() + "}");
      case 4 -> nodes.textNode("{json:/~2}{header:\r\n}{body}");
      case 5 -> nodes.textNode("Base64");
      case 6 -> nodes.objectNode();
      default -> nodes.textNode("é\n{timestamp}.{body}{signatures}");
    };
  }

  private static List<Header> headers(String scheme, List<String> values) {
    var names = new ArrayList<>(List.of("x-other"));
    if (!scheme.equals("none")) {
      var verify = spec(scheme).verify();
      if (verify != null) {
        names.add(verify.signature().header());
        for (var part : new SignatureSchemeSpec.Part[] {verify.timestamp(), verify.id()}) {
          if (part != null && part.header() != null) {
            names.add(part.header());
          }
        }
      }
    }
    var headers = new ArrayList<Header>();
    for (String value : values) {
      headers.add(new Header(names.get(headers.size() % names.size()), value));
    }
    return headers;
  }

  private static SignatureSchemeSpec spec(String name) {
    return name.contains(".") ? Schemes.spec(name) : BuiltInSchemes.spec(name);
  }

  /** One that fits the scheme. */
  private static byte[] secret(String scheme) {
    return Vector.positive()
        .filter(vector -> vector.scheme().equals(scheme))
        .findFirst()
        .orElseThrow()
        .secret();
  }

  @Provide
  Arbitrary<String> schemes() {
    var names = new ArrayList<>(Schemes.BUILT_IN.names());
    names.remove("none");
    names.addAll(Schemes.shipped());
    return Arbitraries.of(names);
  }

  @Provide
  Arbitrary<String> signing() {
    return schemes().filter(name -> Schemes.scheme(name).signs());
  }

  @Provide
  Arbitrary<List<String>> values() {
    Arbitrary<String> joined =
        Arbitraries.of(PIECES).list().ofMaxSize(12).map(p -> String.join("", p));
    Arbitrary<String> any = Arbitraries.strings().all().ofMaxLength(60);
    Arbitrary<String> large =
        Combinators.combine(Arbitraries.of(PIECES), Arbitraries.integers().between(0, 4_000))
            .as((piece, times) -> piece.repeat(times));
    return Arbitraries.frequencyOf(Tuple.of(6, joined), Tuple.of(2, any), Tuple.of(1, large))
        .list()
        .ofMaxSize(8);
  }

  @Provide
  Arbitrary<byte[]> bodies() {
    Arbitrary<byte[]> bytes = Arbitraries.bytes().array(byte[].class).ofMaxSize(300);
    Arbitrary<byte[]> json =
        Arbitraries.of(
                "{",
                "}",
                "[",
                "]",
                ":",
                ",",
                "\"",
                "\\",
                "\\u00",
                "é",
                "1e999999999",
                "\n",
                " ",
                "\"webhookTimestamp\"",
                "\"id\"",
                "1795348800000",
                "\uD83D\uDE80")
            .list()
            .ofMaxSize(30)
            .map(pieces -> String.join("", pieces).getBytes(StandardCharsets.UTF_8));
    Arbitrary<byte[]> deep =
        Arbitraries.integers()
            .between(0, 5_000)
            .map(depth -> "[".repeat(depth).getBytes(StandardCharsets.UTF_8));
    return Arbitraries.oneOf(bytes, json, deep);
  }

  @Provide
  Arbitrary<byte[]> secrets() {
    Arbitrary<byte[]> bytes = Arbitraries.bytes().array(byte[].class).ofMaxSize(100);
    Arbitrary<byte[]> encoded =
        Combinators.combine(
                Arbitraries.of("whsec_", "whsk_", "whpk_", ""),
                Arbitraries.bytes().array(byte[].class).ofMaxSize(70))
            .as((prefix, raw) ->
                (prefix + Base64.getEncoder().encodeToString(raw))
                    .getBytes(StandardCharsets.UTF_8));
    Arbitrary<byte[]> points =
        Combinators.combine(
                Arbitraries.of("whpk_", ""), Arbitraries.bytes().array(byte[].class).ofSize(32))
            .as((prefix, raw) ->
                (prefix.isEmpty()
                        ? HexFormat.of().formatHex(raw)
                        : prefix + Base64.getEncoder().encodeToString(raw))
                    .getBytes(StandardCharsets.UTF_8));
    return Arbitraries.oneOf(bytes, encoded, points);
  }

  @Provide
  Arbitrary<String> templates() {
    return Arbitraries.of(
            "{id}",
            "{timestamp}",
            "{body}",
            "{bodySha256Hex}",
            "{header:x}",
            "{json:/a}",
            "{json:/~9/-1}",
            "{host}",
            "{path}",
            "{url}",
            "{method}",
            "{signatures}",
            "{",
            "}",
            "{}",
            "{:}",
            ".",
            "\n",
            "é",
            "x")
        .list()
        .ofMaxSize(6)
        .map(pieces -> String.join("", pieces));
  }
}
