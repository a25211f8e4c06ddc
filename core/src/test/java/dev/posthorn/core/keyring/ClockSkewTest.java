package dev.posthorn.core.keyring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.posthorn.crds.Reason;
import dev.posthorn.crds.SigningSecretSpec.WhenActiveRevoked;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ClockSkewTest {
  @Test
  void aMinuteIsNoMatterAndMoreIs() {
    assertThat(ClockSkew.between(Story.NOON, Story.NOON.plusSeconds(60), "the server")).isEmpty();
    assertThat(ClockSkew.between(Story.NOON, Story.NOON.minusSeconds(60), "the server")).isEmpty();
    for (Instant other : List.of(Story.NOON.plusSeconds(61), Story.NOON.minusSeconds(61))) {
      assertThat(ClockSkew.between(Story.NOON, other, "the server"))
          .hasValueSatisfying(why -> {
            assertThat(why.reason()).isEqualTo(Reason.ClockSkew);
            assertThat(why.message()).contains("the server says " + other, "set the clock right");
          });
    }
  }

  @Test
  void aRotationWaitsWhileTheClockIsBehindTheLastWriteAndComesAfterwards() {
    Story story = Story.of(Wishes.generated()).pass(Duration.ofHours(2));
    story.wish(story.wishes().rotateAfter(story.now())).pass(Duration.ofMinutes(-90));
    story.wish(story.wishes().rotateAfter(Story.NOON.plus(Duration.ofMinutes(121))));
    story.expectFinding(Reason.ClockSkew, "rotation waits");
    assertThat(story.keyring().versions()).hasSize(2);
    story.pass(Duration.ofHours(2));
    assertThat(story.keyring().versions()).hasSize(3);
  }

  @Test
  void noKeyBeginsBesideAServersClockThatSaysSomethingElse() {
    Story story = Story.of(Wishes.generated()).pass(Duration.ofHours(2));
    story.wish(story.wishes().rotateAfter(story.now()));
    assertThat(story.keyring().versions()).hasSize(2);
    story.serverAhead(Duration.ofSeconds(-61)).pass(Duration.ofHours(2));
    story.wish(story.wishes().rotateAfter(story.now()));
    story.expectFinding(Reason.ClockSkew, "the API server says");
    assertThat(story.keyring().versions()).hasSize(2);
    story.serverAhead(Duration.ofSeconds(59));
    assertThat(story.keyring().versions()).hasSize(3);
  }

  @Test
  void noFirstKeyIsMadeEither() {
    var plan =
        KeyringPlanner.plan(
            Wishes.generated().spec(),
            null,
            null,
            new PlanTime(Story.NOON, Story.NOON.plusSeconds(3600)),
            new Random(1));
    assertThat(plan.keyring()).isNull();
    assertThat(plan.findings())
        .singleElement()
        .satisfies(why -> assertThat(why.reason()).isEqualTo(Reason.ClockSkew));
  }

  @Test
  void aRevocationDoesNotWaitForTheServersClock() {
    Story story = Story.of(Wishes.generated()).serverAhead(Duration.ofHours(1));
    story.wish(story.wishes().revoke(WhenActiveRevoked.ContinueWithNew, story.id(1)));
    assertThat(story.state(1)).isEqualTo(KeyState.Revoked);
  }

  @Test
  void aRevocationDoesNotWaitForTheClock() {
    Story story = Story.of(Wishes.generated()).pass(Duration.ofHours(2));
    story.wish(story.wishes().rotateAfter(story.now())).pass(Duration.ofMinutes(-90));
    story.wish(story.wishes().revoke(WhenActiveRevoked.ContinueWithNew, story.id(1)));
    assertThat(story.state(1)).isEqualTo(KeyState.Revoked);
  }
}
