package dev.posthorn.dispatcher.store;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class GrowthTest {
  private final Growth growth = new Growth();

  @Test
  void withinItsBoundNothingGoes() {
    assertThat(growth.beyond(100, 100)).isFalse();
    assertThat(growth.beyond(101, 100)).isTrue();
  }

  @Test
  void aSizeThatStaysCountsOnce() {
    assertThat(growth.beyond(150, 100)).isTrue();
    assertThat(growth.beyond(150, 100)).isFalse();
    assertThat(growth.beyond(140, 100)).isFalse();
    assertThat(growth.beyond(151, 100)).isTrue();
  }

  @Test
  void anotherBoundCountsAnew() {
    assertThat(growth.beyond(150, 100)).isTrue();
    assertThat(growth.beyond(150, 50)).isTrue();
    assertThat(growth.beyond(150, 50)).isFalse();
  }
}
