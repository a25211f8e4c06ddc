package dev.posthorn.cli;

import dev.posthorn.cli.client.PublishAnswer;
import dev.posthorn.cli.client.PublishRequest;
import dev.posthorn.cli.terminal.Pause;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The same event many times, at a pace, waiting where the server asks for it. */
final class PublishSeries {
  private static final Duration WITHOUT_ADVICE = Duration.ofSeconds(1);
  private static final Duration LONGEST_WAIT = Duration.ofMinutes(5);

  private final Api api;
  private final InstantSource clock;
  private final Pause pause;

  /** Where events go. */
  @FunctionalInterface
  interface Api {
    PublishAnswer publish(PublishRequest event) throws InterruptedException;
  }

  /**
   * How far it came.
   *
   * @param stoppedBy the answer that ended the series early; absent when all were accepted
   */
  record Outcome(
      int accepted, int duplicates, int waits, Duration took, @Nullable String stoppedBy) {
    String line() {
      double seconds = Math.max(took.toNanos() / 1e9, 1e-3);
      return String.format(
          Locale.ROOT,
          "%d accepted (%d duplicates) in %.1f s, %.0f a second%s",
          accepted,
          duplicates,
          seconds,
          accepted / seconds,
          waits == 0 ? "" : ", waited " + waits + " times because the server asked for it");
    }
  }

  PublishSeries(Api api, InstantSource clock, Pause pause) {
    this.api = api;
    this.clock = clock;
    this.pause = pause;
  }

  /**
   * Publishes {@code count} copies.
   *
   * @param rate events a second; absent = no pace
   */
  Outcome publish(PublishRequest event, int count, @Nullable Double rate)
      throws InterruptedException {
    Instant start = clock.instant();
    int accepted = 0;
    int duplicates = 0;
    int waits = 0;
    while (accepted < count) {
      keepPace(start, accepted, rate);
      switch (api.publish(copy(event, accepted + 1))) {
        case PublishAnswer.Accepted answer -> {
          accepted++;
          duplicates += answer.duplicate() ? 1 : 0;
        }
        case PublishAnswer.Busy busy -> {
          waits++;
          pause.last(shorter(busy.retryAfter()));
        }
        case PublishAnswer.Refused(String message) -> {
          return new Outcome(accepted, duplicates, waits, since(start), message);
        }
        case PublishAnswer.Unreachable(String message) -> {
          return new Outcome(accepted, duplicates, waits, since(start), message);
        }
      }
    }
    return new Outcome(accepted, duplicates, waits, since(start), null);
  }

  private void keepPace(Instant start, int published, @Nullable Double rate)
      throws InterruptedException {
    if (rate == null) {
      return;
    }
    Instant due = start.plusNanos((long) (published * 1e9 / rate));
    Duration early = Duration.between(clock.instant(), due);
    if (early.isPositive()) {
      pause.last(early);
    }
  }

  private static PublishRequest copy(PublishRequest event, int number) {
    return event.id() == null ? event : event.withId(event.id() + "-" + number);
  }

  private static Duration shorter(@Nullable Duration advice) {
    Duration wait = advice == null ? WITHOUT_ADVICE : advice;
    return wait.compareTo(LONGEST_WAIT) < 0 ? wait : LONGEST_WAIT;
  }

  private Duration since(Instant start) {
    return Duration.between(start, clock.instant());
  }
}
