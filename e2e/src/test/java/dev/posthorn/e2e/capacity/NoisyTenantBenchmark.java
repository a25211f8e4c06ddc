package dev.posthorn.e2e.capacity;

import java.time.Duration;
import java.util.List;

/** What 200 tenants notice of one that publishes 50,000 events to an endpoint which hangs. */
public final class NoisyTenantBenchmark {
  private static final int TENANTS = Integer.getInteger("bench.tenants", 200);
  private static final int FLOOD = Integer.getInteger("bench.flood", 50_000);
  private static final int EVENTS_PER_SECOND = 2_000;
  private static final Duration GOAL = Duration.ofSeconds(1);

  private NoisyTenantBenchmark() {}

  /** Prints what it saw; takes no arguments. */
  public static void main(String[] args) throws Exception {
    Bench.printMachine();
    var size =
        new NoisyTenant.Size(
            TENANTS, Duration.ofSeconds(30), Duration.ofSeconds(40), FLOOD, EVENTS_PER_SECOND);
    NoisyTenant.Seen seen = Bench.in(directory -> NoisyTenant.play(directory, size, List.of()));
    System.out.printf("%d tenants, 1 event/s each, alone:   %s%n", TENANTS, seen.alone());
    System.out.printf("the same beside the noisy tenant:     %s%n", seen.beside());
    System.out.printf(
        "the noisy tenant: %d events accepted at %d/s, %d batches answered 429, %d requests hang%n",
        seen.flooded(), EVENTS_PER_SECOND, seen.floodRefused(), seen.hanging());
    System.out.printf(
        "the others: %d events accepted, %d refused, %d missing, %d twice%n",
        seen.accepted(), seen.refused().size(), seen.missing().size(), seen.repeated().size());
    Duration most = seen.alone().p99().multipliedBy(2);
    Bench.judge("p99 at most doubles", seen.beside().p99().compareTo(most) <= 0);
    Bench.judge("p99 at most 1 s", seen.beside().p99().compareTo(GOAL) <= 0);
    Bench.judge("only the noisy one is refused", seen.refused().isEmpty());
    Bench.judge(
        "each event of the others arrived once",
        seen.missing().isEmpty() && seen.repeated().isEmpty());
  }
}
