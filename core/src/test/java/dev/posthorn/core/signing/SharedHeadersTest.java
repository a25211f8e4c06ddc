package dev.posthorn.core.signing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.posthorn.core.signing.Verification.Verified;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Two schemes on one request: how a receiver changes from one to the other. */
class SharedHeadersTest {
  private static final Instant NOON = Instant.parse("2026-11-22T12:00:00Z");
  private static final byte[] BODY = "{}".getBytes(StandardCharsets.UTF_8);
  private static final Scheme SHARED = Schemes.scheme("standard-webhooks");
  private static final Scheme PAIR = Schemes.scheme("standard-webhooks-ed25519");

  private static SigningKey key(Scheme scheme, String secret) {
    return ((KeyReading.Usable) scheme.key(secret.getBytes(StandardCharsets.UTF_8))).key();
  }

  @Test
  void aRequestOfBothStandardWebhooksVerifiesWithEither() {
    SigningKey shared = key(SHARED, "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");
    SigningKey pair =
        key(
            PAIR,
            "whsk_6Xb/dCcHpPea21PS1N9VY/NZW723CEc77N4rJCubMbfVKIDij2HKpMKkioLlX0dRqSKJp4AJ6p9lMicMFs6Kvg==");
    Message message = Message.post("msg_1", NOON, "", BODY);
    List<Header> headers =
        Scheme.joined(
            List.of(SHARED, PAIR),
            List.of(SHARED.sign(List.of(shared), message), PAIR.sign(List.of(pair), message)));
    assertThat(headers)
        .extracting(Header::name)
        .containsExactly("webhook-id", "webhook-timestamp", "webhook-signature");
    assertThat(headers.getLast().value()).matches("v1,\\S+ v1a,\\S+");
    Received request = Received.post(headers, BODY);
    assertThat(SHARED.verify(List.of(shared), request, NOON)).isInstanceOf(Verified.class);
    assertThat(PAIR.verify(List.of(pair), request, NOON)).isInstanceOf(Verified.class);
  }

  @Test
  void oneSchemeAloneIsLeftAsItIs() {
    List<Header> headers = List.of(new Header("a", "1"));
    assertThat(Scheme.joined(List.of(SHARED), List.of(headers))).isSameAs(headers);
  }

  @ParameterizedTest
  @CsvSource({
    "standard-webhooks, standard-webhooks-ed25519, ",
    "standard-webhooks, standard-webhooks, webhook-signature",
    "standard-webhooks, github, ",
    "standard-webhooks, svix, ",
    "github, meeva, ",
    "hex, base64, X-Signature",
    "github, none, ",
  })
  void whatIsWrittenAlikeIsSharedAndTheRestClashes(String one, String other, String clash) {
    assertThat(Schemes.scheme(one).clashes(Schemes.scheme(other)))
        .isEqualTo(clash == null ? List.of() : List.of(clash));
  }
}
