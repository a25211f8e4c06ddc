package dev.posthorn.core.signing;

import static dev.posthorn.core.signing.Schemes.key;
import static dev.posthorn.core.signing.Schemes.scheme;
import static dev.posthorn.core.signing.Schemes.utf8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.posthorn.core.expression.Expressions;
import dev.posthorn.core.keyring.PublicKeys;
import dev.posthorn.core.resolve.Known;
import dev.posthorn.core.resolve.ManifestFile;
import dev.posthorn.core.resolve.ManifestReader;
import dev.posthorn.core.resolve.ResolveOptions;
import dev.posthorn.core.resolve.Resolver;
import dev.posthorn.core.signing.Verification.Rejected;
import dev.posthorn.core.signing.Verification.Verified;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Key pairs, from the declared secret to the receiver who has the public half only. */
class Ed25519Test {
  private static final Instant NOON = Instant.parse("2026-11-22T12:00:00Z");
  private static final byte[] BODY = utf8("{\"n\":1}");
  private static final Scheme SCHEME = scheme("standard-webhooks-ed25519");

  /** Those of the specification's reference vectors; see {@code vectors.json}. */
  private static final String SECRET =
      "whsk_6Xb/dCcHpPea21PS1N9VY/NZW723CEc77N4rJCubMbfVKIDij2HKpMKkioLlX0dRqSKJp4AJ6p9lMicMFs6Kvg==";

  private static final String PUBLIC = "whpk_1SiA4o9hyqTCpIqC5V9HUakiiaeACeqfZTInDBbOir4=";

  @Test
  void aGeneratedPairSignsAndItsPublicHalfVerifies() {
    byte[] secret = generated("{algorithm: Ed25519}");
    assertThat(new String(secret, StandardCharsets.US_ASCII)).matches("whsk_[A-Za-z0-9+/]{86}==");
    String published = Objects.requireNonNull(PublicKeys.of(secret));
    assertThat(published).matches("whpk_[A-Za-z0-9+/]{43}=");
    List<Header> headers =
        SCHEME.sign(List.of(key(SCHEME, secret)), Message.post("msg_1", NOON, "", BODY));
    SigningKey verifying = key(SCHEME, utf8(published));
    assertThat(SCHEME.verify(List.of(verifying), Received.post(headers, BODY), NOON))
        .isEqualTo(new Verified(0, "msg_1", NOON));
    assertThat(SCHEME.verify(List.of(verifying), Received.post(headers, utf8("{}")), NOON))
        .isInstanceOf(Rejected.class);
  }

  @Test
  void thePublicHalfOfTheReferenceVectorIsTheirs() {
    assertThat(PublicKeys.of(utf8(SECRET))).isEqualTo(PUBLIC);
    assertThat(PublicKeys.of(utf8(PUBLIC))).isEqualTo(PUBLIC);
    assertThat(PublicKeys.of(utf8("whsk_AAAA"))).isNull();
  }

  @Test
  void aPublicKeySaysThatItOnlyVerifies() {
    SigningKey verifying = key(SCHEME, utf8(PUBLIC));
    assertThat(verifying.signs()).isFalse();
    assertThat(key(SCHEME, utf8(SECRET)).signs()).isTrue();
    assertThatThrownBy(() -> SCHEME.sign(List.of(verifying), Message.post("msg_1", NOON, "", BODY)))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("key is public and can only verify: configure the private key to sign");
  }

  @Test
  void twoHalvesThatDoNotBelongTogetherAreNoKey() {
    byte[] pair = Base64.getDecoder().decode(SECRET.substring("whsk_".length()));
    pair[0] ^= 1;
    byte[] mixed = utf8("whsk_" + Base64.getEncoder().encodeToString(pair));
    assertThat(SCHEME.key(mixed))
        .isEqualTo(
            new KeyReading.Unusable(
                new SchemeFinding(
                    "key",
                    "the secret is not a key for Ed25519: it takes 64 bytes (seed and its public"
                        + " key), or 32 (public key) to verify only")));
  }

  private static byte[] generated(String spec) {
    String manifest =
        """
        apiVersion: posthorn.dev/v1alpha1
        kind: SigningSecret
        metadata: {name: acme-orders}
        spec: %s
        """
            .formatted(spec);
    var resources =
        new ManifestReader().read(List.of(new ManifestFile("in.yaml", manifest))).resources();
    var resolver =
        new Resolver(BuiltInSchemes.load(), new Expressions(() -> 0), ResolveOptions.DEFAULT);
    var keys =
        resolver
            .resolve(resources, Known.NOTHING, NOON, new Random(1))
            .configuration()
            .keys()
            .values()
            .iterator()
            .next();
    return Objects.requireNonNull(keys.keyring().versions().getFirst().material()).bytes();
  }
}
