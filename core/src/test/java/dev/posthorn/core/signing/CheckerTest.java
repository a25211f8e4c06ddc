package dev.posthorn.core.signing;

import static dev.posthorn.core.signing.Schemes.key;
import static dev.posthorn.core.signing.Schemes.scheme;
import static dev.posthorn.core.signing.Schemes.utf8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.posthorn.core.signing.Verification.Rejected;
import dev.posthorn.core.signing.Verification.Verified;
import java.time.Instant;
import java.util.List;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;

class CheckerTest {
  private static final Instant NOON = Instant.parse("2026-11-22T12:00:00Z");
  private static final String BODY = "{\"n\":1}";
  private static final String SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
  private static final String OTHER = "whsec_AfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

  @Test
  void tellsThatTheFinalNewlineWasAdded() {
    for (String newline : List.of("\n", "\r\n")) {
      assertThat(hint("standard-webhooks", SECRET, SECRET, BODY + newline))
          .isEqualTo(
              "signature does not match: 1 key tried; it verifies after removing the final"
                  + " newline: hash the raw body, as it came");
    }
  }

  @Test
  void tellsThatAFormerKeySigned() {
    var request = signed("standard-webhooks", OTHER, BODY);
    assertThat(
            Checker.check(
                scheme("standard-webhooks"),
                List.of(utf8(SECRET)),
                List.of(utf8(OTHER)),
                request,
                NOON))
        .asInstanceOf(InstanceOfAssertFactories.type(Rejected.class))
        .extracting(Rejected::message)
        .asString()
        .contains("it verifies with a former key");
  }

  @Test
  void tellsThatTheSenderTookTheWholeSecretAsText() {
    Scheme whole = scheme("standard-webhooks").withKeyForm(KeyForm.Encoding.UTF8, List.of());
    var message = Message.post("msg_1", NOON, "", utf8(BODY));
    var request = Received.post(whole.sign(List.of(key(whole, utf8(SECRET))), message), utf8(BODY));
    assertThat(message("standard-webhooks", SECRET, request)).contains("as text, prefix kept");
  }

  @Test
  void tellsThatTheSenderStrippedThePrefixThatMeevaKeeps() {
    String stripped = SECRET.substring("whsec_".length());
    assertThat(hint("meeva", stripped, SECRET, BODY)).contains("as text after its prefix");
  }

  @Test
  void tellsThatTheSenderDecodedTheSecretThatMeevaTakesAsText() {
    Scheme decoding = scheme("meeva").withKeyForm(KeyForm.Encoding.BASE64, List.of("whsec_"));
    var message = Message.post("msg_1", NOON, "", utf8(BODY));
    var request =
        Received.post(decoding.sign(List.of(key(decoding, utf8(SECRET))), message), utf8(BODY));
    assertThat(message("meeva", SECRET, request)).contains("decoded from base64");
  }

  @Test
  void knowsNothingBetterThanThePlainReasonOtherwise() {
    assertThat(hint("standard-webhooks", OTHER, SECRET, BODY))
        .contains("1 key tried: check that the secret is the sender's");
  }

  @Test
  void aSecretThatIsNoKeyIsSaidFirst() {
    assertThat(hint("standard-webhooks", SECRET, "whsec_MfKQ\n", BODY))
        .isEqualTo("the secret is not base64 after whsec_: remove the newline at its end");
  }

  @Test
  void whatVerifiesIsVerified() {
    assertThat(
            Checker.check(
                scheme("standard-webhooks"),
                List.of(utf8(OTHER), utf8(SECRET)),
                List.of(),
                signed("standard-webhooks", SECRET, BODY),
                NOON))
        .isEqualTo(new Verified(1, "msg_1", NOON));
  }

  /**
   * What is said when {@code signer} signed our body and {@code checker} checks {@code received}.
   */
  private static String hint(String scheme, String signer, String checker, String received) {
    Received signed = signed(scheme, signer, BODY);
    return message(scheme, checker, Received.post(signed.headers(), utf8(received)));
  }

  private static String message(String scheme, String secret, Received request) {
    var verdict = Checker.check(scheme(scheme), List.of(utf8(secret)), List.of(), request, NOON);
    return ((Rejected) verdict).message();
  }

  private static Received signed(String scheme, String secret, String body) {
    var message = Message.post("msg_1", NOON, "", utf8(body));
    return Received.post(scheme(scheme).sign(List.of(key(scheme, secret)), message), utf8(body));
  }
}
