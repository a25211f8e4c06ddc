package dev.posthorn.cli.demo;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.Base64;
import java.util.HexFormat;
import java.util.function.UnaryOperator;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * How a customer verifies, written from the public documents of each scheme and on purpose without
 * Posthorn's own signing code: raw body, constant time, tolerance.
 */
@FunctionalInterface
interface CustomerCheck {
  /** Five minutes, as Standard Webhooks and Stripe recommend. */
  long TOLERANCE_SECONDS = 300;

  /**
   * Whether the request is signed with {@code secret}.
   *
   * @param header value of a header by its name, null when it is absent
   */
  boolean verifies(UnaryOperator<@Nullable String> header, byte[] body, String secret, Instant now);

  /** https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md */
  static boolean standardWebhooks(
      UnaryOperator<@Nullable String> header, byte[] body, String secret, Instant now) {
    String id = header.apply("webhook-id");
    String time = header.apply("webhook-timestamp");
    String signatures = header.apply("webhook-signature");
    if (id == null || time == null || signatures == null || !fresh(time, now)) {
      return false;
    }
    byte[] key = Base64.getDecoder().decode(secret.substring("whsec_".length()));
    byte[] expected = hmac(key, id + "." + time + ".", body);
    for (String signature : signatures.split(" ", -1)) {
      if (signature.startsWith("v1,")
          && same(expected, Base64.getDecoder().decode(signature.substring(3)))) {
        return true;
      }
    }
    return false;
  }

  /** https://docs.stripe.com/webhooks#verify-manually */
  static boolean stripe(
      UnaryOperator<@Nullable String> header, byte[] body, String secret, Instant now) {
    String signature = header.apply("stripe-signature");
    if (signature == null) {
      return false;
    }
    String time = "";
    boolean matches = false;
    for (String part : signature.split(",", -1)) {
      if (part.startsWith("t=")) {
        time = part.substring(2);
      } else if (part.startsWith("v1=")) {
        byte[] expected = hmac(utf8(secret), time + ".", body);
        matches |= same(expected, HexFormat.of().parseHex(part.substring(3)));
      }
    }
    return matches && fresh(time, now);
  }

  /** https://docs.github.com/en/webhooks/using-webhooks/validating-webhook-deliveries */
  static boolean github(
      UnaryOperator<@Nullable String> header, byte[] body, String secret, Instant now) {
    String signature = header.apply("x-hub-signature-256");
    return signature != null
        && signature.startsWith("sha256=")
        && same(hmac(utf8(secret), "", body), HexFormat.of().parseHex(signature.substring(7)));
  }

  private static boolean fresh(String unixSeconds, Instant now) {
    return unixSeconds.matches("[0-9]{1,12}")
        && Math.abs(now.getEpochSecond() - Long.parseLong(unixSeconds)) <= TOLERANCE_SECONDS;
  }

  private static byte[] hmac(byte[] key, String before, byte[] body) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(key, "HmacSHA256"));
      mac.update(utf8(before));
      return mac.doFinal(body);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform has HmacSHA256", e);
    }
  }

  private static boolean same(byte[] expected, byte[] given) {
    return MessageDigest.isEqual(expected, given);
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
