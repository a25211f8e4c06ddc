package dev.posthorn.dispatcher.lane;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * {@code -Dsimulation.seeds=1000000} lives through more histories, {@code -Dsimulation.first=7}
 * begins with another one.
 */
class SimulationTest {
  private static final long FIRST = Long.getLong("simulation.first", 1);
  private static final long SEEDS = Long.getLong("simulation.seeds", 10_000);

  @Test
  void whateverHappensEverythingAcceptedArrives() {
    long deliveries = 0;
    long lives = 0;
    long duplicates = 0;
    for (long seed = FIRST; seed < FIRST + SEEDS; seed++) {
      Simulation.Figures figures = Simulation.run(seed, Mutant.NONE);
      deliveries += figures.deliveries();
      lives += figures.lives();
      duplicates += figures.duplicates();
    }
    System.out.printf(
        "simulation: %,d histories, %,d deliveries, %,d processes, %,d duplicates, all explained%n",
        SEEDS, deliveries, lives, duplicates);
    assertThat(deliveries).isGreaterThan(SEEDS);
    assertThat(lives).isGreaterThan(SEEDS);
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "NONE")
  void everyKnownDefectIsFound(Mutant mutant) {
    boolean found =
        LongStream.rangeClosed(1, 2_000)
            .anyMatch(seed -> {
              try {
                Simulation.run(seed, mutant);
                return false;
              } catch (AssertionError broken) {
                return true;
              }
            });
    if (!found) {
      fail(mutant + " was not found");
    }
  }
}
