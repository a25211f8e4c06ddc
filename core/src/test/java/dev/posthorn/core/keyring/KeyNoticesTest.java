package dev.posthorn.core.keyring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.posthorn.crds.SigningSecretSpec.WhenActiveRevoked;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class KeyNoticesTest {
  private static final Instant EVER = Story.NOON.plus(Duration.ofDays(365));

  private static List<String> told(Story story, Instant from, Instant to) {
    return KeyNotices.between(story.keyring(), from, to).stream()
        .map(notice -> notice.kind().eventType() + " at " + notice.time())
        .toList();
  }

  private static Story rotated() {
    Story story = Story.of(Wishes.generated()).pass(Duration.ofHours(1));
    return story.wish(story.wishes().rotateAfter(story.now()));
  }

  @Test
  void aFirstKeyIsNoNews() {
    assertThat(told(Story.of(Wishes.generated()), Instant.EPOCH, EVER)).isEmpty();
  }

  @Test
  void aRotationIsToldWhenTheNewKeySigns() {
    Story story = rotated();
    Instant begin = Instant.parse("2026-11-22T13:00:10Z");
    assertThat(told(story, Story.NOON, begin.minusMillis(1))).isEmpty();
    List<KeyNotice> due = KeyNotices.between(story.keyring(), Story.NOON, begin);
    assertThat(due)
        .singleElement()
        .satisfies(notice -> {
          assertThat(notice.kind().eventType()).isEqualTo("posthorn.secret.rotated");
          assertThat(notice.keyId()).isEqualTo(story.id(2));
          assertThat(notice.otherKeyId()).isEqualTo(story.id(1));
          assertThat(notice.endTime()).isEqualTo("2026-11-23T13:00:10Z");
          assertThat(notice.message()).contains(story.id(2), "give", "acknowledge");
        });
  }

  @Test
  void theEndOfAnOverlapIsToldAtHalfFourFifthsAndTheEnd() {
    Story story = rotated();
    var times = new ArrayList<Instant>();
    Instant t = Instant.parse("2026-11-22T13:00:10Z");
    for (var next = KeyNotices.nextAfter(story.keyring(), t);
        next.isPresent();
        next = KeyNotices.nextAfter(story.keyring(), t)) {
      t = next.get();
      times.add(t);
    }
    assertThat(times)
        .containsExactly(
            Instant.parse("2026-11-23T01:00:10Z"),
            Instant.parse("2026-11-23T08:12:10Z"),
            Instant.parse("2026-11-23T13:00:10Z"));
    assertThat(KeyNotices.between(story.keyring(), times.get(0), times.get(1)).getFirst().message())
        .startsWith("80 % of the overlap are over: " + story.id(1));
    assertThat(KeyNotices.between(story.keyring(), times.get(1), times.get(2)).getFirst().message())
        .contains("signs no more since 2026-11-23T13:00:10Z");
  }

  @Test
  void anOverlapThatIsClosedEarlyIsToldAsOverOnly() {
    Story story = rotated().pass(Duration.ofHours(20));
    story.wish(story.wishes().acknowledged(story.id(2)));
    assertThat(told(story, Story.NOON.plus(Duration.ofHours(2)), story.now()))
        .containsExactly("posthorn.secret.overlap-ending at " + story.now());
  }

  @Test
  void aRevocationIsToldWithWhatHasToBeDone() {
    Story story = Story.of(Wishes.generated()).pass(Duration.ofHours(1));
    story.wish(story.wishes().revoke(WhenActiveRevoked.PauseUntilAcknowledged, story.id(1)));
    assertThat(KeyNotices.between(story.keyring(), Story.NOON, story.now()))
        .singleElement()
        .satisfies(notice -> {
          assertThat(notice.kind()).isEqualTo(KeyNotice.Kind.REVOKED);
          assertThat(notice.otherKeyId()).isEqualTo(story.id(2));
          assertThat(notice.message())
              .contains("deliveries wait: give " + story.id(2) + " to the receiver");
        });
  }

  @Test
  void aRevokedBroughtKeyWaitsForItsOwner() {
    Story story = Story.of(Wishes.brought(), "customer's").pass(Duration.ofHours(1));
    story.wish(story.wishes().revoke(WhenActiveRevoked.ContinueWithNew, story.id(1)));
    assertThat(KeyNotices.between(story.keyring(), Story.NOON, story.now()))
        .singleElement()
        .satisfies(notice -> assertThat(notice.message()).contains("wait for a new key"));
  }

  @Test
  void aKeyThatCameBackIsNewsAgain() {
    Story story = Story.of(Wishes.brought(), "A").pass(Duration.ofHours(1));
    story.secret("B").pass(Duration.ofHours(1));
    story.secret("A");
    assertThat(told(story, story.now().minusSeconds(1), story.now()))
        .contains("posthorn.secret.rotated at " + story.now());
    assertThat(KeyNotices.between(story.keyring(), Story.NOON, story.now()))
        .extracting(KeyNotice::name)
        .doesNotHaveDuplicates();
  }

  @Property(tries = 200)
  void lookingOftenTellsEverythingThatLookingOnceTells(
      @ForAll @IntRange(min = 1, max = 5000) int step) {
    Story story = rotated().pass(Duration.ofHours(3));
    story.wish(story.wishes().rotateAfter(story.now()));
    Instant end = story.now().plus(Duration.ofDays(3));
    var names = new ArrayList<String>();
    Instant from = Story.NOON;
    while (from.isBefore(end)) {
      Instant to = from.plusSeconds(step);
      KeyNotices.between(story.keyring(), from, to).forEach(notice -> names.add(notice.name()));
      from = to;
    }
    assertThat(names).doesNotHaveDuplicates().hasSize(8);
  }
}
