package dev.posthorn.core.event;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

/**
 * Whatever is sent, reading it gives a value, and data that is taken is the bytes that were sent.
 */
class EventReaderPropertiesTest {
  private static final List<String> TYPES =
      List.of(
          "application/json",
          "application/cloudevents+json",
          "application/cloudevents-batch+json",
          "text/plain");

  @Property(tries = 2_000)
  void anyBytesGiveAValue(
      @ForAll @Size(max = 200) byte[] body, @ForAll @IntRange(max = 3) int type) {
    assertThat(read(TYPES.get(type), body)).isNotNull();
  }

  @Property(tries = 5_000)
  void aDamagedEventGivesAValue(
      @ForAll @IntRange(max = 10_000) int place,
      @ForAll byte replacement,
      @ForAll @IntRange(max = 2) int kind,
      @ForAll @IntRange(max = 3) int type) {
    byte[] body =
        ("[{\"specversion\":\"1.0\",\"id\":\"1\",\"source\":\"s\",\"type\":\"ä\",\"tenant\":\"t\","
                + "\"time\":\"2026-11-22T10:00:00Z\",\"data\":{\"a\":[1,2.5e3,null,\"\\u00e4\"]}}]")
            .getBytes(UTF_8);
    byte[] damaged =
        switch (kind) {
          case 0 -> Arrays.copyOf(body, place % body.length);
          case 1 -> Arrays.copyOfRange(body, place % body.length, body.length);
          default -> body.clone();
        };
    if (kind == 2) {
      damaged[place % body.length] = replacement;
    }
    assertThat(read(TYPES.get(type), damaged)).isNotNull();
  }

  @Property(tries = 2_000)
  void dataThatIsTakenIsTheBytesThatWereSent(@ForAll("json") String data) {
    String body = "{\"type\":\"a\" , \"data\" : " + data + " , \"tenant\":\"t\"}";
    PublishedEvent event = EventReaderTest.only(read("application/json", body.getBytes(UTF_8)));
    assertThat(new String(event.data().bytes(), UTF_8)).isEqualTo(data);
    assertThat(JsonReading.isOneValue(event.data().bytes())).isTrue();
  }

  @Property(tries = 1_000)
  void headerTextReadsBackAsItWas(@ForAll("texts") String text) {
    String encoded = HeaderText.encode(text);
    assertThat(encoded).matches("[!-~]*");
    assertThat(HeaderText.decode(encoded)).contains(text);
  }

  @Property(tries = 1_000)
  void anyHeaderTextGivesAValue(@ForAll String text) {
    assertThat(HeaderText.decode(text)).isNotNull();
  }

  private static Reading read(String contentType, byte[] body) {
    return EventReader.read(
        List.of(new Header("content-type", contentType)), body, TenantRule.stated());
  }

  @Provide
  Arbitrary<String> texts() {
    return Arbitraries.strings().filter(AttributeRules::hasWholeCharacters);
  }

  @Provide
  Arbitrary<String> json() {
    return nested(3);
  }

  private static Arbitrary<String> nested(int depth) {
    Arbitrary<String> scalar =
        Arbitraries.oneOf(
            Arbitraries.of("true", "false", "null", "\"\"", "-0", "1e9", "\"\\\"\\\\\\u20ac\""),
            Arbitraries.doubles().map(String::valueOf),
            Arbitraries.bigIntegers().map(String::valueOf),
            Arbitraries.strings()
                .withChars("aä€ 😀{}[],:")
                .filter(AttributeRules::hasWholeCharacters)
                .map(s -> "\"" + s + "\""));
    if (depth == 0) {
      return scalar;
    }
    Arbitrary<List<String>> values = nested(depth - 1).list().ofMaxSize(4);
    return Arbitraries.oneOf(
        scalar,
        values.map(list -> "[ " + String.join(" ,", list) + "\n]"),
        values.map(list ->
            "{" + String.join(",\t", list.stream().map(v -> "\"k\" :" + v).toList()) + "}"));
  }
}
