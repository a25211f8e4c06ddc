package dev.posthorn.e2e.oracle;

import static org.assertj.core.api.Assertions.assertThat;

import dev.posthorn.core.signing.Header;
import dev.posthorn.core.signing.KeyReading;
import dev.posthorn.core.signing.Message;
import dev.posthorn.core.signing.Scheme;
import dev.posthorn.core.signing.SigningKey;
import dev.posthorn.core.signing.Verification;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests that we sign, judged by the vendors' libraries, and theirs judged by us. */
class OracleIT {
  private static final int CASES = 500;

  /** Another one in each run; a failure says which, and {@code -Dposthorn.seed} repeats it. */
  private static final long SEED = Long.getLong("posthorn.seed", System.nanoTime());

  private static NodeLibraries libraries;

  @BeforeAll
  static void start() throws Exception {
    libraries = NodeLibraries.start();
  }

  @AfterAll
  static void stop() throws Exception {
    if (libraries != null) {
      libraries.end();
    }
  }

  static Stream<Oracle> weSign() {
    return Stream.of(Oracle.values()).filter(oracle -> oracle.scheme().signs());
  }

  static Stream<Oracle> theySign() {
    return Stream.of(Oracle.values()).filter(Oracle::signs);
  }

  @ParameterizedTest
  @MethodSource("weSign")
  void theLibraryVerifiesWhatWeSign(Oracle oracle) throws IOException {
    var random = new Random(SEED);
    List<Case> signed = cases(oracle, random).stream().map(each -> signed(oracle, each)).toList();
    assertVerdicts(oracle, signed, random);
  }

  @ParameterizedTest
  @MethodSource("theySign")
  void weVerifyWhatTheLibrarySigns(Oracle oracle) throws IOException {
    var random = new Random(SEED);
    List<Case> signed = libraries.sign(oracle, cases(oracle, random));
    for (Case each : signed) {
      assertThat(verify(oracle, each))
          .as("seed %d: %s", SEED, each)
          .isInstanceOf(Verification.Verified.class);
      assertThat(verify(oracle, each.withFlippedBit(random)))
          .as("seed %d, one bit changed: %s", SEED, each)
          .isInstanceOf(Verification.Rejected.class);
    }
    assertVerdicts(oracle, signed, random);
  }

  /** Several keys sign during a rotation; a receiver has one of them. */
  @ParameterizedTest
  @EnumSource(
      names = {"STANDARD_WEBHOOKS", "SVIX", "STRIPE", "STANDARD_WEBHOOKS_ED25519", "GITLAB"})
  void theLibraryFindsItsSignatureAmongThoseOfAnOverlap(Oracle oracle) throws IOException {
    var random = new Random(SEED);
    var signed = new ArrayList<Case>();
    for (Case each : cases(oracle, random).subList(0, 50)) {
      SigningKey other = key(oracle.scheme(), oracle.secrets().make(random).signing());
      SigningKey own = key(oracle.scheme(), each.secret().signing());
      var keys = random.nextBoolean() ? List.of(other, own) : List.of(own, other);
      signed.add(each.with(oracle.scheme().sign(keys, message(each))));
    }
    assertVerdicts(oracle, signed, random);
  }

  /** The library must refuse too, or its consent would mean nothing. */
  @ParameterizedTest
  @ValueSource(ints = {-1, 1})
  void aTimestampThatIsNotTheSignedOneIsRefusedByBoth(int seconds) throws IOException {
    var random = new Random(SEED);
    for (Oracle oracle : List.of(Oracle.STANDARD_WEBHOOKS, Oracle.STRIPE, Oracle.SLACK)) {
      var moved = new ArrayList<Case>();
      for (Case each : cases(oracle, random).subList(0, 20)) {
        String time = Long.toString(each.time().getEpochSecond());
        String other = Long.toString(each.time().getEpochSecond() + seconds);
        Case signed = signed(oracle, each);
        moved.add(
            signed.with(
                signed.headers().stream()
                    .map(header -> new Header(header.name(), header.value().replace(time, other)))
                    .toList()));
      }
      assertThat(libraries.verify(oracle, moved)).as(oracle.title()).containsOnly(false);
      assertThat(moved)
          .allSatisfy(
              each -> assertThat(verify(oracle, each)).isInstanceOf(Verification.Rejected.class));
    }
  }

  private static void assertVerdicts(Oracle oracle, List<Case> signed, Random random)
      throws IOException {
    List<Boolean> verdicts = libraries.verify(oracle, signed);
    for (int i = 0; i < signed.size(); i++) {
      assertThat(verdicts.get(i))
          .as("seed %d: verdict of the library of %s on %s", SEED, oracle.title(), signed.get(i))
          .isTrue();
    }
    List<Case> flipped = signed.stream().map(each -> each.withFlippedBit(random)).toList();
    assertThat(libraries.verify(oracle, flipped))
        .as("seed %d: one bit changed, verdicts of the library of %s", SEED, oracle.title())
        .containsOnly(false);
  }

  private static List<Case> cases(Oracle oracle, Random random) {
    var bodies = new Bodies(random);
    List<Secret> secrets = Stream.generate(() -> oracle.secrets().make(random)).limit(3).toList();
    var cases = new ArrayList<Case>();
    for (int n = 0; n < CASES; n++) {
      long seconds = 1_000_000_000L + random.nextInt(1_000_000_000);
      cases.add(
          new Case(
              secrets.get(n % secrets.size()),
              "msg_" + Long.toString(random.nextLong() >>> 1, 36),
              Instant.ofEpochSecond(seconds),
              "https://hooks.example.com/in/" + n + "?tenant=%C3%A4&n=" + n,
              bodies.body(oracle.bodies(), n, seconds),
              List.of()));
    }
    return cases;
  }

  private static Case signed(Oracle oracle, Case each) {
    try (SigningKey key = key(oracle.scheme(), each.secret().signing())) {
      return each.with(oracle.scheme().sign(List.of(key), message(each)));
    }
  }

  private static Message message(Case each) {
    return Message.post(each.id(), each.time(), each.url(), each.body());
  }

  private static Verification verify(Oracle oracle, Case each) {
    try (SigningKey key = key(oracle.scheme(), each.secret().verifying())) {
      return oracle.scheme().verify(List.of(key), each.received(), each.time());
    }
  }

  private static SigningKey key(Scheme scheme, String secret) {
    return switch (scheme.key(secret.getBytes(StandardCharsets.UTF_8))) {
      case KeyReading.Usable usable -> usable.key();
      case KeyReading.Unusable unusable -> throw new AssertionError(unusable.finding());
    };
  }
}
