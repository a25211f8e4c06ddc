package dev.posthorn.dispatcher.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;

class HoldsTest {
  @Test
  void onlyWhatLiesBetweenCounts() {
    Holds holds = Holds.NONE.begin(100).end(200).begin(300).end(400);
    assertThat(holds.within(0, 1000)).isEqualTo(200);
    assertThat(holds.within(150, 350)).isEqualTo(100);
    assertThat(holds.within(200, 300)).isZero();
    assertThat(holds.within(400, 1000)).isZero();
  }

  @Test
  void aHoldThatGoesOnCountsUntilNow() {
    Holds holds = Holds.NONE.begin(100);
    assertThat(holds.within(0, 150)).isEqualTo(50);
    assertThat(holds.within(120, 150)).isEqualTo(30);
    assertThat(holds.begin(140)).isSameAs(holds);
    assertThat(Holds.NONE.end(5)).isSameAs(Holds.NONE);
  }

  @Test
  void whatIsWrittenIsReadAndTheNewestAreKept() {
    for (int seed = 0; seed < 200; seed++) {
      var random = new Random(seed);
      Holds holds = Holds.NONE;
      long t = 0;
      for (int i = random.nextInt(100); i > 0; i--) {
        holds = random.nextBoolean() ? holds.begin(t) : holds.end(t);
        t += 1 + random.nextInt(1_000_000);
      }
      assertThat(Holds.parse(holds.text())).isEqualTo(holds);
      assertThat(holds.past()).hasSizeLessThanOrEqualTo(32);
      assertThat(holds.within(0, t)).isBetween(0L, t);
    }
  }
}
