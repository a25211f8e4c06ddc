package dev.posthorn.core.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class RetryTest {
  @Test
  void defaultScheduleTakesAboutThreeDays() {
    long total = Retry.DEFAULT.delaySeconds().stream().mapToLong(Long::longValue).sum();
    assertThat(total / 3600).isEqualTo(75);
    assertThat(total).isLessThan(Retry.DEFAULT.maxAgeSeconds());
  }

  @Test
  void scheduleOfTwoDelaysAllowsThreeAttempts() {
    assertThat(new Retry(List.of(5L, 30L), 100).maxAttempts()).isEqualTo(3);
    assertThat(new Retry(List.of(), 100).maxAttempts()).isEqualTo(1);
  }
}
