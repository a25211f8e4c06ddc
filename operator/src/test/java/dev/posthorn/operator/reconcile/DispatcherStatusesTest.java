package dev.posthorn.operator.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.posthorn.crds.Condition;
import dev.posthorn.operator.reconcile.Stated.Truth;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class DispatcherStatusesTest {
  private static final Instant NOW = Instant.parse("2026-11-29T10:00:00Z");
  private static final List<String> POD = List.of("dispatcher");
  private static final List<Condition> STARTING =
      List.of(new Condition("Available", "False", 1L, NOW.toString(), "Starting", "starting"));

  @Test
  void aPodThatServesIsEnough() {
    Stated stated = DispatcherStatuses.available(1, List.of(), "another one waits", List.of(), NOW);
    assertThat(stated.status()).isEqualTo(Truth.True);
    assertThat(stated.reason()).isEqualTo("Available");
  }

  @Test
  void whatPodsSayOfTheirStoreIsTheReason() {
    Stated stated = DispatcherStatuses.available(0, POD, "the database is away", STARTING, NOW);
    assertThat(stated.status()).isEqualTo(Truth.False);
    assertThat(stated.reason()).isEqualTo("StoreUnavailable");
    assertThat(stated.message()).isEqualTo("the database is away");
  }

  @Test
  void gatewaysAloneDoNotServeAndNeitherDoWorkers() {
    List<Condition> serving =
        List.of(new Condition("Available", "True", 1L, NOW.toString(), "Available", "it serves"));
    Stated worker = DispatcherStatuses.available(2, List.of("gateway"), null, serving, NOW);
    assertThat(worker.status()).isEqualTo(Truth.False);
    assertThat(worker.reason()).isEqualTo("Unavailable");
    assertThat(worker.message()).startsWith("no gateway pod is ready, so that nobody can publish");
    Stated gateway = DispatcherStatuses.available(2, List.of("worker"), null, serving, NOW);
    assertThat(gateway.message())
        .isEqualTo(
            "no worker pod is ready, so that events are taken and wait; look at the events and the"
                + " log of its pods");
  }

  @Test
  void podsThatSayNothingStartForTwoMinutes() {
    assertThat(DispatcherStatuses.available(0, POD, null, List.of(), NOW).reason())
        .isEqualTo("Starting");
    assertThat(DispatcherStatuses.available(0, POD, null, STARTING, NOW.plusSeconds(119)).reason())
        .isEqualTo("Starting");
    assertThat(DispatcherStatuses.available(0, POD, null, STARTING, NOW.plusSeconds(120)).reason())
        .isEqualTo("Unavailable");
  }
}
