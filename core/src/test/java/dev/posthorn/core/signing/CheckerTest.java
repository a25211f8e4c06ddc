package dev.posthorn.core.signing;

import static dev.posthorn.core.signing.Schemes.key;
import static dev.posthorn.core.signing.Schemes.scheme;
import static dev.posthorn.core.signing.Schemes.utf8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.posthorn.core.signing.Verification.Rejected;
import dev.posthorn.core.signing.Verification.Verified;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CheckerTest {
  private static final Instant NOON = Instant.parse("2026-11-22T12:00:00Z");
  private static final String BODY = "{\"n\":1}";
  private static final String SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
  private static final String NOON_TEXT = Long.toString(NOON.getEpochSecond());
  private static final String OTHER = "whsec_AfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

  @Test
  void tellsThatTheFinalNewlineWasAdded() {
    for (String newline : List.of("\n", "\r\n")) {
      assertThat(hint("standard-webhooks", SECRET, SECRET, BODY + newline))
          .isEqualTo(
              "body differs: 1 key tried; it verifies after removing the final newline: hash the"
                  + " raw body");
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
        .isEqualTo(
            "key differs: 1 key tried; it verifies with a former key: the sender has not switched"
                + " to the new secret");
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
  void tellsThatTheFinalNewlineWasRemoved() {
    assertThat(hint(BODY + "\n", BODY))
        .isEqualTo(
            "body differs: 1 key tried; it verifies with a final newline, which was removed: hash"
                + " the raw body");
    assertThat(hint(BODY + "\r\n", BODY)).contains("with a final carriage return and newline");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        // as the sender wrote it | as somebody parsed and printed it | what is said
        "{'a':1.0,'b':['é',{}]}|{ 'a' : 1.0,\t'b': [ 'é', {} ]}|without spaces",
        "{'a':1,'b':'é\ud83d\ude00/'}|{'a': 1, 'b': '\\u00e9\\ud83d\\uDE00\\/'}|without spaces",
        "{'a':'\\u00e9'}|{'a':'é'}|without spaces and with non-ASCII escaped",
        "{'u':'http:\\/\\/x\\/\\u00e9'}|{'u':'http://x/é'}"
            + "|without spaces and with non-ASCII and slashes escaped, as PHP does",
        "{'a': 1, 'b': ['é', 2]}|{'a':1,'b':['é',2]}|with spaces after , and :",
        "{'a': '\\u00e9', 'b': [1, 2]}|{'a':'é','b':[1,2]}"
            + "|with spaces after , and : and with non-ASCII escaped, as Python does",
        "{'a':'\\n\\t\\'\\\\\\u0001'}|{ 'a': '\\u000a\\u0009\\u0022\\u005C\\u0001' }|without spaces",
        "{'n':12345678901234567890.10e+5}|{'n' : 12345678901234567890.10e+5}|without spaces",
      })
  void tellsThatTheJsonWasParsedAndPrinted(String sent, String checked, String spelling) {
    assertThat(hint(quoted(sent), quoted(checked)))
        .isEqualTo(
            "body differs: 1 key tried; it verifies with the JSON written "
                + spelling
                + ": hash the raw body, before any parser");
  }

  @Test
  void pythonsAndPhpsOwnOutputIsKnown() {
    // json.dumps({"name": "Żółć 🚀", "n": [1, 2.5], "o": {}}) and json_encode of the same
    String parsed = "{\"name\":\"Żółć 🚀\",\"n\":[1,2.5],\"o\":{}}";
    assertThat(
            hint(
                "{\"name\": \"\\u017b\\u00f3\\u0142\\u0107 \\ud83d\\ude80\", \"n\": [1, 2.5],"
                    + " \"o\": {}}",
                parsed))
        .contains("as Python does");
    assertThat(hint("{\"url\":\"https:\\/\\/a.example\\/\"}", "{\"url\":\"https://a.example/\"}"))
        .contains("as PHP does");
  }

  @Test
  void tellsThatTheSecretsFileHoldsALineEnd() {
    assertThat(hint("github", "secret\n", "secret", BODY))
        .isEqualTo(
            "key differs: 1 key tried; it verifies with a newline at the end of the secret: the"
                + " sender's file holds one, remove it");
    assertThat(hint("github", "secret", " secret\r\n", BODY))
        .contains("without the space around the secret");
  }

  @Test
  void tellsThatTheSenderTookTheSecretForHexadecimal() {
    Scheme hex = scheme("github").withKeyForm(KeyForm.Encoding.HEX, List.of());
    var message = Message.post("msg_1", NOON, "", utf8(BODY));
    var headers = hex.sign(List.of(key(hex, utf8("c0ffee"))), message);
    assertThat(message("github", "c0ffee", Received.post(headers, utf8(BODY))))
        .contains("it verifies with the secret decoded from hexadecimal");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "v1,<CR><LF> <SIG>"
            + "|after removing the line break inside a header's value: a proxy folds headers",
        "v1,x<LF>\tv1,<SIG>"
            + "|after turning into a space the line break inside a header's value: a proxy folds"
            + " headers",
        "v1, <SIG>"
            + "|after removing all spaces in the headers: a proxy or a copy by hand changes them",
        "v1,<SIG>, v1,x"
            + "|after splitting headers at \", \": a proxy joins repeated header lines",
      })
  void tellsThatAProxyChangedTheHeader(String received, String hint) {
    var headers = signed("standard-webhooks", SECRET, BODY).headers();
    String item = headers.getLast().value().substring("v1,".length());
    String value = received.replace("<SIG>", item).replace("<CR>", "\r").replace("<LF>", "\n");
    assertThat(message("standard-webhooks", SECRET, with(headers, "webhook-signature", value)))
        .isEqualTo("header differs: 1 key tried; it verifies " + hint);
  }

  @Test
  void tellsThatAProxyJoinedARepeatedHeader() {
    var headers = signed("standard-webhooks", SECRET, BODY).headers();
    for (String name : List.of("webhook-id", "webhook-timestamp")) {
      String value =
          headers.stream().filter(h -> h.name().equals(name)).findFirst().orElseThrow().value();
      assertThat(message("standard-webhooks", SECRET, with(headers, name, value + ", " + value)))
          .startsWith("header differs: 1 key tried; it verifies after splitting headers at \", \"");
    }
  }

  @Test
  void tellsThatAProxySplitALongHeader() {
    var header = signed("github", "secret", BODY).headers().getLast();
    var lines =
        List.of(
            new Header(header.name(), header.value().substring(0, 30)),
            new Header(header.name(), header.value().substring(30)));
    assertThat(message("github", "secret", Received.post(lines, utf8(BODY))))
        .isEqualTo(
            "header differs: 1 key tried; it verifies after joining repeated header lines: a proxy"
                + " splits long headers");
  }

  @Test
  void tellsThatTheHeaderHasExtraSpace() {
    var headers = signed("standard-webhooks", SECRET, BODY).headers();
    String value = "v1,x   " + headers.getLast().value();
    assertThat(
            message(
                "standard-webhooks", SECRET, with(headers, "webhook-timestamp", NOON_TEXT + " ")))
        .isEqualTo(
            "header differs: 1 key tried; it verifies after removing extra spaces in the headers: a"
                + " proxy or a copy by hand changes them");
    assertThat(message("standard-webhooks", OTHER, with(headers, "webhook-signature", value)))
        .doesNotContain("it verifies");
  }

  @Test
  void tellsThatTheTimestampIsInMilliseconds() {
    var millis = NOON_TEXT + "000";
    assertThat(message("slack", SECRET, slack(millis)))
        .isEqualTo(
            "timestamp differs: 1 key tried; it verifies when its timestamp is read as"
                + " milliseconds: the scheme has seconds");
  }

  @Test
  void tellsThatTheTimestampIsInSecondsWhereMillisecondsAreMeant() {
    Scheme hubspot = scheme("hubspot-v3.posthorn.dev");
    byte[] body = utf8(BODY);
    String signature = Base64.getEncoder().encodeToString(hmac("POST" + BODY + NOON_TEXT));
    var headers =
        List.of(
            new Header("X-HubSpot-Request-Timestamp", NOON_TEXT),
            new Header("X-HubSpot-Signature-v3", signature));
    var verdict =
        Checker.check(
            hubspot, List.of(utf8(SECRET)), List.of(), Received.post(headers, body), NOON);
    assertThat(verdict)
        .isEqualTo(
            new Rejected(
                Rejection.TimestampOutsideTolerance,
                "timestamp differs: 1 key tried; it verifies when its timestamp is read as"
                    + " seconds: the scheme has milliseconds"));
  }

  @Test
  void tellsThatATimestampIsAnRfc3339Time() {
    assertThat(message("slack", SECRET, slack(NOON.toString())))
        .contains("when its timestamp is read as RFC 3339: the scheme has seconds");
  }

  @Test
  void tellsThatOnlyTheTimeIsWrong() {
    var request = signed("standard-webhooks", SECRET, BODY);
    var verdict =
        Checker.check(
            scheme("standard-webhooks"),
            List.of(utf8(SECRET)),
            List.of(),
            request,
            NOON.plusSeconds(412));
    assertThat(((Rejected) verdict).message())
        .isEqualTo(
            "timestamp is 412 s old, outside the tolerance of 300 s: check the sender's clock, or a"
                + " queue between him and this check; the signature itself is right");
  }

  @Test
  void countsTheKeysThatWereTried() {
    var request = signed("standard-webhooks", SECRET, BODY);
    var verdict =
        Checker.check(
            scheme("standard-webhooks"),
            List.of(utf8(OTHER), utf8(SECRET), utf8(OTHER)),
            List.of(),
            Received.post(request.headers(), utf8(BODY + "\n")),
            NOON);
    assertThat(((Rejected) verdict).message())
        .isEqualTo(
            "body differs: 3 keys tried; it verifies after removing the final newline: hash the raw"
                + " body");
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

  /** What is said when a Standard Webhooks body is not the one that was signed. */
  private static String hint(String sent, String checked) {
    Received signed = signed("standard-webhooks", SECRET, sent);
    return message("standard-webhooks", SECRET, Received.post(signed.headers(), utf8(checked)));
  }

  private static String quoted(String json) {
    return json.replace('\'', '"');
  }

  private static Received with(List<Header> headers, String name, String value) {
    return Received.post(
        headers.stream()
            .map(header -> header.name().equals(name) ? new Header(name, value) : header)
            .toList(),
        utf8(BODY));
  }

  /** Slack's request with the time as the sender wrote it, which is what is signed. */
  private static Received slack(String time) {
    String signature = HexFormat.of().formatHex(hmac("v0:" + time + ":" + BODY));
    return Received.post(
        List.of(
            new Header("X-Slack-Request-Timestamp", time),
            new Header("X-Slack-Signature", "v0=" + signature)),
        utf8(BODY));
  }

  private static byte[] hmac(String content) {
    try {
      var mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(utf8(SECRET), "HmacSHA256"));
      return mac.doFinal(utf8(content));
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    }
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
