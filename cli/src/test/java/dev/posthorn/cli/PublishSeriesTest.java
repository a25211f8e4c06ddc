package dev.posthorn.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.posthorn.cli.client.PublishAnswer;
import dev.posthorn.cli.client.PublishRequest;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import org.junit.jupiter.api.Test;

final class PublishSeriesTest {
  private static final PublishRequest EVENT =
      new PublishRequest("acme", "a.b", "{}", null, null, null);
  private static final PublishAnswer ACCEPTED = new PublishAnswer.Accepted("msg_1", false);

  private Instant now = Instant.parse("2026-11-22T10:00:00Z");
  private final List<Duration> pauses = new ArrayList<>();

  @Test
  void aRateSpacesEventsFromTheFirstOneSoThatSlowAnswersDoNotSlowItDown() throws Exception {
    series(List.of(ACCEPTED, ACCEPTED, ACCEPTED)).publish(EVENT, 3, 4.0);

    assertThat(pauses).containsExactly(Duration.ofMillis(250), Duration.ofMillis(250));
  }

  @Test
  void anAdviceOfHoursIsCutToFiveMinutes() throws Exception {
    var busy = new PublishAnswer.Busy("503", Duration.ofHours(3));

    series(List.of(busy, ACCEPTED)).publish(EVENT, 1, null);

    assertThat(pauses).containsExactly(Duration.ofMinutes(5));
  }

  @Test
  void aRefusalEndsTheSeriesAndTheOutcomeSaysHowFarItCame() throws Exception {
    var refused = new PublishAnswer.Refused("refused with 422");

    PublishSeries.Outcome outcome =
        series(List.of(ACCEPTED, refused, ACCEPTED)).publish(EVENT, 3, null);

    assertThat(outcome.accepted()).isEqualTo(1);
    assertThat(outcome.stoppedBy()).isEqualTo("refused with 422");
  }

  private PublishSeries series(List<PublishAnswer> answers) {
    Queue<PublishAnswer> left = new ArrayDeque<>(answers);
    return new PublishSeries(
        event -> left.remove(),
        () -> now,
        pause -> {
          pauses.add(pause);
          now = now.plus(pause);
        });
  }
}
