package dev.posthorn.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;

import dev.posthorn.core.signing.BuiltInSchemes;
import dev.posthorn.core.signing.Header;
import dev.posthorn.core.signing.KeyReading;
import dev.posthorn.core.signing.Message;
import dev.posthorn.core.signing.Scheme;
import dev.posthorn.core.signing.SchemeReading;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The demo proves something only if its receivers accept what is right and nothing else. */
final class CustomerCheckTest {
  private static final Instant NOW = Instant.parse("2026-11-22T10:00:00Z");
  private static final byte[] BODY = "{\"a\": 1}".getBytes(StandardCharsets.UTF_8);
  private static final String WHSEC = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
  private static final String OTHER = "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD";

  static Stream<Arguments> schemes() {
    return Stream.of(
        Arguments.of("standard-webhooks", (CustomerCheck) CustomerCheck::standardWebhooks),
        Arguments.of("stripe", (CustomerCheck) CustomerCheck::stripe),
        Arguments.of("github", (CustomerCheck) CustomerCheck::github));
  }

  @ParameterizedTest
  @MethodSource("schemes")
  void aSignedRequestVerifies(String scheme, CustomerCheck check) {
    assertThat(check.verifies(signed(scheme)::get, BODY, WHSEC, NOW)).isTrue();
  }

  @ParameterizedTest
  @MethodSource("schemes")
  void anotherBodyKeyOrNoSignatureDoesNot(String scheme, CustomerCheck check) {
    Map<String, String> headers = signed(scheme);

    assertThat(check.verifies(headers::get, new byte[] {'{', '}'}, WHSEC, NOW)).isFalse();
    assertThat(check.verifies(headers::get, BODY, OTHER, NOW)).isFalse();
    assertThat(check.verifies(name -> null, BODY, WHSEC, NOW)).isFalse();
  }

  @ParameterizedTest
  @MethodSource("schemes")
  void aRequestOfTenMinutesAgoVerifiesOnlyWhereNothingDatesIt(String scheme, CustomerCheck check) {
    boolean dated = !scheme.equals("github");

    assertThat(check.verifies(signed(scheme)::get, BODY, WHSEC, NOW.plusSeconds(600)))
        .isEqualTo(!dated);
  }

  private static Map<String, String> signed(String name) {
    if (!(BuiltInSchemes.load().find(name) instanceof SchemeReading.Compiled(Scheme scheme))
        || !(scheme.key(WHSEC.getBytes(StandardCharsets.UTF_8))
            instanceof KeyReading.Usable(var key))) {
      throw new AssertionError(name + " is built in and takes this key");
    }
    var headers = new HashMap<String, String>();
    Message message = Message.post("msg_1", NOW, "https://x.example/", BODY);
    for (Header header : scheme.sign(List.of(key), message)) {
      headers.put(header.name().toLowerCase(Locale.ROOT), header.value());
    }
    return headers;
  }
}
