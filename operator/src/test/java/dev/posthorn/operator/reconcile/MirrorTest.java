package dev.posthorn.operator.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.posthorn.core.config.ResourceName;
import dev.posthorn.crds.WebhookEndpointStatus.Delivery;
import dev.posthorn.operator.pods.EndpointReport;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class MirrorTest {
  private static final Instant NOW = Instant.parse("2026-11-27T12:00:00Z");
  private static final Delivery HEALTHY = delivery("Healthy", null, 0);

  @Test
  void whatIsSaidAlreadyIsNotWrittenAgain() {
    var mirror =
        Mirror.of(HEALTHY, report("Healthy", NOW.minusSeconds(3600), null, 0), null, true, NOW);

    assertThat(mirror).isEqualTo(new Mirror(HEALTHY, null, false));
  }

  @Test
  void failingMustHaveHeldAMinute() {
    var report = report("Failing", NOW.minusSeconds(20), "http_5xx", 0);

    assertThat(Mirror.of(HEALTHY, report, null, true, NOW))
        .isEqualTo(new Mirror(HEALTHY, NOW.plusSeconds(40), false));
    var written = Mirror.of(HEALTHY, report, null, true, NOW.plusSeconds(40));
    assertThat(written.written()).isTrue();
    assertThat(written.delivery())
        .isEqualTo(delivery("Failing", "http_5xx", 0, NOW.minusSeconds(20)));
  }

  @Test
  void oneWriteAMinuteIsEnoughForAnEndpoint() {
    var report = report("Failing", NOW.minusSeconds(600), "timeout", 10);
    var status = delivery("Failing", "http_5xx", 0);

    assertThat(Mirror.of(status, report, NOW.minusSeconds(10), true, NOW).again())
        .isEqualTo(NOW.plusSeconds(50));
    assertThat(Mirror.of(status, report, NOW.minusSeconds(60), true, NOW).written()).isTrue();
  }

  @Test
  void disabledIsToldAtOnceInBothDirections() {
    var disabled = report("Disabled", NOW, "gone", 0);
    assertThat(Mirror.of(HEALTHY, disabled, NOW.minusSeconds(1), false, NOW).written()).isTrue();

    var enabled = report("Healthy", NOW, null, 0);
    assertThat(
            Mirror.of(delivery("Disabled", "gone", 0), enabled, NOW.minusSeconds(1), false, NOW)
                .written())
        .isTrue();
  }

  @Test
  void whenAllTurnsAreTakenItWaitsForTheNextSecond() {
    var report = report("Failing", NOW.minusSeconds(600), "timeout", 0);

    assertThat(Mirror.of(HEALTHY, report, null, false, NOW))
        .isEqualTo(new Mirror(HEALTHY, NOW.plusSeconds(1), false));
  }

  @Test
  void twentyWritesASecondAreTheLimitOfAll() {
    var writes = new MirrorWrites();
    for (int i = 0; i < 20; i++) {
      assertThat(writes.turn(NOW)).isTrue();
      writes.wrote(new ResourceName("ns", "e" + i), NOW);
    }

    assertThat(writes.turn(NOW.plusMillis(999))).isFalse();
    assertThat(writes.turn(NOW.plusSeconds(1))).isTrue();
  }

  private static EndpointReport report(
      String state, Instant since, @Nullable String error, int dead) {
    return new EndpointReport("acme", "orders", state, since.toString(), error, "next", dead);
  }

  private static Delivery delivery(String state, @Nullable String error, int dead) {
    return new Delivery(state, null, error, "next", dead);
  }

  private static Delivery delivery(String state, @Nullable String error, int dead, Instant since) {
    return new Delivery(state, since.toString(), error, "next", dead);
  }
}
