package dev.posthorn.dispatcher.lane;

import static org.assertj.core.api.Assertions.assertThat;

import dev.posthorn.core.config.OutcomeClass;
import org.junit.jupiter.api.Test;

class AdaptiveLimitTest {
  private final AdaptiveLimit limit = new AdaptiveLimit(10);

  @Test
  void startsAtTheMaximum() {
    assertThat(limit.value()).isEqualTo(10);
  }

  @Test
  void halvesWhenTheReceiverHasTooMuchAndNeverFallsBelowOne() {
    limit.observe(OutcomeClass.HTTP_429, 429);
    assertThat(limit.value()).isEqualTo(5);
    for (int i = 0; i < 10; i++) {
      limit.observe(OutcomeClass.HTTP_5XX, 503);
    }
    assertThat(limit.value()).isEqualTo(1);
  }

  @Test
  void aServerErrorIsNoSignOfTooMuch() {
    limit.observe(OutcomeClass.HTTP_5XX, 500);
    assertThat(limit.value()).isEqualTo(10);
  }

  @Test
  void growsByOneForARoundOfSuccessesUpToTheMaximum() {
    limit.restart();
    limit.observe(OutcomeClass.DELIVERED, 200);
    assertThat(limit.value()).isEqualTo(2);
    for (int i = 0; i < 100; i++) {
      limit.observe(OutcomeClass.DELIVERED, 200);
    }
    assertThat(limit.value()).isEqualTo(10);
  }

  @Test
  void followsANewMaximum() {
    limit.setMax(20);
    assertThat(limit.value()).isEqualTo(20);
    limit.setMax(3);
    assertThat(limit.value()).isEqualTo(3);
  }
}
