package dev.posthorn.e2e.capacity;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DeadEndpointIT {
  private static final int MOST_AT_ONCE = 10;

  @TempDir private Path directory;

  @Test
  void aLongBacklogCostsNoMemoryAndComesOldestFirstFromOneUpwards() throws Exception {
    var size = new DeadEndpoint.Size(50_000, 10, Duration.ofSeconds(2), "64m");
    DeadEndpoint.Seen seen = DeadEndpoint.play(directory, size);
    System.out.println("DeadEndpointIT: without backlog " + seen.without());
    System.out.println("DeadEndpointIT: with backlog    " + seen.with());
    assertThat(seen.missing()).as("events of others that did not arrive").isZero();
    assertThat(seen.with().heapMiB())
        .as("MiB in use with the backlog")
        .isLessThanOrEqualTo(seen.without().heapMiB() + 4);
    List<DeadReceiver.Arrival> arrivals = seen.arrivals();
    assertThat(arrivals).first().isEqualTo(new DeadReceiver.Arrival(0, 1));
    assertThat(arrivals.stream().mapToInt(DeadReceiver.Arrival::n))
        .as("the oldest 200, but for those under way at the end")
        .doesNotHaveDuplicates()
        .allMatch(n -> n < arrivals.size() + MOST_AT_ONCE);
    assertThat(IntStream.range(0, arrivals.size()))
        .as("places at which something came before what is older by more than are under way")
        .filteredOn(place -> Math.abs(arrivals.get(place).n() - place) >= MOST_AT_ONCE)
        .isEmpty();
    assertThat(arrivals.stream().limit(3).mapToInt(DeadReceiver.Arrival::atOnce))
        .as("at first")
        .allMatch(atOnce -> atOnce <= 3);
    assertThat(arrivals.stream().mapToInt(DeadReceiver.Arrival::atOnce))
        .as("in the end")
        .anyMatch(atOnce -> atOnce > 3)
        .allMatch(atOnce -> atOnce <= MOST_AT_ONCE);
  }
}
