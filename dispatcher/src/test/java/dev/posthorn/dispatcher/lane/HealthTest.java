package dev.posthorn.dispatcher.lane;

import static org.assertj.core.api.Assertions.assertThat;

import dev.posthorn.core.config.OutcomeClass;
import dev.posthorn.dispatcher.store.EndpointRow;
import dev.posthorn.dispatcher.store.EndpointState;
import java.time.Instant;
import java.util.Random;
import org.junit.jupiter.api.Test;

class HealthTest {
  private static final long FIVE_DAYS = 432_000_000;

  private final Health health =
      new Health(new EndpointRow.Health(EndpointState.HEALTHY, at(0), null, 0, null, null, null));

  @Test
  void tenFailuresInARowMakeItFailingSinceTheFirstOfThem() {
    for (int i = 1; i < Health.FAILURES_TO_FAIL; i++) {
      assertThat(fail(OutcomeClass.HTTP_5XX, i)).isFalse();
    }
    assertThat(fail(OutcomeClass.CONNECT_REFUSED, 10)).isTrue();
    assertThat(health.stored().state()).isEqualTo(EndpointState.FAILING);
    assertThat(health.stored().since()).isEqualTo(at(1));
    assertThat(health.stored().lastError()).isEqualTo(OutcomeClass.CONNECT_REFUSED);
  }

  @Test
  void aSuccessInBetweenStartsTheCountAgain() {
    for (int i = 0; i < 30; i++) {
      fail(OutcomeClass.HTTP_5XX, i);
      if (i % 9 == 8) {
        health.observe(OutcomeClass.DELIVERED, FIVE_DAYS, i);
      }
    }
    assertThat(health.state()).isEqualTo(EndpointState.HEALTHY);
  }

  @Test
  void ourOwnFailuresDoNotCount() {
    for (int i = 0; i < 20; i++) {
      fail(OutcomeClass.SIGNING_UNAVAILABLE, i);
      fail(OutcomeClass.PAYLOAD_ERROR, i);
    }
    assertThat(health.state()).isEqualTo(EndpointState.HEALTHY);
  }

  @Test
  void goneDisablesAtOnce() {
    assertThat(fail(OutcomeClass.HTTP_410, 5)).isTrue();
    assertThat(health.state()).isEqualTo(EndpointState.DISABLED);
  }

  @Test
  void goneIsAnOrdinaryFailureWhereTheEndpointIsNeverDisabled() {
    assertThat(health.observe(OutcomeClass.HTTP_410, 0, 5)).isFalse();
    assertThat(health.state()).isEqualTo(EndpointState.HEALTHY);
  }

  @Test
  void isDisabledWhenNothingSucceededForTooLong() {
    fail(OutcomeClass.HTTP_5XX, 1_000);
    assertThat(fail(OutcomeClass.HTTP_5XX, 1_000 + FIVE_DAYS - 1)).isFalse();
    assertThat(fail(OutcomeClass.HTTP_5XX, 1_000 + FIVE_DAYS)).isTrue();
    assertThat(health.state()).isEqualTo(EndpointState.DISABLED);
  }

  @Test
  void aWishActsOnceOnWhatIsOlderThanIt() {
    fail(OutcomeClass.HTTP_410, 5_000);
    assertThat(health.wishActs(4_000L, 9_000)).as("older than the failure").isFalse();
    assertThat(health.wishActs(10_000L, 9_000)).as("in the future").isFalse();
    assertThat(health.wishActs(6_000L, 9_000)).isTrue();

    health.enable(6_000, 9_000);
    assertThat(health.state()).isEqualTo(EndpointState.HEALTHY);
    fail(OutcomeClass.HTTP_410, 9_500);
    assertThat(health.wishActs(6_000L, 9_900)).as("the same wish again").isFalse();
  }

  @Test
  void probesGetRarerUpToFiveMinutes() {
    var random = new Random(1);
    long first = health.probePauseMillis(random);
    assertThat(first).isBetween(4_000L, 6_000L);
    long last = 0;
    for (int i = 0; i < 20; i++) {
      last = health.probePauseMillis(random);
    }
    assertThat(last).isBetween(240_000L, 360_000L);
  }

  private boolean fail(OutcomeClass outcome, long millis) {
    return health.observe(outcome, FIVE_DAYS, millis);
  }

  private static Instant at(long millis) {
    return Instant.ofEpochMilli(millis);
  }
}
