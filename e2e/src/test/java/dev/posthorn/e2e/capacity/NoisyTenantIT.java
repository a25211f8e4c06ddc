package dev.posthorn.e2e.capacity;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NoisyTenantIT {
  private static final int TENANTS = 40;

  /** Ten seconds of what the noisy tenant may publish, so that it is over before the others are. */
  private static final int FLOOD = 5_000;

  @TempDir private Path directory;

  @Test
  void whoFloodsAHangingEndpointHurtsNobodyElse() throws Exception {
    var size =
        new NoisyTenant.Size(
            TENANTS, Duration.ofSeconds(3), Duration.ofSeconds(15), FLOOD, FLOOD / 10);
    NoisyTenant.Seen seen = NoisyTenant.play(directory, size, List.of("-XX:TieredStopAtLevel=1"));
    System.out.println("NoisyTenantIT: alone  " + seen.alone());
    System.out.println("NoisyTenantIT: beside " + seen.beside());
    assertThat(seen.refused()).as("not accepted, of the quiet ones").isEmpty();
    assertThat(seen.missing()).as("not delivered").isEmpty();
    assertThat(seen.repeated()).as("delivered twice").isEmpty();
    assertThat(seen.accepted()).isEqualTo((1 + 3 + 15) * TENANTS);
    assertThat(seen.floodRefused()).as("batches of the noisy one that got 429").isPositive();
    assertThat(seen.hanging()).as("requests that hang").isGreaterThanOrEqualTo(50);
    assertThat(seen.flooded()).isEqualTo(FLOOD);
  }
}
