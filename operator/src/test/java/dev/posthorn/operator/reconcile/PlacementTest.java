package dev.posthorn.operator.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.posthorn.operator.pods.PodReport;
import dev.posthorn.operator.pods.Seen;
import dev.posthorn.operator.reconcile.Stated.Truth;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PlacementTest {
  private static final Placement STORED = new Placement.Stored("endpoint-1", 7);

  @Test
  void withoutAReadyPodNothingIsProgrammed() {
    assertThat(STORED.programmed(Seen.NOTHING, false).reason()).isEqualTo("NoReadyDispatcher");
  }

  @Test
  void untilEveryPodHasAnsweredItIsPending() {
    assertThat(STORED.programmed(new Seen(1, List.of()), false).reason()).isEqualTo("Pending");
  }

  @Test
  void whatWasProgrammedStaysSoForItsGeneration() {
    assertThat(STORED.programmed(Seen.NOTHING, true).status()).isEqualTo(Truth.True);
  }

  @Test
  void whatAPodWithoutAWatchWorksWithIsUnknown() {
    var lost = new Seen(1, List.of(new PodReport(9, 61, Map.of(), List.of(), Map.of())));

    assertThat(STORED.programmed(lost, true).status()).isEqualTo(Truth.Unknown);
    assertThat(STORED.programmed(lost, false).status()).isEqualTo(Truth.Unknown);
    assertThat(STORED.programmed(lost, true).message()).contains("lost its watch");
  }

  @Test
  void whatIsNotStoredIsNotProgrammedHoweverItWas() {
    assertThat(new Placement.Kept().programmed(Seen.NOTHING, true).status()).isEqualTo(Truth.False);
    assertThat(new Placement.Waits("keys are missing").programmed(Seen.NOTHING, true).message())
        .isEqualTo("keys are missing");
  }
}
