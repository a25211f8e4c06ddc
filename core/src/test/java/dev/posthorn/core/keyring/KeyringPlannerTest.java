package dev.posthorn.core.keyring;

import static dev.posthorn.core.keyring.Story.NOON;
import static org.assertj.core.api.Assertions.assertThat;

import dev.posthorn.crds.Reason;
import dev.posthorn.crds.SigningSecretSpec.Cutover;
import dev.posthorn.crds.SigningSecretSpec.KeyFormat;
import dev.posthorn.crds.SigningSecretSpec.Rotation;
import dev.posthorn.crds.SigningSecretSpec.WhenActiveRevoked;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class KeyringPlannerTest {
  private static final Duration PROPAGATION = Duration.ofSeconds(10);
  private static final Duration OVERLAP = Duration.ofSeconds(Wishes.OVERLAP);
  private static final Duration HOUR = Duration.ofHours(1);

  @ParameterizedTest
  @CsvSource({
    "Whsec, whsec_[A-Za-z0-9+/]{43}=",
    "Hex, [0-9a-f]{64}",
    "Base64, [A-Za-z0-9+/]{43}=",
    "Utf8, [A-Za-z0-9_-]{43}"
  })
  void theFirstKeyIsGeneratedInItsFormatAndSignsAtOnce(KeyFormat format, String pattern) {
    Story story = Story.of(Wishes.generated(format)).expectSigning(1).expectNoFindings();
    assertThat(text(story.version(1))).matches(pattern);
    assertThat(story.id(1)).matches("k_[0-9a-f]{6}");
    assertThat(story.keyring().revision()).isEqualTo(1);
    assertThat(story.keyring().observedTime()).isEqualTo(NOON);
  }

  @Test
  void anEd25519KeyIsSeedAndPublicKey() {
    Story story = Story.of(Wishes.generated().ed25519());
    assertThat(text(story.version(1))).matches("whsk_[A-Za-z0-9+/]{86}==");
    assertThat(story.keyring().algorithm()).isEqualTo("Ed25519");
  }

  @Test
  void anImportedKeyIsVersionOneAndIsReadOnce() {
    Story story = Story.of(Wishes.imported(), "legacy").expectSigning(1);
    assertThat(text(story.version(1))).isEqualTo("legacy");
    story.secret("other").expectSigning(1).expectNoFindings();
    story.secret(null).expectSigning(1).expectNoFindings();
  }

  @Test
  void withoutItsSourceThereIsNoFirstKey() {
    for (Wishes wishes : List.of(Wishes.imported(), Wishes.brought())) {
      Story story = Story.of(wishes).expectFinding(Reason.SourceNotFound, "create it");
      assertThat(story.lastPlan().keyring()).isNull();
      story.secret("").expectFinding(Reason.SourceNotFound, "empty");
      story.secret("now").expectSigning(1).expectNoFindings();
    }
  }

  @Test
  void planningAgainChangesNothing() {
    Story story = Story.of(Wishes.generated());
    Keyring first = story.keyring();
    assertThat(story.pass(HOUR).keyring()).isSameAs(first);
    assertThat(story.lastPlan().nextWakeUp()).isNull();
  }

  @Test
  void aRotationPropagatesBeforeItSignsAndOverlaps() {
    Story story = Story.of(Wishes.generated()).pass(HOUR);
    story.wish(Wishes.generated().rotateAfter(story.now())).expectSigning(1);
    assertThat(story.state(1)).isEqualTo(KeyState.Active);
    assertThat(story.state(2)).isEqualTo(KeyState.Staged);
    Instant begin = story.now().plus(PROPAGATION);
    assertThat(story.lastPlan().nextWakeUp()).isEqualTo(begin);
    assertThat(story.version(2).times()).isEqualTo(new KeyTimes(begin, null, null));
    assertThat(story.version(1).times()).isEqualTo(new KeyTimes(NOON, begin.plus(OVERLAP), null));
    story.pass(PROPAGATION).expectSigning(2, 1);
    assertThat(story.state(1)).isEqualTo(KeyState.Overlapping);
    assertThat(story.state(2)).isEqualTo(KeyState.Active);
    story.pass(OVERLAP.minusMillis(1)).expectSigning(2, 1);
    story.pass(Duration.ofMillis(1)).expectSigning(2);
    assertThat(story.state(1)).isEqualTo(KeyState.Expired);
  }

  @Test
  void aWishActsOnceAndAnOldOneNever() {
    Story story = Story.of(Wishes.generated()).pass(HOUR);
    Wishes wish = Wishes.generated().rotateAfter(story.now());
    story.wish(wish).pass(HOUR).pass(HOUR).expectSigning(2, 1);
    story.wish(Wishes.generated()).expectSigning(2, 1);
    story.wish(wish).expectSigning(2, 1).expectNoFindings();
    assertThat(story.keyring().revision()).isEqualTo(2);
  }

  @Test
  void aFutureWishIsScheduled() {
    Instant later = NOON.plus(HOUR);
    Story story = Story.of(Wishes.generated().rotateAfter(later));
    assertThat(story.lastPlan().nextWakeUp()).isEqualTo(later);
    assertThat(story.lastPlan().nextRotation()).isEqualTo(later);
    assertThat(story.pass(HOUR.minusSeconds(1)).keyring().versions()).hasSize(1);
    assertThat(story.pass(Duration.ofSeconds(1)).keyring().versions()).hasSize(2);
    assertThat(story.lastPlan().nextRotation()).isNull();
  }

  @Test
  void anIntervalCountsFromTheNewestKey() {
    Story story = Story.of(Wishes.generated().every(172_800));
    assertThat(story.lastPlan().nextRotation()).isEqualTo(NOON.plusSeconds(172_800));
    story.pass(Duration.ofDays(2));
    assertThat(story.keyring().versions()).hasSize(2);
    assertThat(story.lastPlan().nextRotation()).isEqualTo(NOON.plusSeconds(345_600));
    story.pass(Duration.ofDays(365));
    assertThat(story.keyring().versions()).as("one for a year missed").hasSize(3);
  }

  @Test
  void rotatingTwiceKeepsEachKeysOwnEnd() {
    Story story = Story.of(Wishes.generated()).pass(HOUR);
    story.wish(Wishes.generated().rotateAfter(story.now()));
    Instant firstEnd = Objects.requireNonNull(story.version(1).times().expiresTime());
    story.pass(HOUR);
    story.wish(Wishes.generated().rotateAfter(story.now())).pass(PROPAGATION);
    story.expectSigning(3, 2, 1);
    assertThat(story.version(1).times().expiresTime()).isEqualTo(firstEnd);
    assertThat(story.version(2).times().expiresTime()).isEqualTo(firstEnd.plus(HOUR));
  }

  @Test
  void rotatingInsideThePropagationKeepsEachKeysOwnEndToo() {
    Story story = Story.of(Wishes.generated()).pass(HOUR);
    story.wish(Wishes.generated().rotateAfter(story.now())).pass(Duration.ofSeconds(3));
    Instant firstEnd = Objects.requireNonNull(story.version(1).times().expiresTime());
    story.wish(Wishes.generated().rotateAfter(story.now())).pass(PROPAGATION);
    story.expectSigning(3, 2, 1);
    assertThat(story.version(1).times().expiresTime()).isEqualTo(firstEnd);
    assertThat(story.version(2).times().expiresTime()).isEqualTo(firstEnd.plusSeconds(3));
  }

  @Test
  void aThirdRotationIsRefusedUntilTheEarliestEnd() {
    Story story = Story.of(Wishes.generated()).pass(HOUR);
    story.wish(Wishes.generated().rotateAfter(story.now())).pass(HOUR);
    story.wish(Wishes.generated().rotateAfter(story.now())).pass(HOUR);
    Instant end = Objects.requireNonNull(story.version(1).times().expiresTime());
    Keyring before = story.keyring();
    story
        .wish(Wishes.generated().rotateAfter(story.now()))
        .expectFinding(Reason.MaxOverlapReached, "the earliest ends at " + end)
        .expectSigning(3, 2, 1);
    assertThat(story.keyring()).isSameAs(before);
    assertThat(story.lastPlan().nextWakeUp()).isEqualTo(end);
    story.pass(Duration.between(story.now(), end)).expectNoFindings();
    assertThat(story.keyring().versions()).hasSize(4);
  }

  @Test
  void acknowledgingClosesTheOverlapsOfOlderKeysOnly() {
    Story story = Story.of(Wishes.generated()).pass(HOUR);
    story.wish(Wishes.generated().rotateAfter(story.now())).pass(HOUR);
    story.wish(Wishes.generated().rotateAfter(story.now())).pass(HOUR).expectSigning(3, 2, 1);
    story.wish(story.wishes().acknowledged(story.id(2))).expectSigning(3, 2);
    story.wish(story.wishes().acknowledged(story.id(3))).expectSigning(3);
    Keyring closed = story.keyring();
    assertThat(story.plan().keyring()).isSameAs(closed);
    story.wish(story.wishes().acknowledged(story.id(1))).expectSigning(3).expectNoFindings();
  }

  @Test
  void aKeyThatDoesNotSignYetClosesNothing() {
    Story story = Story.of(Wishes.generated()).pass(HOUR);
    story.wish(Wishes.generated().rotateAfter(story.now()));
    story.wish(story.wishes().acknowledged(story.id(2))).expectSigning(1);
    story.pass(PROPAGATION).expectSigning(2);
  }

  @Test
  void aWishForAnUnknownKeyIsSaid() {
    Story.of(Wishes.generated().acknowledged("k_zzzzzz"))
        .plan()
        .expectFinding(Reason.UnknownKeyId, "k_zzzzzz")
        .wish(Wishes.generated().revoke(WhenActiveRevoked.ContinueWithNew, "k_yyyyyy"))
        .expectFinding(Reason.UnknownKeyId, "k_yyyyyy")
        .expectSigning(1);
  }

  @Test
  void schemesWithOneSignatureCutOverAsWished() {
    Story story = Story.of(Wishes.generated()).pass(HOUR);
    story.wish(Wishes.generated().rotateAfter(story.now())).pass(PROPAGATION);
    var set = story.keyring().signingSet();
    assertThat(set.oneAt(story.now(), Cutover.AtOverlapEnd)).contains(story.version(1));
    assertThat(set.oneAt(story.now(), Cutover.Immediately)).contains(story.version(2));
    Instant end = story.now().plus(OVERLAP);
    assertThat(set.oneAt(end, Cutover.AtOverlapEnd)).contains(story.version(2));
    assertThat(set.oneAt(NOON.minusSeconds(1), Cutover.Immediately)).isEmpty();
  }

  @Test
  void expiredMaterialIsRemovedAfterADay() {
    Story story = Story.of(Wishes.generated()).pass(HOUR);
    story.wish(Wishes.generated().rotateAfter(story.now()).overlap(0)).pass(PROPAGATION);
    story.expectSigning(2);
    assertThat(story.lastPlan().nextWakeUp()).isEqualTo(story.now().plus(Duration.ofHours(24)));
    story.pass(Duration.ofHours(24).minusSeconds(1));
    assertThat(story.version(1).material()).isNotNull();
    story.pass(Duration.ofSeconds(1));
    assertThat(story.version(1).material()).isNull();
    assertThat(story.version(2).material()).isNotNull();
    assertThat(story.lastPlan().nextWakeUp()).isNull();
  }

  @Test
  void aChangeOfTheBroughtKeyRotatesAtOnce() {
    Story story = Story.of(Wishes.brought(), "A").pass(HOUR);
    story.secret("B").expectSigning(2, 1);
    assertThat(text(story.version(2))).isEqualTo("B");
    assertThat(story.version(1).times().expiresTime()).isEqualTo(story.now().plus(OVERLAP));
    Keyring before = story.keyring();
    assertThat(story.plan().keyring()).isSameAs(before);
    story.secret(null).expectFinding(Reason.SourceNotFound, "go on signing").expectSigning(2, 1);
  }

  @Test
  void aBroughtKeyThatComesBackIsReactivated() {
    Story story = Story.of(Wishes.brought(), "A").pass(HOUR);
    story.secret("B").pass(HOUR).secret("A").expectSigning(1, 2).expectNoFindings();
    assertThat(story.keyring().versions()).hasSize(2);
    assertThat(story.state(1)).isEqualTo(KeyState.Active);
    assertThat(story.state(2)).isEqualTo(KeyState.Overlapping);
    story.pass(OVERLAP).expectSigning(1).pass(HOUR);
    story.secret("B").expectSigning(2, 1);
    assertThat(story.keyring().versions()).as("B was expired, but still here").hasSize(2);
  }

  @Test
  void aBroughtKeyComesBackAsANewVersionOnceItsMaterialIsGone() {
    Story story = Story.of(Wishes.brought(), "A").pass(HOUR);
    story.secret("B").pass(OVERLAP).pass(Duration.ofHours(24)).secret("A");
    story.expectSigning(3, 2);
  }

  @Test
  void tooManyBroughtKeysAreRefusedButAReturnIsNot() {
    Story story = Story.of(Wishes.brought(), "A").pass(HOUR);
    story.secret("B").pass(HOUR).secret("C").pass(HOUR);
    story.secret("D").expectFinding(Reason.MaxOverlapReached, "2 former keys");
    story.expectSigning(3, 2, 1).secret("A").expectNoFindings().expectSigning(1, 3, 2);
  }

  @Test
  void aBroughtKeyDoesNotRotateByWish() {
    Story story = Story.of(Wishes.brought(), "A").pass(HOUR);
    story.wish(Wishes.brought().rotateAfter(story.now()));
    story.expectFinding(Reason.NothingToDo, "put the new key there").expectSigning(1);
  }

  @Test
  void revokingTheActiveKeyHoldsDeliveriesUntilTheSuccessorIsAcknowledged() {
    Story story = Story.of(Wishes.generated()).pass(HOUR);
    String leaked = story.id(1);
    story.wish(Wishes.generated().revoke(WhenActiveRevoked.PauseUntilAcknowledged, leaked));
    story.expectSigning().expectNoFindings();
    assertThat(story.keyring().pausedAt(story.now())).isTrue();
    assertThat(story.state(1)).isEqualTo(KeyState.Revoked);
    assertThat(story.version(1).material()).isNull();
    assertThat(story.state(2)).isEqualTo(KeyState.Staged);
    story.pass(Duration.ofDays(30)).expectSigning();
    story.wish(story.wishes().acknowledged(story.id(2))).expectSigning(2);
    assertThat(story.keyring().pausedAt(story.now())).isFalse();
    Keyring after = story.keyring();
    assertThat(story.pass(HOUR).keyring()).isSameAs(after);
  }

  @Test
  void continuingSignsWithTheSuccessorAtOnce() {
    Story story = Story.of(Wishes.generated()).pass(HOUR);
    story.wish(Wishes.generated().revoke(WhenActiveRevoked.ContinueWithNew, story.id(1)));
    story.expectSigning(2);
  }

  @Test
  void aPauseEndsWhenTheWishTurnsToContinuing() {
    Story story = Story.of(Wishes.generated()).pass(HOUR);
    String leaked = story.id(1);
    story.wish(Wishes.generated().revoke(WhenActiveRevoked.PauseUntilAcknowledged, leaked));
    story.wish(Wishes.generated()).expectSigning();
    story.wish(Wishes.generated().revoke(WhenActiveRevoked.ContinueWithNew, leaked));
    story.expectSigning(2);
  }

  @Test
  void pausedMeansPausedAlsoForKeysThatOverlap() {
    Story story = Story.of(Wishes.generated()).pass(HOUR);
    story.wish(Wishes.generated().rotateAfter(story.now())).pass(PROPAGATION).expectSigning(2, 1);
    story.wish(Wishes.generated().revoke(WhenActiveRevoked.PauseUntilAcknowledged, story.id(2)));
    story.expectSigning();
  }

  @Test
  void revokingAnOverlappingKeyLeavesTheActiveOneAlone() {
    Story story = Story.of(Wishes.generated()).pass(HOUR);
    story.wish(Wishes.generated().rotateAfter(story.now())).pass(PROPAGATION);
    story.wish(Wishes.generated().revoke(WhenActiveRevoked.PauseUntilAcknowledged, story.id(1)));
    story.expectSigning(2);
    assertThat(story.keyring().versions()).hasSize(2);
  }

  @Test
  void revokingAKeyThatNeverSignedPausesNothing() {
    Story story = Story.of(Wishes.generated()).pass(HOUR);
    story.wish(Wishes.generated().rotateAfter(story.now()));
    story.wish(Wishes.generated().revoke(WhenActiveRevoked.PauseUntilAcknowledged, story.id(2)));
    story.expectSigning(3, 1);
  }

  @Test
  void revokingByTimeSparesYoungerKeysAndCanBeScheduled() {
    Instant later = NOON.plus(HOUR);
    Story story =
        Story.of(Wishes.generated().revokeCreatedBefore(WhenActiveRevoked.ContinueWithNew, later));
    assertThat(story.lastPlan().nextWakeUp()).isEqualTo(later);
    story.expectSigning(1).pass(HOUR).expectSigning(2).pass(HOUR).expectSigning(2);
  }

  @Test
  void noRotationIsMadeWhileDeliveriesWait() {
    Story story = Story.of(Wishes.generated()).pass(HOUR);
    Wishes revoked =
        Wishes.generated().revoke(WhenActiveRevoked.PauseUntilAcknowledged, story.id(1));
    story.wish(revoked).pass(HOUR);
    story.wish(revoked.rotateAfter(story.now())).expectSigning();
    assertThat(story.keyring().versions()).hasSize(2);
  }

  @Test
  void aRevokedBroughtKeyWaitsForAnotherAndIsRefusedForEver() {
    Story story = Story.of(Wishes.brought(), "A").pass(HOUR).secret("B").pass(HOUR);
    Wishes revoked = Wishes.brought().revoke(WhenActiveRevoked.ContinueWithNew, story.id(2));
    story.wish(revoked).expectSigning().expectFinding(Reason.SourceNotFound, "was revoked");
    assertThat(story.keyring().versions()).hasSize(2);
    story.secret("C").expectSigning(3).expectNoFindings();
    story.wish(Wishes.brought()).secret("B");
    story.expectSigning(3).expectFinding(Reason.SourceNotFound, "was revoked");
  }

  @Test
  void aSecretThatIsNoLongerBroughtGetsASuccessor() {
    Story story = Story.of(Wishes.brought(), "A").pass(HOUR);
    Wishes revoked = Wishes.brought().revoke(WhenActiveRevoked.ContinueWithNew, story.id(1));
    story.wish(revoked).expectSigning();
    story.wish(Wishes.generated().revoke(WhenActiveRevoked.ContinueWithNew, story.id(1)));
    story.expectSigning(2);
  }

  @Test
  void aClockThatWentBackPlansFromTheLastWrite() {
    Story story = Story.of(Wishes.generated()).pass(Duration.ofDays(1));
    Instant wish = story.now();
    story.wish(Wishes.generated().rotateAfter(wish));
    story.passWithoutPlanning(Duration.ofDays(-1)).plan();
    assertThat(story.keyring().versions()).hasSize(2);
    story.wish(Wishes.generated().rotateAfter(wish.plusMillis(1)));
    assertThat(story.keyring().versions()).as("not due yet at the last write").hasSize(2);
    assertThat(story.keyring().observedTime()).isEqualTo(wish);
  }

  @Test
  void aTimeThatIsNoneIsSaid() {
    var rotation = new Rotation(null, 0, 2, "soon", null, null);
    Wishes wishes =
        new Wishes(
            Wishes.generated().algorithm(), Wishes.generated().generate(), null, rotation, null);
    Story.of(wishes).plan().expectFinding(Reason.NothingToDo, "\"soon\" is not a time");
  }

  @Test
  void keyIdsAreUniqueAlsoWhenChanceRepeatsItself() {
    var stuck =
        new Random(1) {
          private static final long serialVersionUID = 1L;
          private int calls;

          @Override
          public int nextInt(int bound) {
            calls++;
            return calls < 5 ? 7 : 8;
          }
        };
    Plan first = KeyringPlanner.plan(Wishes.generated().spec(), null, null, NOON, stuck);
    Plan second =
        KeyringPlanner.plan(
            Wishes.generated().rotateAfter(NOON.plusSeconds(1)).spec(),
            null,
            first.keyring(),
            NOON.plusSeconds(2),
            stuck);
    assertThat(Objects.requireNonNull(second.keyring()).versions())
        .extracting(KeyVersion::keyId)
        .containsExactly("k_000007", "k_000008");
  }

  private static String text(KeyVersion version) {
    return new String(Objects.requireNonNull(version.material()).bytes(), StandardCharsets.UTF_8);
  }

  @Test
  void aBroughtKeyThatComesBackWithoutAnOverlapGoesOnWithoutAnEnd() {
    Story story = Story.of(Wishes.brought(), "A").pass(Duration.ofHours(1));
    story.secret("B").wish(story.wishes().overlap(0)).pass(Duration.ofHours(1));
    story.secret("A").expectSigning(1);
    assertThat(story.version(1).times().expiresTime()).isNull();
    assertThat(story.signingAt(story.now().plus(Duration.ofDays(9)))).containsExactly(1);
  }
}
