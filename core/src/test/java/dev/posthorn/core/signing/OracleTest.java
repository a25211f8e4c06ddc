package dev.posthorn.core.signing;

import static dev.posthorn.core.signing.Schemes.key;
import static dev.posthorn.core.signing.Schemes.scheme;
import static dev.posthorn.core.signing.Schemes.utf8;
import static org.assertj.core.api.Assertions.assertThat;

import com.standardwebhooks.Webhook;
import com.stripe.net.Webhook.Signature;
import dev.posthorn.core.signing.Verification.Verified;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Collectors;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.constraints.StringLength;

/** Random bodies in both directions against the vendors' libraries and published algorithms. */
class OracleTest {
  private static final String STRIPE_SECRET = "whsec_test_secret";

  @Property(tries = 500)
  void standardWebhooksLibraryVerifiesWhatWeSign(
      @ForAll @StringLength(max = 2000) String body, @ForAll @Size(32) byte[] raw)
      throws Exception {
    String secret = "whsec_" + Base64.getEncoder().encodeToString(raw);
    // The library reads the system's clock, so the test must too.
    var now = Clock.systemUTC().instant();
    var scheme = scheme("standard-webhooks");
    var headers =
        scheme.sign(
            List.of(key("standard-webhooks", secret)), Message.post("msg_1", now, "", utf8(body)));
    new Webhook(secret)
        .verify(
            new String(utf8(body), StandardCharsets.UTF_8),
            headers.stream().collect(Collectors.toMap(Header::name, h -> List.of(h.value()))));
  }

  @Property(tries = 500)
  void weVerifyWhatTheStandardWebhooksLibrarySigns(
      @ForAll @StringLength(max = 2000) String text,
      @ForAll @Size(32) byte[] raw,
      @ForAll @LongRange(min = 0, max = 4_000_000_000L) long seconds)
      throws Exception {
    byte[] body = utf8(text);
    String sent = new String(body, StandardCharsets.UTF_8);
    String secret = "whsec_" + Base64.getEncoder().encodeToString(raw);
    var headers =
        List.of(
            new Header("Webhook-Id", "msg_1"),
            new Header("Webhook-Timestamp", Long.toString(seconds)),
            new Header("Webhook-Signature", new Webhook(secret).sign("msg_1", seconds, sent)));
    var time = Instant.ofEpochSecond(seconds);
    assertThat(
            scheme("standard-webhooks")
                .verify(
                    List.of(key("standard-webhooks", secret)), Received.post(headers, body), time))
        .isEqualTo(new Verified(0, "msg_1", time));
  }

  @Property(tries = 500)
  void stripeLibraryVerifiesWhatWeSign(
      @ForAll @StringLength(max = 2000) String body,
      @ForAll @LongRange(min = 1, max = 4_000_000_000L) long seconds)
      throws Exception {
    var time = Instant.ofEpochSecond(seconds);
    byte[] bytes = utf8(body);
    var keys = List.of(key("stripe", "whsec_new"), key("stripe", STRIPE_SECRET));
    var headers = scheme("stripe").sign(keys, Message.post("msg_1", time, "", bytes));
    assertThat(
            Signature.verifyHeader(
                new String(bytes, StandardCharsets.UTF_8),
                headers.getFirst().value(),
                STRIPE_SECRET,
                300,
                Clock.fixed(time, ZoneOffset.UTC)))
        .isTrue();
  }

  @Property(tries = 500)
  void bytesThatAreNoTextAreSignedAsTheyAre(
      @ForAll @Size(max = 2000) byte[] body, @ForAll @Size(min = 1, max = 100) byte[] secret)
      throws Exception {
    var time = Instant.ofEpochSecond(1_700_000_000);
    String b = HexFormat.of().formatHex(hmac(secret, body));
    String tsB = HexFormat.of().formatHex(hmac(secret, utf8("1700000000"), body));
    String isoB = HexFormat.of().formatHex(hmac(secret, utf8("2023-11-14T22:13:20Z"), body));
    String base64 = Base64.getEncoder().encodeToString(hmac(secret, body));
    assertSigned("meeva", secret, body, time, new Header("Meeva-Signature", "sha256=" + b));
    assertSigned("wss", secret, body, time, new Header("X-WSS-Signature", tsB));
    assertSigned("wss-iso8601", secret, body, time, new Header("X-WSS-Signature", isoB));
    assertSigned("hex", secret, body, time, new Header("X-Signature", b));
    assertSigned("base64", secret, body, time, new Header("X-Signature", base64));
  }

  private static void assertSigned(
      String name, byte[] secret, byte[] body, Instant time, Header expected) {
    Scheme scheme = scheme(name);
    var keys = List.of(key(scheme, secret));
    var headers = scheme.sign(keys, Message.post("msg_1", time, "", body));
    assertThat(headers).contains(expected);
    assertThat(scheme.verify(keys, Received.post(headers, body), time))
        .isInstanceOf(Verified.class);
  }

  private static byte[] hmac(byte[] secret, byte[]... parts) throws Exception {
    var mac = Mac.getInstance("HmacSHA256");
    mac.init(new SecretKeySpec(secret, "HmacSHA256"));
    for (byte[] part : parts) {
      mac.update(part);
    }
    return mac.doFinal();
  }
}
