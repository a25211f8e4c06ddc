package dev.posthorn.dispatcher.lane;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import dev.posthorn.dispatcher.store.SharedDatabase.Defect;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The same properties as in {@link SimulationTest}, and the same ways to ask for more seeds. */
class SharedSimulationTest {
  private static final long FIRST = Long.getLong("simulation.first", 1);
  private static final long SEEDS = Long.getLong("simulation.seeds", 10_000);

  @Test
  void whateverHappensToSeveralProcessesEverythingAcceptedArrives() {
    long deliveries = 0;
    long lost = 0;
    long duplicates = 0;
    for (long seed = FIRST; seed < FIRST + SEEDS; seed++) {
      SharedSimulation.Figures figures = SharedSimulation.run(seed, Defect.NONE, true);
      deliveries += figures.deliveries();
      lost += figures.lost();
      duplicates += figures.duplicates();
    }
    System.out.printf(
        "shared simulation: %,d histories, %,d deliveries, %,d processes lost, %,d duplicates, all"
            + " explained%n",
        SEEDS, deliveries, lost, duplicates);
    assertThat(deliveries).isGreaterThan(SEEDS);
    assertThat(lost).isGreaterThan(SEEDS / 2);
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "NONE")
  void everyKnownDefectIsFound(Defect defect) {
    found(defect, true);
  }

  @Test
  void anOrderNeedsWhoTakesOverToWait() {
    found(Defect.NONE, false);
  }

  private static void found(Defect defect, boolean waits) {
    boolean found =
        LongStream.rangeClosed(1, 2_000)
            .anyMatch(seed -> {
              try {
                SharedSimulation.run(seed, defect, waits);
                return false;
              } catch (AssertionError broken) {
                return true;
              }
            });
    if (!found) {
      fail(defect + " was not found");
    }
  }
}
