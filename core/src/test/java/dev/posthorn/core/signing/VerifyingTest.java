package dev.posthorn.core.signing;

import static dev.posthorn.core.signing.Schemes.key;
import static dev.posthorn.core.signing.Schemes.scheme;
import static dev.posthorn.core.signing.Schemes.utf8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.posthorn.core.signing.Verification.Rejected;
import dev.posthorn.core.signing.Verification.Verified;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class VerifyingTest {
  private static final Instant NOON = Instant.parse("2026-11-22T12:00:00Z");
  private static final byte[] BODY = utf8("{\"n\":1}");
  private static final Scheme STANDARD = scheme("standard-webhooks");
  private static final SigningKey OLD =
      key("standard-webhooks", "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");
  private static final SigningKey NEW =
      key("standard-webhooks", "whsec_AfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");

  @Test
  void anyLiveKeyVerifiesAnyItem() {
    List<Header> both = signed(List.of(NEW, OLD));
    assertThat(both.getLast().value().split(" ", -1)).hasSize(2);
    assertThat(verify(List.of(OLD), both)).isEqualTo(new Verified(0, "msg_1", NOON));
    assertThat(verify(List.of(NEW, OLD), signed(List.of(OLD))))
        .isEqualTo(new Verified(1, "msg_1", NOON));
  }

  @Test
  void theOrderOfTheItemsDoesNotMatter() {
    List<Header> both = signed(List.of(NEW, OLD));
    var items = new ArrayList<>(List.of(both.getLast().value().split(" ", -1)));
    Collections.reverse(items);
    assertThat(verify(List.of(NEW), replaced(both, "webhook-signature", String.join(" ", items))))
        .isInstanceOf(Verified.class);
  }

  @Test
  void itemsOnSeveralHeaderLinesAreAllLookedAt() {
    var headers = new ArrayList<>(signed(List.of(OLD)));
    headers.addFirst(new Header("Webhook-Signature", "v1,AAAA"));
    assertThat(verify(List.of(OLD), headers)).isInstanceOf(Verified.class);
  }

  @Test
  void itemsOfOtherVersionsArePassedOverButNeverRescue() {
    List<Header> headers = signed(List.of(OLD));
    String item = headers.getLast().value();
    assertThat(verify(List.of(OLD), replaced(headers, "webhook-signature", "v0,x " + item)))
        .isInstanceOf(Verified.class);
    assertRejected(
        verify(List.of(OLD), replaced(headers, "webhook-signature", item.replace("v1,", "v0,"))),
        Rejection.NoSignature,
        "no item that starts with \"v1,\"");
  }

  @ParameterizedTest
  @ValueSource(strings = {"webhook-id", "webhook-timestamp", "webhook-signature"})
  void aMissingHeaderIsNamed(String name) {
    var headers = new ArrayList<>(signed(List.of(OLD)));
    headers.removeIf(header -> header.name().equals(name));
    assertRejected(
        verify(List.of(OLD), headers), Rejection.HeaderMissing, "header " + name + " is missing");
  }

  @Test
  void aSecondDifferentTimestampIsAmbiguous() {
    var headers = new ArrayList<>(signed(List.of(OLD)));
    headers.add(new Header("webhook-timestamp", "1"));
    assertRejected(
        verify(List.of(OLD), headers), Rejection.HeaderAmbiguous, "header webhook-timestamp");
  }

  @Test
  void theHeaderMayHave8KiB() {
    List<Header> headers = signed(List.of(OLD));
    String item = headers.getLast().value();
    String fits = item + " " + "x".repeat(8192 - 1 - item.length());
    assertThat(verify(List.of(OLD), replaced(headers, "webhook-signature", fits)))
        .isInstanceOf(Verified.class);
    assertRejected(
        verify(List.of(OLD), replaced(headers, "webhook-signature", fits + "x")),
        Rejection.HeaderTooLong,
        "longer than 8192 bytes");
  }

  @Test
  void theHeaderMayHave16Items() {
    List<Header> headers = signed(List.of(OLD));
    String fits = "v1,x ".repeat(15) + headers.getLast().value();
    assertThat(verify(List.of(OLD), replaced(headers, "webhook-signature", fits)))
        .isInstanceOf(Verified.class);
    assertRejected(
        verify(List.of(OLD), replaced(headers, "webhook-signature", "v1,x " + fits)),
        Rejection.TooManyItems,
        "more than 16 items");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "+1", " 1795348800", "1795348800abc", "-1", "1.7e9", "123456789012345"})
  void onlyDigitsAreAUnixTimestamp(String text) {
    assertRejected(
        verify(List.of(OLD), replaced(signed(List.of(OLD)), "webhook-timestamp", text)),
        Rejection.TimestampMalformed,
        "seconds since 1970");
  }

  @Test
  void theTextOfTheTimestampIsWhatIsSigned() {
    assertRejected(
        verify(
            List.of(OLD),
            replaced(signed(List.of(OLD)), "webhook-timestamp", "0" + NOON.getEpochSecond())),
        Rejection.SignatureMismatch,
        "1 key tried");
  }

  @Test
  void base64ThatIsNotCanonicalIsRefused() {
    List<Header> headers = signed(List.of(OLD));
    String item = headers.getLast().value();
    // The last character before the padding has two bits that decoding ignores.
    char last = item.charAt(item.length() - 2);
    String same = item.substring(0, item.length() - 2) + (char) (last + 1) + "=";
    assertRejected(
        verify(List.of(OLD), replaced(headers, "webhook-signature", same)),
        Rejection.SignatureMalformed,
        "canonical base64");
    assertRejected(
        verify(
            List.of(OLD),
            replaced(headers, "webhook-signature", item.substring(0, item.length() - 1))),
        Rejection.SignatureMalformed,
        "canonical base64");
  }

  @Test
  void upperCaseHexIsRefused() {
    Scheme github = scheme("github");
    List<SigningKey> keys = List.of(key("github", "It's a Secret to Everybody"));
    List<Header> headers =
        List.of(
            new Header(
                "X-Hub-Signature-256",
                "sha256=757107EA0EB2509FC211221CCE984B8A37570B6D7586C22C46F4379C8B043E17"));
    assertRejected(
        github.verify(keys, Received.post(headers, utf8("Hello, World!")), NOON),
        Rejection.SignatureMalformed,
        "lower-case hexadecimal");
  }

  @Test
  void withoutAKeyNothingVerifies() {
    assertRejected(verify(List.of(), signed(List.of(OLD))), Rejection.NoKey, "no live key");
  }

  @Test
  void anotherToleranceMayBeSet() {
    Scheme strict = STANDARD.withTolerance(Duration.ofSeconds(5));
    var request = Received.post(signed(List.of(OLD)), BODY);
    assertThat(strict.verify(List.of(OLD), request, NOON.plusSeconds(5)))
        .isInstanceOf(Verified.class);
    assertRejected(
        strict.verify(List.of(OLD), request, NOON.plusSeconds(6)),
        Rejection.TimestampOutsideTolerance,
        "timestamp is 6 s old, outside the tolerance of 5 s");
  }

  @Test
  void stripesIdComesFromTheBodyAndMayBeMissing() {
    Scheme stripe = scheme("stripe");
    List<SigningKey> keys = List.of(key("stripe", "whsec_test"));
    for (String id : List.of("evt_1", "")) {
      byte[] body = utf8(id.isEmpty() ? "no json" : "{\"id\":\"evt_1\"}");
      List<Header> headers = stripe.sign(keys, Message.post("msg_1", NOON, "", body));
      assertThat(stripe.verify(keys, Received.post(headers, body), NOON))
          .isEqualTo(new Verified(0, id.isEmpty() ? null : id, NOON));
    }
  }

  @Test
  void aSchemeWithOneSignatureTakesOneKey() {
    SigningKey key = key("github", "secret");
    assertThatThrownBy(
            () -> scheme("github").sign(List.of(key, key), Message.post("msg_1", NOON, "", BODY)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("carries one signature");
  }

  @Test
  void nothingIsSignedWithoutAKeyOrWithAClosedOne() {
    var message = Message.post("msg_1", NOON, "", BODY);
    assertThatThrownBy(() -> STANDARD.sign(List.of(), message))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("hold the delivery");
    SigningKey closed = key("standard-webhooks", "whsec_AAAA");
    closed.close();
    assertThatThrownBy(() -> STANDARD.sign(List.of(closed), message))
        .isInstanceOf(IllegalStateException.class);
  }

  private static List<Header> signed(List<SigningKey> keys) {
    return STANDARD.sign(keys, Message.post("msg_1", NOON, "https://example.com", BODY));
  }

  private static Verification verify(List<SigningKey> keys, List<Header> headers) {
    return STANDARD.verify(keys, Received.post(headers, BODY), NOON);
  }

  private static List<Header> replaced(List<Header> headers, String name, String value) {
    return headers.stream()
        .map(header -> header.name().equals(name) ? new Header(name, value) : header)
        .toList();
  }

  private static void assertRejected(Verification verdict, Rejection reason, String message) {
    assertThat(verdict)
        .isInstanceOfSatisfying(
            Rejected.class,
            rejected -> {
              assertThat(rejected.reason()).isEqualTo(reason);
              assertThat(rejected.message()).contains(message);
            });
  }
}
