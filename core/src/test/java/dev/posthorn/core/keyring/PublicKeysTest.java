package dev.posthorn.core.keyring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.posthorn.core.signing.BuiltInSchemes;
import dev.posthorn.core.signing.KeyReading;
import dev.posthorn.core.signing.Message;
import dev.posthorn.core.signing.Received;
import dev.posthorn.core.signing.SchemeReading;
import dev.posthorn.core.signing.Verification;
import dev.posthorn.crds.SigningSecretSpec.KeyFormat;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PublicKeysTest {
  @Test
  void thePublicKeyOfAGeneratedPairVerifiesWhatThePairSigned() {
    byte[] pair = pair(KeyFormat.Whsec);
    byte[] publicKey = Objects.requireNonNull(PublicKeys.of(pair)).getBytes(StandardCharsets.UTF_8);
    var scheme =
        ((SchemeReading.Compiled) BuiltInSchemes.load().find("standard-webhooks-ed25519")).scheme();
    var message =
        new Message("msg_1", Story.NOON, "POST", "https://a.example/", List.of(), new byte[] {'1'});
    var headers = scheme.sign(List.of(((KeyReading.Usable) scheme.key(pair)).key()), message);
    var verdict =
        scheme.verify(
            List.of(((KeyReading.Usable) scheme.key(publicKey)).key()),
            new Received("POST", "https://a.example/", headers, new byte[] {'1'}),
            Story.NOON);
    assertThat(verdict).isInstanceOf(Verification.Verified.class);
  }

  @ParameterizedTest
  @CsvSource({
    "Whsec, whpk_[A-Za-z0-9+/]{43}=",
    "Base64, [A-Za-z0-9+/]{43}=",
    "Hex, [0-9a-f]{64}",
    "Utf8, [A-Za-z0-9_-]{43}"
  })
  void theHalfIsWrittenAsThePairIs(KeyFormat format, String pattern) {
    assertThat(PublicKeys.of(pair(format))).matches(pattern);
  }

  @Test
  void whatIsNoKeyHasNoPublicKey() {
    assertThat(PublicKeys.of("whsk_abc".getBytes(StandardCharsets.UTF_8))).isNull();
    assertThat(PublicKeys.isPair("HmacSha256")).isFalse();
    assertThat(PublicKeys.isPair("Ed25519")).isTrue();
  }

  private static byte[] pair(KeyFormat format) {
    Story story = Story.seeded(Wishes.generated(format).ed25519(), 11);
    return Objects.requireNonNull(story.version(1).material()).bytes();
  }
}
