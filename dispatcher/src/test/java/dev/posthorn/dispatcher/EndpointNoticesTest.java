package dev.posthorn.dispatcher;

import static org.assertj.core.api.Assertions.assertThat;

import dev.posthorn.core.config.OutcomeClass;
import dev.posthorn.core.event.EventId;
import dev.posthorn.dispatcher.EndpointNotice.GivenUp;
import dev.posthorn.dispatcher.EndpointNotice.Kind;
import dev.posthorn.dispatcher.EndpointNotices.Facts;
import dev.posthorn.dispatcher.lane.HealthNotice;
import dev.posthorn.dispatcher.lane.Tried;
import dev.posthorn.dispatcher.store.Attempt;
import dev.posthorn.dispatcher.store.AttemptDetail;
import dev.posthorn.dispatcher.store.DeliveryKey;
import dev.posthorn.dispatcher.store.EndingNotices.Ending;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EndpointNoticesTest {
  private static final Instant SINCE = Instant.parse("2026-11-20T08:00:00Z");
  private static final Instant NOW = Instant.parse("2026-11-24T08:00:00.5Z");
  private static final String SENTENCE = "Failing since 2026-11-20T08:00:00Z.";

  private static Facts facts(@Nullable Duration disableAfter) {
    return new Facts(
        "orders",
        OutcomeClass.HTTP_5XX,
        disableAfter,
        Duration.ofDays(3),
        Duration.ofDays(30),
        7,
        SENTENCE);
  }

  private static EndpointNotice health(HealthNotice.Kind kind) {
    return EndpointNotices.health(new HealthNotice(kind, SINCE), facts(Duration.ofDays(5)), NOW);
  }

  @Test
  void failingSaysUntilWhenThereIsTime() {
    assertThat(health(HealthNotice.Kind.FAILING))
        .isEqualTo(
            new EndpointNotice(
                Kind.FAILING,
                NOW,
                SINCE,
                OutcomeClass.HTTP_5XX,
                0,
                Instant.parse("2026-11-25T08:00:00Z"),
                7,
                Instant.parse("2026-11-23T08:00:00Z"),
                null,
                "check the receiver's log",
                SENTENCE,
                "orders is failing since 2026-11-20T08:00:00Z: one delivery at a time probes it, the"
                    + " rest waits; it is disabled if nothing succeeds by 2026-11-25T08:00:00Z"));
  }

  @Test
  void whatIsNeverDisabledHasNoDeadline() {
    EndpointNotice notice =
        EndpointNotices.health(
            new HealthNotice(HealthNotice.Kind.FAILING, SINCE), facts(null), NOW);
    assertThat(notice.deadline()).isNull();
    assertThat(notice.message()).endsWith("the rest waits");
  }

  @Test
  void disabledSaysWhenWhatWaitsIsGivenUpAndHowToEnable() {
    EndpointNotice notice = health(HealthNotice.Kind.DISABLED);
    assertThat(notice.deadline()).isEqualTo(Instant.parse("2026-12-20T08:00:00Z"));
    assertThat(notice.waitUntil()).isEqualTo(notice.deadline());
    assertThat(notice.action()).isEqualTo("check the receiver's log, then enable it");
  }

  @Test
  void theWarningSaysWhen() {
    EndpointNotice notice = health(HealthNotice.Kind.DISABLING_SOON);
    assertThat(notice.message())
        .isEqualTo(
            "orders has taken nothing since 2026-11-20T08:00:00Z: it is disabled at"
                + " 2026-11-25T08:00:00Z");
  }

  @Test
  void afterwardsThereIsNothingToDo() {
    assertThat(health(HealthNotice.Kind.RECOVERED).message())
        .isEqualTo("orders recovered: deliveries continue");
    assertThat(health(HealthNotice.Kind.ENABLED))
        .matches(notice -> notice.action().equals("nothing to do") && notice.deadline() == null);
  }

  @Test
  void aDeliveryThatWasGivenUpNamesItsEventAndUntilWhenItCanBeDelivered() {
    var key = new DeliveryKey(1, 2);
    var attempt =
        new Attempt(key, 1, NOW, OutcomeClass.HTTP_4XX, 404, "no", true, null, AttemptDetail.NONE);
    var event = new Tried(new EventId("msg_01JDAAAAAAAAAAAAAAAAAAAAAA"), "order.created", SINCE);
    EndpointNotice notice = EndpointNotices.exhausted(attempt, event, facts(null), NOW);
    assertThat(notice.given()).isEqualTo(new GivenUp(1, event.id(), "order.created"));
    assertThat(notice.status()).isEqualTo(404);
    assertThat(notice.deadline()).isEqualTo(SINCE.plus(Duration.ofDays(30)));
    assertThat(notice.message())
        .isEqualTo("a delivery of order.created to orders was given up after 1 attempt");
  }

  @Test
  void thoseThatEndTogetherAreCounted() {
    var ending = new Ending(1, OutcomeClass.ENDPOINT_REMOVED, 12, NOW);
    EndpointNotice notice = EndpointNotices.exhausted(ending, facts(null));
    assertThat(notice.given()).isEqualTo(new GivenUp(12, null, null));
    assertThat(notice.message())
        .isEqualTo("12 deliveries to orders were given up: the endpoint was removed");
  }

  @ParameterizedTest
  @CsvSource({
    "2026-11-10T00:00:00Z, ",
    "2026-11-15T23:59:59Z, ",
    "2026-11-16T00:00:00Z, FOURTEEN_DAYS",
    "2026-11-26T23:59:59Z, FOURTEEN_DAYS",
    "2026-11-27T00:00:00Z, THREE_DAYS",
    "2026-11-29T00:00:00Z, ONE_DAY",
    "2026-11-29T23:59:59Z, ONE_DAY",
    "2026-11-30T00:00:00Z, ENDED"
  })
  void aCertificateIsSpokenOfInSteps(Instant now, @Nullable CertificateStep step) {
    Instant end = Instant.parse("2026-11-30T00:00:00Z");
    assertThat(CertificateStep.of(end, now).orElse(null)).isEqualTo(step);
  }

  @Test
  void aCertificateSaysWhenItEnds() {
    EndpointNotice before = EndpointNotices.certificate(NOW.plusSeconds(9), facts(null), NOW);
    assertThat(before.deadline()).isEqualTo(NOW.plusSeconds(9));
    assertThat(before.message()).startsWith("the certificate of orders ends at 2026-11-24");
    assertThat(EndpointNotices.certificate(NOW, facts(null), NOW).message())
        .startsWith("the certificate of orders ended at 2026-11-24");
  }

  @Test
  void whatWasPreparedJustNowIsNotPreparedAgain() {
    var lately = new Lately<Integer>();
    assertThat(lately.due(1, "a", NOW)).isTrue();
    assertThat(lately.due(1, "a", NOW.plusSeconds(60))).isFalse();
    assertThat(lately.due(2, "a", NOW)).isTrue();
    assertThat(lately.due(1, "b", NOW)).isTrue();
    assertThat(lately.due(1, "b", NOW.plusSeconds(61))).isTrue();
  }
}
