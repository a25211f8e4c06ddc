package dev.posthorn.core.keyring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.posthorn.crds.Reason;
import dev.posthorn.crds.SigningSecretSpec.WhenActiveRevoked;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Wishes of the moment, planned beside those of the SigningSecret. */
class KeyWishTest {
  private final Random random = new Random(3);

  /** A wish carried out: the keyring afterwards, and why nothing came of it. */
  private record Outcome(Keyring keyring, Optional<KeyringFinding> refusal) {}

  private Outcome carryOut(KeyWish wish, Story story) {
    Keyring before = story.keyring();
    Instant planned = KeyringPlanner.planTime(before, story.now());
    Plan plan =
        KeyringPlanner.plan(
            wish.addTo(story.wishes().spec(), planned), null, before, story.now(), random);
    Keyring after = Objects.requireNonNull(plan.keyring());
    return new Outcome(after, wish.refusal(before, after, plan.findings(), planned));
  }

  private static List<KeyState> states(Outcome outcome, Instant t) {
    return outcome.keyring().versions().stream()
        .map(version -> outcome.keyring().stateAt(version, t))
        .toList();
  }

  @Test
  void aRotationMakesAKeyWhateverTheSigningSecretWishes() {
    Story story = Story.of(Wishes.generated()).pass(Duration.ofHours(1));
    Outcome outcome = carryOut(new KeyWish.Rotate(), story);
    assertThat(outcome.refusal()).isEmpty();
    assertThat(states(outcome, story.now().plusSeconds(11)))
        .containsExactly(KeyState.Overlapping, KeyState.Active);
  }

  @Test
  void aFutureWishOfTheSigningSecretStillActsAfterARotation() {
    Story story =
        Story.of(Wishes.generated().rotateAfter(Story.NOON.plus(Duration.ofDays(3))))
            .pass(Duration.ofHours(1));
    Outcome outcome = carryOut(new KeyWish.Rotate(), story);
    Plan later =
        KeyringPlanner.plan(
            story.wishes().spec(),
            null,
            outcome.keyring(),
            Story.NOON.plus(Duration.ofDays(3)),
            random);
    assertThat(Objects.requireNonNull(later.keyring()).versions()).hasSize(3);
  }

  @Test
  void aThirdRotationInOneOverlapIsRefusedWithTheTimeNamed() {
    Story story = Story.of(Wishes.generated()).pass(Duration.ofHours(1));
    for (int i = 0; i < 2; i++) {
      story.wish(story.wishes().rotateAfter(story.now())).pass(Duration.ofHours(1));
    }
    Outcome outcome = carryOut(new KeyWish.Rotate(), story);
    assertThat(outcome.keyring()).isSameAs(story.keyring());
    assertThat(outcome.refusal())
        .hasValueSatisfying(why -> {
          assertThat(why.reason()).isEqualTo(Reason.MaxOverlapReached);
          assertThat(why.message()).contains("2026-11-23T13:00:10Z");
        });
  }

  @Test
  void aRotationWhileASuccessorWaitsIsRefused() {
    Story story = Story.of(Wishes.generated()).pass(Duration.ofHours(1));
    story.wish(story.wishes().revoke(WhenActiveRevoked.PauseUntilAcknowledged, story.id(1)));
    assertThat(carryOut(new KeyWish.Rotate(), story.pass(Duration.ofHours(1))).refusal())
        .hasValueSatisfying(why -> assertThat(why.message()).contains("waits to be acknowledged"));
  }

  @Test
  void aBroughtKeyIsNotRotatedFromHere() {
    Story story = Story.of(Wishes.brought(), "customer's").pass(Duration.ofHours(1));
    assertThat(carryOut(new KeyWish.Rotate(), story).refusal())
        .hasValueSatisfying(why -> assertThat(why.message()).contains("put the new key there"));
  }

  @Test
  void aSecondRotationInTheSameInstantIsRefused() {
    Story story = Story.of(Wishes.generated());
    assertThat(carryOut(new KeyWish.Rotate(), story).refusal())
        .hasValueSatisfying(why -> assertThat(why.message()).contains("in this very moment"));
  }

  @Test
  void aRevocationKeepsThoseOfTheSigningSecretAndItsPolicy() {
    Story story = Story.of(Wishes.generated()).pass(Duration.ofHours(1));
    story.wish(story.wishes().rotateAfter(story.now())).pass(Duration.ofMinutes(1));
    story.wish(story.wishes().revoke(WhenActiveRevoked.ContinueWithNew, story.id(1)));
    Outcome outcome = carryOut(new KeyWish.Revoke(story.id(2)), story);
    assertThat(outcome.refusal()).isEmpty();
    assertThat(states(outcome, story.now()))
        .containsExactly(KeyState.Revoked, KeyState.Revoked, KeyState.Active);
  }

  @Test
  void revokingTheActiveKeyHoldsDeliveriesUntilTheSuccessorIsAcknowledged() {
    Story story = Story.of(Wishes.generated()).pass(Duration.ofHours(1));
    Outcome revoked = carryOut(new KeyWish.Revoke(story.id(1)), story);
    assertThat(revoked.keyring().pausedAt(story.now().plus(Duration.ofDays(9)))).isTrue();
    String successor = revoked.keyring().versions().getLast().keyId();
    var acknowledge = new KeyWish.Acknowledge(successor);
    Plan plan =
        KeyringPlanner.plan(
            acknowledge.addTo(story.wishes().spec(), story.now()),
            null,
            revoked.keyring(),
            story.now(),
            random);
    assertThat(Objects.requireNonNull(plan.keyring()).activeAt(story.now()))
        .hasValueSatisfying(active -> assertThat(active.keyId()).isEqualTo(successor));
  }

  @Test
  void revokingTwiceIsNoError() {
    Story story = Story.of(Wishes.generated()).pass(Duration.ofHours(1));
    story.wish(story.wishes().revoke(WhenActiveRevoked.ContinueWithNew, story.id(1)));
    Outcome outcome = carryOut(new KeyWish.Revoke(story.id(1)), story);
    assertThat(outcome.refusal()).isEmpty();
    assertThat(outcome.keyring()).isSameAs(story.keyring());
  }

  @Test
  void anUnknownKeyIsRefusedByName() {
    Story story = Story.of(Wishes.generated()).pass(Duration.ofHours(1));
    for (var wish : List.of(new KeyWish.Revoke("k_ffffff"), new KeyWish.Acknowledge("k_ffffff"))) {
      assertThat(carryOut(wish, story).refusal())
          .hasValueSatisfying(why -> {
            assertThat(why.reason()).isEqualTo(Reason.UnknownKeyId);
            assertThat(why.message()).contains("k_ffffff");
          });
    }
  }

  @Test
  void anAcknowledgementTooEarlyOrTooLateIsRefusedWithTheReason() {
    Story story = Story.of(Wishes.generated()).pass(Duration.ofHours(1));
    story.wish(story.wishes().rotateAfter(story.now()));
    assertThat(carryOut(new KeyWish.Acknowledge(story.id(2)), story).refusal())
        .hasValueSatisfying(
            why -> assertThat(why.message()).contains("does not sign before 2026-11-22T13:00:10Z"));
    story.pass(Duration.ofDays(2));
    assertThat(carryOut(new KeyWish.Acknowledge(story.id(1)), story).refusal())
        .hasValueSatisfying(why -> assertThat(why.message()).contains("signs nothing any more"));
  }

  @Test
  void anAcknowledgementClosesOlderOverlaps() {
    Story story = Story.of(Wishes.generated()).pass(Duration.ofHours(1));
    story.wish(story.wishes().rotateAfter(story.now())).pass(Duration.ofMinutes(1));
    Outcome outcome = carryOut(new KeyWish.Acknowledge(story.id(2)), story);
    assertThat(outcome.refusal()).isEmpty();
    assertThat(states(outcome, story.now())).containsExactly(KeyState.Expired, KeyState.Active);
  }
}
