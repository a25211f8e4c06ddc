package dev.posthorn.core.keyring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.posthorn.crds.SecretKeyRef;
import dev.posthorn.crds.SigningSecretSpec;
import dev.posthorn.crds.SigningSecretSpec.Algorithm;
import dev.posthorn.crds.SigningSecretSpec.Cutover;
import dev.posthorn.crds.SigningSecretSpec.DeletionPolicy;
import dev.posthorn.crds.SigningSecretSpec.Generate;
import dev.posthorn.crds.SigningSecretSpec.KeyFormat;
import dev.posthorn.crds.SigningSecretSpec.Revocation;
import dev.posthorn.crds.SigningSecretSpec.Rotation;
import dev.posthorn.crds.SigningSecretSpec.WhenActiveRevoked;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.jspecify.annotations.Nullable;

/**
 * Every field of a SigningSecret, wishes of the API and clocks, at random: a seed is a whole life.
 */
class KeyringPropertiesTest {
  private static final int STEPS = 25;
  private static final SecretKeyRef REF = new SecretKeyRef("acme", "key");
  private static final List<String> BROUGHT = List.of("A", "B", "C");

  /** A keyring and all that may happen to it. */
  private static final class Life {
    final Random random;
    final boolean brought;
    Instant now = Story.NOON;
    SigningSecretSpec spec;
    @Nullable KeyMaterial secret;
    Keyring keyring;
    @Nullable Instant wakeUp;
    final List<SigningSecretSpec> former = new ArrayList<>();

    Life(long seed, boolean brought) {
      this.random = new Random(seed);
      this.brought = brought;
      this.secret = brought ? Story.material("A") : null;
      this.spec = spec(null, null, null, null);
      this.keyring = Objects.requireNonNull(planned(null, spec).keyring());
    }

    private Plan planned(@Nullable Keyring from, SigningSecretSpec by) {
      Plan plan = KeyringPlanner.plan(by, secret, from, now, random);
      wakeUp = plan.nextWakeUp();
      return plan;
    }

    void plan() {
      keyring = Objects.requireNonNull(planned(keyring, spec).keyring());
    }

    /** One thing happens, and the keyring is planned. */
    void step() {
      former.add(spec);
      switch (random.nextInt(9)) {
        case 0, 1 -> sleep(random.nextInt(40 * 3600));
        case 2 -> sleep(-random.nextInt(90));
        case 3 -> spec = spec(now.plusSeconds(random.nextInt(7200) - 3600L), null, null, null);
        case 4 -> spec = spec(null, anyId(), null, null);
        case 5 -> spec = spec(null, null, List.of(anyId()), null);
        case 6 ->
            spec = spec(null, null, List.of(), now.minusSeconds(random.nextInt(7200) - 1800L));
        case 7 -> spec = former.get(random.nextInt(former.size()));
        default -> wish();
      }
      plan();
    }

    /** The process sleeps through all its wake-ups, or is woken at each. */
    private void sleep(int seconds) {
      Instant end = now.plusSeconds(seconds);
      if (random.nextBoolean()) {
        for (Instant next = wakeUp; next != null && next.isBefore(end); next = wakeUp) {
          now = next;
          plan();
        }
      }
      now = end;
    }

    private void wish() {
      if (brought) {
        int choice = random.nextInt(BROUGHT.size() + 1);
        secret = choice == BROUGHT.size() ? null : Story.material(BROUGHT.get(choice));
        return;
      }
      var wish =
          switch (random.nextInt(3)) {
            case 0 -> new KeyWish.Rotate();
            case 1 -> new KeyWish.Acknowledge(anyId());
            default -> new KeyWish.Revoke(anyId());
          };
      SigningSecretSpec once = wish.addTo(spec, KeyringPlanner.planTime(keyring, now));
      keyring = Objects.requireNonNull(planned(keyring, once).keyring());
    }

    private String anyId() {
      return random.nextInt(8) == 0
          ? "k_ffffff"
          : keyring.versions().get(random.nextInt(keyring.versions().size())).keyId();
    }

    private SigningSecretSpec spec(
        @Nullable Instant rotateAfter,
        @Nullable String acknowledged,
        @Nullable List<String> revoked,
        @Nullable Instant createdBefore) {
      var rotation =
          new Rotation(
              brought || random.nextInt(3) > 0 ? null : 86_400 * (1 + random.nextInt(3)),
              random.nextInt(4) == 0 ? 0 : random.nextInt(3 * 86_400),
              1 + random.nextInt(3),
              rotateAfter == null ? null : rotateAfter.toString(),
              acknowledged,
              null);
      var policy =
          random.nextBoolean()
              ? WhenActiveRevoked.PauseUntilAcknowledged
              : WhenActiveRevoked.ContinueWithNew;
      return new SigningSecretSpec(
          Algorithm.HmacSha256,
          brought ? null : new Generate(32, KeyFormat.Whsec, null),
          brought ? REF : null,
          rotation,
          revoked == null
              ? null
              : new Revocation(
                  createdBefore == null ? null : createdBefore.toString(), revoked, policy),
          DeletionPolicy.Retain,
          null);
    }
  }

  private interface Check {
    void on(Life life, Keyring before);
  }

  private static void live(long seed, boolean brought, Check check) {
    var life = new Life(seed, brought);
    for (int i = 0; i < STEPS; i++) {
      Keyring before = life.keyring;
      life.step();
      check.on(life, before);
    }
  }

  @Property(tries = 1000)
  void somethingSignsUnlessARevocationHoldsItOrAKeyIsAboutToBegin(
      @ForAll long seed, @ForAll boolean brought) {
    live(
        seed,
        brought,
        (life, before) -> {
          boolean revoked =
              life.keyring.versions().stream().anyMatch(v -> v.times().revokedTime() != null);
          if (!revoked) {
            assertThat(life.keyring.signingSet().at(life.keyring.observedTime())).isNotEmpty();
            assertThat(life.keyring.signingSet().at(life.now.plus(Duration.ofDays(400))))
                .isNotEmpty();
          }
        });
  }

  @Property(tries = 1000)
  void aRevokedValueNeverSignsAgain(@ForAll long seed, @ForAll boolean brought) {
    var revoked = new HashSet<String>();
    live(
        seed,
        brought,
        (life, before) -> {
          Set<Integer> gone = new HashSet<>();
          life.keyring.versions().stream()
              .filter(v -> v.times().revokedTime() != null)
              .forEach(v -> gone.add(v.version()));
          before.versions().stream()
              .filter(v -> gone.contains(v.version()))
              .forEach(v -> value(v).ifPresent(revoked::add));
          for (Instant t : List.of(life.now, life.now.plus(Duration.ofDays(9)))) {
            assertThat(life.keyring.signingSet().at(t))
                .allSatisfy(v -> assertThat(revoked).doesNotContain(value(v).orElse("")));
          }
        });
  }

  private static Optional<String> value(KeyVersion version) {
    KeyMaterial material = version.material();
    return material == null
        ? Optional.empty()
        : Optional.of(new String(material.bytes(), StandardCharsets.UTF_8));
  }

  @Property(tries = 1000)
  void planningAgainChangesNothingAndThereIsNothingToDoBeforeTheNextWakeUp(
      @ForAll long seed, @ForAll boolean brought) {
    live(
        seed,
        brought,
        (life, before) -> {
          Keyring settled = life.keyring;
          life.plan();
          assertThat(life.keyring).isSameAs(settled);
          Instant wakeUp = life.wakeUp;
          Instant from = KeyringPlanner.planTime(settled, life.now);
          long free =
              wakeUp == null ? 100L * 86_400_000 : Duration.between(from, wakeUp).toMillis();
          if (free <= 0) {
            return; // a rotation waits until the clock has caught up
          }
          Instant t = from.plusMillis((long) (life.random.nextDouble() * (free - 1)));
          Plan early = KeyringPlanner.plan(life.spec, life.secret, settled, t, new Random(1));
          assertThat(early.keyring()).as("planned at %s, woken at %s", t, wakeUp).isSameAs(settled);
        });
  }

  @Property(tries = 1000)
  void versionsOnlyGrowAndARevisionIsOneChange(@ForAll long seed, @ForAll boolean brought) {
    live(
        seed,
        brought,
        (life, before) -> {
          assertThat(life.keyring.versions())
              .extracting(KeyVersion::version)
              .isSorted()
              .doesNotHaveDuplicates()
              .containsAll(before.versions().stream().map(KeyVersion::version).toList());
          assertThat(life.keyring.versions()).extracting(KeyVersion::keyId).doesNotHaveDuplicates();
          assertThat(life.keyring.observedTime()).isAfterOrEqualTo(before.observedTime());
          assertThat(life.keyring.versions())
              .as("current keys")
              .filteredOn(v -> v.times().revokedTime() == null)
              .filteredOn(v -> v.times().expiresTime() == null)
              .hasSizeLessThanOrEqualTo(1);
          assertThat(life.keyring.revision()).isGreaterThanOrEqualTo(before.revision());
          assertThat(life.keyring.revision() == before.revision())
              .isEqualTo(life.keyring.equals(before));
        });
  }

  @Property(tries = 1000)
  void noMoreOverlapThanIsAllowedAndNoKeyGetsALaterEnd(@ForAll long seed, @ForAll boolean brought) {
    live(
        seed,
        brought,
        (life, before) -> {
          for (KeyVersion version : before.versions()) {
            Instant end = version.times().expiresTime();
            Instant now =
                life.keyring.versions().stream()
                    .filter(v -> v.version() == version.version())
                    .map(v -> Optional.ofNullable(v.times().expiresTime()).orElse(Instant.MAX))
                    .findFirst()
                    .orElseThrow();
            boolean cameBack = brought && now.equals(Instant.MAX);
            if (end != null && !cameBack) {
              assertThat(now).isBeforeOrEqualTo(laterOf(end, life.keyring.observedTime(), brought));
            }
          }
        });
  }

  /** A brought key that came back and left again gets a new end. */
  private static Instant laterOf(Instant end, Instant now, boolean brought) {
    return brought ? now.plus(Duration.ofDays(3)) : end;
  }

  @Property(tries = 1000)
  void aSchemeWithOneSignatureUsesAKeyThatIsValidAndStoredFormsAreRead(
      @ForAll long seed, @ForAll boolean brought) {
    live(
        seed,
        brought,
        (life, before) -> {
          var set = life.keyring.signingSet();
          List<KeyVersion> all = set.at(life.now);
          for (Cutover cutover : Cutover.values()) {
            assertThat(set.oneAt(life.now, cutover).isPresent()).isEqualTo(!all.isEmpty());
            set.oneAt(life.now, cutover).ifPresent(one -> assertThat(all).contains(one));
          }
          assertThat(KeyringJson.read(KeyringJson.write(life.keyring)))
              .isEqualTo(new KeyringReading.Intact(life.keyring));
        });
  }
}
