package dev.posthorn.dispatcher.accept;

import static org.assertj.core.api.Assertions.assertThat;

import dev.posthorn.core.config.Limits;
import java.util.Map;
import org.junit.jupiter.api.Test;

class EventRatesTest {
  private static final long NOW = 1_800_000_000_000L;
  private static final Limits LIMITS =
      new Limits(
          512, 1_000, Limits.Tenant.DEFAULT, Map.of("acme", new Limits.Tenant(1, 50, 10, null)));

  private final EventRates rates = new EventRates();

  @Test
  void aSecondsWorthPassesAtOnceAndTheRestLater() {
    for (int i = 0; i < 10; i++) {
      assertThat(publish("acme", 1, NOW)).isZero();
    }
    assertThat(publish("acme", 1, NOW)).isEqualTo(1);
    assertThat(publish("acme", 1, NOW + 99)).isEqualTo(1);
    assertThat(publish("acme", 1, NOW + 100)).isZero();
  }

  @Test
  void overAMinuteItIsTheRateAndNoMore() {
    int passed = 0;
    for (int millis = 0; millis < 60_000; millis += 7) {
      passed += publish("acme", 1, NOW + millis) == 0 ? 1 : 0;
    }
    assertThat(passed).isBetween(600, 610);
  }

  @Test
  void whoHasNoLimitIsNeverHeld() {
    for (int i = 0; i < 1_000; i++) {
      assertThat(publish("globex", 100, NOW)).isZero();
    }
  }

  @Test
  void aBatchLargerThanASecondWaitsForAFullBucketAndIsPaidAfterwards() {
    assertThat(publish("acme", 30, NOW)).isZero();
    assertThat(publish("acme", 1, NOW)).as("20 of debt and one").isEqualTo(3);
    assertThat(publish("acme", 1, NOW + 2_100)).isZero();
  }

  @Test
  void aBatchIsCountedForAllOfItsTenantsOrForNone() {
    var limits =
        new Limits(
            512,
            1_000,
            Limits.Tenant.DEFAULT,
            Map.of(
                "acme",
                new Limits.Tenant(1, 50, 10, null),
                "slow",
                new Limits.Tenant(1, 50, 1, null)));
    assertThat(rates.admit(Map.of("slow", 1), limits, NOW)).isZero();
    assertThat(rates.admit(Map.of("slow", 1, "acme", 10), limits, NOW)).isEqualTo(1);
    assertThat(rates.admit(Map.of("acme", 10), limits, NOW)).as("nothing was counted").isZero();
  }

  @Test
  void whatCannotBeRefusedIsPaidByWhatCanForTenSecondsAtMost() {
    rates.count(Map.of("acme", 100_000), LIMITS, NOW);
    assertThat(publish("acme", 1, NOW)).isEqualTo(11);
    assertThat(publish("acme", 1, NOW + 10_100)).isZero();
  }

  @Test
  void aClockThatGoesBackGivesNothingAway() {
    assertThat(publish("acme", 10, NOW)).isZero();
    assertThat(publish("acme", 1, NOW - 60_000)).isEqualTo(1);
  }

  private int publish(String tenant, int events, long now) {
    return rates.admit(Map.of(tenant, events), LIMITS, now);
  }
}
