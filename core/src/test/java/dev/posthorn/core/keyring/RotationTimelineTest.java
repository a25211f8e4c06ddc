package dev.posthorn.core.keyring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.posthorn.crds.SigningSecretSpec.Cutover;
import dev.posthorn.crds.SigningSecretSpec.WhenActiveRevoked;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.jspecify.annotations.Nullable;

/** Random timelines of wishes, time and clock errors. */
class RotationTimelineTest {

  enum Kind {
    Wait,
    Rotate,
    Acknowledge,
    RevokeAndContinue,
    RevokeAndPause,
    RestoreOldWishes,
    ClockBack
  }

  record Step(Kind kind, int amount) {}

  @Provide
  Arbitrary<List<Step>> timelines() {
    return steps(Arbitraries.of(Kind.class));
  }

  @Provide
  Arbitrary<List<Step>> timelinesWithoutRevocation() {
    return steps(
        Arbitraries.of(
            Kind.Wait, Kind.Rotate, Kind.Acknowledge, Kind.RestoreOldWishes, Kind.ClockBack));
  }

  private static Arbitrary<List<Step>> steps(Arbitrary<Kind> kinds) {
    return Combinators.combine(kinds, Arbitraries.integers().between(0, 60 * 60 * 30))
        .as(Step::new)
        .list()
        .ofMaxSize(25);
  }

  @Property(tries = 400)
  void somethingAlwaysSignsUnlessAKeyWasRevoked(
      @ForAll("timelinesWithoutRevocation") List<Step> steps) {
    var past = new ArrayList<Wishes>();
    Story story = Story.seeded(Wishes.generated(), 7);
    for (Step step : steps) {
      take(step, story, past);
      for (Instant t : momentsOf(story)) {
        assertThat(story.signingAt(t)).as("at %s", t).isNotEmpty();
      }
    }
  }

  @Property(tries = 400)
  void theSameWishTwiceChangesNothing(@ForAll("timelines") List<Step> steps) {
    var past = new ArrayList<Wishes>();
    Story story = Story.seeded(Wishes.generated(), 7);
    for (Step step : steps) {
      take(step, story, past);
      Keyring settled = story.keyring();
      assertThat(story.plan().keyring()).isSameAs(settled);
    }
  }

  @Property(tries = 400)
  void aRevokedKeyNeverSignsAgainAndItsMaterialIsGone(@ForAll("timelines") List<Step> steps) {
    var past = new ArrayList<Wishes>();
    var revoked = new HashSet<Integer>();
    Story story = Story.seeded(Wishes.generated(), 7);
    for (Step step : steps) {
      take(step, story, past);
      for (KeyVersion version : story.keyring().versions()) {
        if (version.times().revokedTime() != null) {
          revoked.add(version.version());
        }
        if (revoked.contains(version.version())) {
          assertThat(version.material()).isNull();
          assertThat(version.times().signsAt(story.now())).isFalse();
        }
      }
    }
  }

  @Property(tries = 400)
  void anEndOnceGivenIsNeverPutOffAndVersionsOnlyGrow(@ForAll("timelines") List<Step> steps) {
    var past = new ArrayList<Wishes>();
    Story story = Story.seeded(Wishes.generated(), 7);
    for (Step step : steps) {
      Keyring before = story.keyring();
      take(step, story, past);
      assertThat(story.keyring().versions()).hasSizeGreaterThanOrEqualTo(before.versions().size());
      for (KeyVersion version : before.versions()) {
        Instant end = version.times().expiresTime();
        if (end != null) {
          assertThat(story.version(version.version()).times().expiresTime()).isBeforeOrEqualTo(end);
        }
      }
    }
  }

  @Property(tries = 400)
  void aReceiverThatSwitchesAtAnyMomentOfTheOverlapAlwaysVerifies(
      @ForAll("timelinesWithoutRevocation") List<Step> steps) {
    var past = new ArrayList<Wishes>();
    Story story = Story.seeded(Wishes.generated(), 7);
    for (Step step : steps) {
      take(step, story, past);
      for (KeyVersion version : story.keyring().versions()) {
        Instant begin = Objects.requireNonNull(version.times().notBefore());
        Instant end = version.times().expiresTime();
        for (Instant t : momentsOf(story)) {
          if (!t.isBefore(begin) && (end == null || t.isBefore(end))) {
            assertThat(story.signingAt(t)).as("at %s", t).contains(version.version());
          }
        }
      }
    }
  }

  @Property(tries = 400)
  void theOneKeyOfASchemeWithOneSignatureIsOfTheSet(@ForAll("timelines") List<Step> steps) {
    var past = new ArrayList<Wishes>();
    Story story = Story.seeded(Wishes.generated(), 7);
    for (Step step : steps) {
      take(step, story, past);
      var set = story.keyring().signingSet();
      List<KeyVersion> all = set.at(story.now());
      assertThat(set.oneAt(story.now(), Cutover.AtOverlapEnd).stream().toList())
          .isEqualTo(all.isEmpty() ? List.of() : List.of(all.getLast()));
      assertThat(set.oneAt(story.now(), Cutover.Immediately).stream().toList())
          .isEqualTo(all.isEmpty() ? List.of() : List.of(all.getFirst()));
    }
  }

  @Property(tries = 200)
  void whatIsStoredIsRead(@ForAll("timelines") List<Step> steps) {
    var past = new ArrayList<Wishes>();
    Story story = Story.seeded(Wishes.generated(), 7);
    steps.forEach(step -> take(step, story, past));
    assertThat(KeyringJson.read(KeyringJson.write(story.keyring())))
        .isEqualTo(new KeyringReading.Intact(story.keyring()));
  }

  private static void take(Step step, Story story, List<Wishes> past) {
    past.add(story.wishes());
    int versions = story.keyring().versions().size();
    String any = story.id(1 + step.amount() % versions);
    switch (step.kind()) {
      case Wait -> story.pass(Duration.ofSeconds(step.amount()));
      case Rotate -> story.wish(story.wishes().rotateAfter(story.now()));
      case Acknowledge -> story.wish(story.wishes().acknowledged(any));
      case RevokeAndContinue ->
          story.wish(story.wishes().revoke(WhenActiveRevoked.ContinueWithNew, any));
      case RevokeAndPause ->
          story.wish(story.wishes().revoke(WhenActiveRevoked.PauseUntilAcknowledged, any));
      case RestoreOldWishes -> story.wish(past.get(step.amount() % past.size()));
      case ClockBack -> story.pass(Duration.ofSeconds(-step.amount() % 120));
    }
  }

  /** Now, and just before and at each time that the keyring names from now on. */
  private static List<Instant> momentsOf(Story story) {
    var moments = new ArrayList<Instant>();
    moments.add(story.keyring().observedTime());
    for (KeyVersion version : story.keyring().versions()) {
      add(version.times().notBefore(), moments);
      add(version.times().expiresTime(), moments);
    }
    moments.removeIf(t -> t.isBefore(story.keyring().observedTime()));
    return moments;
  }

  private static void add(@Nullable Instant t, List<Instant> moments) {
    if (t != null) {
      moments.add(t.minusMillis(1));
      moments.add(t);
    }
  }
}
