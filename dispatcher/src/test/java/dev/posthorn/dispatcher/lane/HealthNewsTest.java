package dev.posthorn.dispatcher.lane;

import static dev.posthorn.dispatcher.store.EndpointState.DISABLED;
import static dev.posthorn.dispatcher.store.EndpointState.FAILING;
import static dev.posthorn.dispatcher.store.EndpointState.HEALTHY;
import static org.assertj.core.api.Assertions.assertThat;

import dev.posthorn.core.config.OutcomeClass;
import dev.posthorn.dispatcher.lane.HealthNotice.Kind;
import dev.posthorn.dispatcher.store.EndpointState;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class HealthNewsTest {
  private static final long FIVE_DAYS = Duration.ofDays(5).toMillis();
  private static final long DAY = Duration.ofDays(1).toMillis();

  private final HealthNews news = new HealthNews(HEALTHY);

  private @Nullable Kind failed(EndpointState before, EndpointState after) {
    return news.observed(OutcomeClass.HTTP_5XX, false, before, after);
  }

  private @Nullable Kind failedToTell(EndpointState before, EndpointState after) {
    return news.observed(OutcomeClass.HTTP_5XX, true, before, after);
  }

  private @Nullable Kind succeeded(EndpointState before, EndpointState after) {
    return news.observed(OutcomeClass.DELIVERED, false, before, after);
  }

  @Test
  void everyChangeIsTold() {
    assertThat(failed(HEALTHY, HEALTHY)).isNull();
    assertThat(failed(HEALTHY, FAILING)).isEqualTo(Kind.FAILING);
    assertThat(failed(FAILING, FAILING)).isNull();
    assertThat(succeeded(FAILING, HEALTHY)).isEqualTo(Kind.RECOVERED);
    assertThat(succeeded(HEALTHY, HEALTHY)).isNull();
    assertThat(failed(HEALTHY, DISABLED)).isEqualTo(Kind.DISABLED);
    assertThat(failed(DISABLED, DISABLED)).as("was in flight").isNull();
    assertThat(news.enabled()).isEqualTo(Kind.ENABLED);
  }

  @Test
  void failuresOfSystemEventsAreNotTold() {
    assertThat(failedToTell(HEALTHY, FAILING)).isNull();
    assertThat(failedToTell(FAILING, DISABLED)).isNull();
  }

  @Test
  void whatWasNotToldIsNoRecovery() {
    assertThat(failedToTell(HEALTHY, FAILING)).isNull();
    assertThat(succeeded(FAILING, HEALTHY)).isNull();
  }

  @Test
  void oneOtherFailureAmongThoseOfSystemEventsIsEnough() {
    assertThat(failed(HEALTHY, HEALTHY)).isNull();
    assertThat(failedToTell(HEALTHY, FAILING)).isEqualTo(Kind.FAILING);
  }

  @Test
  void anEndpointThatFailedInSilenceIsToldAsSoonAsAnythingElseFails() {
    assertThat(failedToTell(HEALTHY, FAILING)).isNull();
    assertThat(failed(FAILING, FAILING)).isEqualTo(Kind.FAILING);
    assertThat(failed(FAILING, FAILING)).isNull();
    assertThat(failed(FAILING, DISABLED)).isEqualTo(Kind.DISABLED);
  }

  @Test
  void whatFailsOnOurSideSaysNothing() {
    assertThat(news.observed(OutcomeClass.PAYLOAD_ERROR, false, HEALTHY, HEALTHY)).isNull();
    assertThat(failedToTell(HEALTHY, FAILING)).isNull();
  }

  @Test
  void anotherLifeTellsOnlyWhatFollows() {
    var again = new HealthNews(FAILING);
    assertThat(again.observed(OutcomeClass.HTTP_5XX, false, FAILING, FAILING)).isNull();
    assertThat(again.observed(OutcomeClass.HTTP_5XX, true, FAILING, DISABLED))
        .isEqualTo(Kind.DISABLED);
    assertThat(new HealthNews(FAILING).observed(OutcomeClass.DELIVERED, true, FAILING, HEALTHY))
        .isEqualTo(Kind.RECOVERED);
  }

  @Test
  void theWarningComesADayBeforeOrAQuarterOfAShorterTime() {
    assertThat(HealthNews.warningMillis(FIVE_DAYS)).isEqualTo(DAY);
    assertThat(HealthNews.warningMillis(3_600_000)).isEqualTo(900_000);
  }

  @Test
  void theWarningComesOnceWhileSomethingFails() {
    assertThat(news.warnAt(HEALTHY, null, FIVE_DAYS)).as("nothing failed").isEqualTo(never());
    failed(HEALTHY, HEALTHY);
    assertThat(news.warnAt(HEALTHY, 7L, FIVE_DAYS)).isEqualTo(7 + FIVE_DAYS - DAY);
    assertThat(news.warnAt(HEALTHY, 7L, 0)).as("never disabled").isEqualTo(never());
    assertThat(news.warnAt(DISABLED, 7L, FIVE_DAYS)).as("too late").isEqualTo(never());
    news.warned();
    assertThat(news.warnAt(FAILING, 7L, FIVE_DAYS)).as("said").isEqualTo(never());
    news.enabled();
    failed(HEALTHY, HEALTHY);
    assertThat(news.warnAt(HEALTHY, 9L, FIVE_DAYS)).isEqualTo(9 + FIVE_DAYS - DAY);
  }

  private static long never() {
    return Long.MAX_VALUE;
  }
}
