package dev.posthorn.dispatcher.snapshot;

import static dev.posthorn.dispatcher.snapshot.Staleness.Verdict.AGED;
import static dev.posthorn.dispatcher.snapshot.Staleness.Verdict.FRESH;
import static dev.posthorn.dispatcher.snapshot.Staleness.Verdict.HELD;
import static org.assertj.core.api.Assertions.assertThat;

import dev.posthorn.core.config.DispatcherSettings.StaleConfig;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StalenessTest {
  private static final Instant START = Instant.parse("2026-11-22T10:00:00Z");

  private static final Staleness LIVE = new Staleness(true, START);

  @ParameterizedTest
  @CsvSource({
    "HOLD, 0, FRESH",
    "HOLD, 60, FRESH",
    "HOLD, 61, AGED",
    "HOLD, 3599, AGED",
    "HOLD, 3600, HELD",
    "CONTINUE, 61, AGED",
    "CONTINUE, 999999, AGED"
  })
  void aBrokenWatchAges(StaleConfig.Mode mode, long seconds, Staleness.Verdict expected) {
    var settings = new StaleConfig(mode, 3_600);
    Staleness broken = LIVE.looked(false, START);
    assertThat(broken.at(START.plusSeconds(seconds), settings)).isEqualTo(expected);
  }

  @Test
  void theAgeCountsFromTheLastLookThatFoundItLive() {
    Staleness twice =
        LIVE.looked(false, START.plusSeconds(50)).looked(false, START.plusSeconds(100));
    assertThat(twice.age(START.plusSeconds(110))).isEqualTo(Duration.ofSeconds(110));
    assertThat(twice.at(START.plusSeconds(110), StaleConfig.DEFAULT)).isEqualTo(AGED);
  }

  @Test
  void anEstablishedWatchIsFreshHoweverLongNothingChanged() {
    Staleness live = LIVE.looked(true, START);
    assertThat(live.at(START.plus(Duration.ofDays(9)), StaleConfig.DEFAULT)).isEqualTo(FRESH);
  }

  @Test
  void aHoldEndsWhenTheWatchIsLiveAgain() {
    Instant later = START.plus(Duration.ofHours(2));
    Staleness broken = LIVE.looked(false, START);
    assertThat(broken.at(later, StaleConfig.DEFAULT)).isEqualTo(HELD);
    assertThat(broken.looked(true, later).at(later, StaleConfig.DEFAULT)).isEqualTo(FRESH);
  }

  @Test
  void aClockThatIsSetBackMakesNothingOld() {
    Staleness broken = LIVE.looked(false, START);
    assertThat(broken.age(START.minusSeconds(5))).isZero();
  }
}
