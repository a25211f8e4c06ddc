package dev.posthorn.operator.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import org.assertj.core.data.TemporalUnitWithinOffset;
import org.junit.jupiter.api.Test;

class ServerClockTest {
  private static final Instant NOON = Instant.parse("2026-11-27T12:00:00Z");
  private static final TemporalUnitWithinOffset A_SECOND =
      new TemporalUnitWithinOffset(1, java.time.temporal.ChronoUnit.SECONDS);

  private Instant now = NOON;
  private final ServerClock clock = new ServerClock(() -> now);

  @Test
  void isNotKnownBeforeTheFirstAnswer() {
    assertThat(clock.at(now)).isNull();
    clock.answered("yesterday");
    assertThat(clock.at(now)).isNull();
  }

  @Test
  void isWhatAnAnswerSaysAndGoesOnFromThere() {
    answer(Duration.ofMinutes(5));
    assertThat(clock.at(now)).isCloseTo(NOON.plusSeconds(300), A_SECOND);
    assertThat(clock.at(now.plusSeconds(60))).isCloseTo(NOON.plusSeconds(360), A_SECOND);
  }

  @Test
  void anAnswerThatWasLongUnderWayIsNoOtherClock() {
    answer(Duration.ZERO);
    answer(Duration.ofMinutes(-5)); // written before this process was stopped
    assertThat(clock.at(now)).isCloseTo(NOON, A_SECOND);
  }

  @Test
  void aClockThatWasSetIsSeenAfterSomeAnswers() {
    answer(Duration.ZERO);
    for (int i = 0; i < 8; i++) {
      answer(Duration.ofHours(1));
    }
    assertThat(clock.at(now)).isCloseTo(NOON.plusSeconds(3600), A_SECOND);
  }

  private void answer(Duration ahead) {
    clock.answered(
        DateTimeFormatter.RFC_1123_DATE_TIME.format(now.plus(ahead).atOffset(ZoneOffset.UTC)));
  }
}
