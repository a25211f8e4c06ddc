package dev.posthorn.core.signing;

import static dev.posthorn.core.signing.Schemes.scheme;
import static org.assertj.core.api.Assertions.assertThat;

import dev.posthorn.core.signing.Verification.Rejected;
import dev.posthorn.core.signing.Verification.Verified;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Requests that other implementations signed. */
class VectorsTest {
  private static final String POSITIVE = "dev.posthorn.core.signing.Vector#positive";
  private static final String NEGATIVE = "dev.posthorn.core.signing.Vector#negative";

  /** Headers that are sent but not covered by the signature. */
  private static final List<String> UNSIGNED =
      List.of(
          "X-GitHub-Delivery",
          "X-Shopify-Webhook-Id",
          "X-Webhook-Id",
          "Linear-Delivery",
          "X-Request-UUID",
          "X-Zendesk-Webhook-Invocation-Id",
          "protocol");

  @ParameterizedTest
  @MethodSource("signed")
  void signsLikeTheOthers(Vector vector) {
    Scheme scheme = scheme(vector.scheme());
    var message = Message.post(vector.id(), vector.time(), vector.url(), vector.bytes());
    assertThat(scheme.sign(vector.keys(), message)).isEqualTo(vector.headers());
  }

  @Test
  void everySchemeThatComesWithTheProgramHasARequestOfSomebodyElse() {
    var all = new TreeSet<>(Schemes.BUILT_IN.names());
    all.addAll(Schemes.shipped());
    all.remove("none");
    assertThat(Vector.positive().map(Vector::scheme).distinct())
        .containsExactlyInAnyOrderElementsOf(all);
  }

  @ParameterizedTest
  @MethodSource(POSITIVE)
  void verifiesWithEachOfTheKeysAlone(Vector vector) {
    for (SigningKey key : vector.keys()) {
      assertThat(scheme(vector.scheme()).verify(List.of(key), vector.received(), vector.time()))
          .isInstanceOf(Verified.class);
    }
  }

  @ParameterizedTest
  @MethodSource(NEGATIVE)
  void rejectsForTheDocumentedReason(Vector vector) {
    assertThat(scheme(vector.scheme()).verify(vector.keys(), vector.received(), vector.time()))
        .isInstanceOfSatisfying(
            Rejected.class,
            rejected -> assertThat(rejected.reason()).hasToString(vector.rejection()));
  }

  @ParameterizedTest
  @MethodSource(POSITIVE)
  void oneBitOfTheBodyChangedFails(Vector vector) {
    byte[] body = vector.bytes();
    List<SigningKey> keys = vector.keys();
    for (int bit = 0; bit < 8 * body.length; bit += step(vector)) {
      flip(body, bit);
      assertThat(verify(vector, keys, vector.headers(), body))
          .as("bit %s of the body", bit)
          .isInstanceOf(Rejected.class);
      flip(body, bit);
    }
  }

  @ParameterizedTest
  @MethodSource("withOneSignature")
  void oneBitOfASignedHeaderChangedFails(Vector vector) {
    List<SigningKey> keys = vector.keys();
    for (int index = 0; index < vector.headers().size(); index++) {
      Header header = vector.headers().get(index);
      byte[] value = header.value().getBytes(StandardCharsets.ISO_8859_1);
      for (int bit = 0; !isUnsigned(header) && bit < 8 * value.length; bit += step(vector)) {
        flip(value, bit);
        var headers = new ArrayList<>(vector.headers());
        headers.set(
            index, new Header(header.name(), new String(value, StandardCharsets.ISO_8859_1)));
        assertThat(verify(vector, keys, headers, vector.bytes()))
            .as("bit %s of %s", bit, header.name())
            .isInstanceOf(Rejected.class);
        flip(value, bit);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("withSharedSecret")
  void oneBitOfTheSecretChangedFails(Vector vector) {
    Scheme scheme = scheme(vector.scheme());
    byte[] secret = vector.secret();
    String original = new String(secret, StandardCharsets.UTF_8);
    int prefix = vector.scheme().matches("standard-webhooks|svix|gitlab.*") ? "whsec_".length() : 0;
    for (int bit = 8 * prefix; bit < 8 * secret.length; bit++) {
      flip(secret, bit);
      boolean sameHex =
          vector.scheme().startsWith("adyen")
              && original.equalsIgnoreCase(new String(secret, StandardCharsets.ISO_8859_1));
      if (!sameHex && scheme.key(secret) instanceof KeyReading.Usable usable) {
        assertThat(verify(vector, List.of(usable.key()), vector.headers(), vector.bytes()))
            .as("bit %s of the secret", bit)
            .isInstanceOf(Rejected.class);
      }
      flip(secret, bit);
    }
  }

  @ParameterizedTest
  @MethodSource("withKeyPair")
  void oneBitOfTheKeyPairChangedFails(Vector vector) {
    Scheme scheme = scheme(vector.scheme());
    String text = new String(vector.secret(), StandardCharsets.UTF_8);
    boolean hex = vector.scheme().startsWith("discord");
    String prefix = text.startsWith("wh") ? text.substring(0, "whpk_".length()) : "";
    String encoded = text.substring(prefix.length());
    byte[] key = hex ? HexFormat.of().parseHex(encoded) : Base64.getDecoder().decode(encoded);
    for (int bit = 0; bit < 8 * key.length; bit += 3) {
      flip(key, bit);
      String changed =
          hex ? HexFormat.of().formatHex(key) : Base64.getEncoder().encodeToString(key);
      if (scheme.key((prefix + changed).getBytes(StandardCharsets.UTF_8))
          instanceof KeyReading.Usable usable) {
        assertThat(verify(vector, List.of(usable.key()), vector.headers(), vector.bytes()))
            .as("bit %s of the key", bit)
            .isInstanceOf(Rejected.class);
      }
      flip(key, bit);
    }
  }

  @ParameterizedTest
  @MethodSource("dated")
  void theToleranceIsExactToTheSecondBothWays(Vector vector) {
    Scheme scheme = scheme(vector.scheme());
    List<SigningKey> keys = vector.keys();
    long tolerance = vector.tolerance().toSeconds();
    for (long edge : List.of(-tolerance, tolerance)) {
      assertThat(scheme.verify(keys, vector.received(), vector.time().plusSeconds(edge)))
          .isInstanceOf(Verified.class);
      assertThat(
              scheme.verify(
                  keys, vector.received(), vector.time().plusSeconds(edge + Long.signum(edge))))
          .isInstanceOfSatisfying(
              Rejected.class,
              rejected -> {
                assertThat(rejected.reason()).isEqualTo(Rejection.TimestampOutsideTolerance);
                assertThat(rejected.message())
                    .contains((tolerance + 1) + " s")
                    .contains(
                        "outside the tolerance of " + tolerance + " s: check the sender's clock");
              });
    }
  }

  private static Stream<Vector> signed() {
    return Vector.positive().filter(Vector::signs);
  }

  private static Stream<Vector> withOneSignature() {
    return Vector.positive()
        .filter(vector -> vector.headers().stream().noneMatch(VectorsTest::holdsSeveralSignatures));
  }

  private static Stream<Vector> withSharedSecret() {
    return Vector.positive()
        .filter(vector -> !vector.scheme().matches(".*ed25519|discord.*|sendgrid"));
  }

  private static Stream<Vector> withKeyPair() {
    return Vector.positive()
        .filter(vector -> vector.scheme().matches(".*ed25519|discord.*|sendgrid"));
  }

  private static Stream<Vector> dated() {
    return Vector.positive()
        .filter(vector ->
            scheme(vector.scheme()).verify(vector.keys(), vector.received(), vector.time())
                    instanceof Verified verified
                && verified.timestamp() != null);
  }

  private static Verification verify(
      Vector vector, List<SigningKey> keys, List<Header> headers, byte[] body) {
    return scheme(vector.scheme()).verify(keys, vector.received(headers, body), vector.time());
  }

  private static boolean holdsSeveralSignatures(Header header) {
    return header.value().matches(".*(v1=.*v1=|h1=.*h1=|v1,.*v1a,).*");
  }

  private static boolean isUnsigned(Header header) {
    return UNSIGNED.contains(header.name());
  }

  /** Every bit, but where each check costs a public key's arithmetic. */
  private static int step(Vector vector) {
    return vector.scheme().matches(".*ed25519|discord.*|sendgrid") ? 13 : 1;
  }

  private static void flip(byte[] bytes, int bit) {
    bytes[bit / 8] ^= (byte) (1 << (bit % 8));
  }
}
