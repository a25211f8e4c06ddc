package dev.posthorn.e2e.delivery;

import com.standardwebhooks.Webhook;
import com.standardwebhooks.exceptions.EmptyWebhookSecretException;
import com.standardwebhooks.exceptions.WebhookVerificationException;
import com.stripe.exception.SignatureVerificationException;
import dev.posthorn.e2e.fixture.Received;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * How a receiver verifies: with the vendor's own library where there is one, else with the
 * published algorithm; never with code of Posthorn.
 */
enum Scheme {
  STANDARD_WEBHOOKS("standard-webhooks", "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw") {
    @Override
    boolean verifies(Received request) {
      try {
        new Webhook(secret()).verify(request.text(), request.headers());
        return true;
      } catch (EmptyWebhookSecretException | WebhookVerificationException wrong) {
        return false;
      }
    }
  },
  STRIPE("stripe", "whsec_stripe_8yH2mNq4T") {
    @Override
    boolean verifies(Received request) {
      try {
        String signature = request.header("stripe-signature");
        return com.stripe.net.Webhook.Signature.verifyHeader(
            request.text(), signature, secret(), 300);
      } catch (SignatureVerificationException wrong) {
        return false;
      }
    }
  },
  /** https://docs.github.com/en/webhooks/using-webhooks/validating-webhook-deliveries */
  GITHUB("github", "It's a Secret to Everybody") {
    @Override
    boolean verifies(Received request) {
      return same(request.header("x-hub-signature-256"), "sha256=" + hmac("", request.body()));
    }
  },
  /** The whole text of the secret is the key; seeds of the scheme verify exactly so. */
  MEEVA("meeva", "whsec_meeva_5kQ0aZ7c") {
    @Override
    boolean verifies(Received request) {
      return same(request.header("meeva-signature"), "sha256=" + hmac("", request.body()));
    }
  },
  WSS("wss", "wss-shared-secret-01") {
    @Override
    boolean verifies(Received request) {
      String time = request.header("x-wss-timestamp");
      return same(request.header("x-wss-signature"), hmac(time, request.body()));
    }
  },
  NONE("none", "") {
    @Override
    boolean verifies(Received request) {
      return request.headers().map().keySet().stream()
          .noneMatch(name -> name.toLowerCase(java.util.Locale.ROOT).contains("signature"));
    }
  };

  private final String title;
  private final String secret;

  Scheme(String title, String secret) {
    this.title = title;
    this.secret = secret;
  }

  /** As manifests name it. */
  String title() {
    return title;
  }

  /** What both sides share. */
  String secret() {
    return secret;
  }

  /** Whether the request is signed with {@link #secret()}. */
  abstract boolean verifies(Received request);

  String hmac(String before, byte[] body) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
      mac.update(before.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(mac.doFinal(body));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static boolean same(String given, String expected) {
    return MessageDigest.isEqual(
        given.getBytes(StandardCharsets.UTF_8), expected.getBytes(StandardCharsets.UTF_8));
  }
}
