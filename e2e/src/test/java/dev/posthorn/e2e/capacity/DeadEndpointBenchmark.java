package dev.posthorn.e2e.capacity;

import java.time.Duration;
import java.util.List;

/** What five million deliveries cost that wait for an endpoint which is gone. */
public final class DeadEndpointBenchmark {
  private static final int BACKLOG = Integer.getInteger("bench.backlog", 5_000_000);
  private static final int PER_SECOND = 25;
  private static final Duration GOAL = Duration.ofSeconds(5);

  private DeadEndpointBenchmark() {}

  /** Prints what it saw; takes no arguments. */
  public static void main(String[] args) throws Exception {
    Bench.printMachine();
    var size = new DeadEndpoint.Size(BACKLOG, PER_SECOND, Duration.ofSeconds(10), "256m");
    DeadEndpoint.Seen seen = Bench.in(directory -> DeadEndpoint.play(directory, size));
    System.out.printf(
        "store filled through its own interface: %,d deliveries in %.1f s, %d MiB%n",
        BACKLOG, seconds(seen.filling()), seen.storeBytes() >> 20);
    print("without the backlog", seen.without());
    print("with it", seen.with());
    List<DeadReceiver.Arrival> arrivals = seen.arrivals();
    System.out.println(
        "re-enabled, the first arrivals (number, under way): " + pairs(arrivals.subList(0, 20)));
    int late = 0;
    for (int place = 0; place < arrivals.size(); place++) {
      late = Math.max(late, Math.abs(arrivals.get(place).n() - place));
    }
    System.out.printf(
        "the first %d arrivals: at most %d places from their order%n", arrivals.size(), late);
    Bench.judge(
        "start to ready within 5 s, -Xmx" + size.heap(), seen.with().ready().compareTo(GOAL) <= 0);
    Bench.judge("no event of others is missing", seen.missing() == 0);
    Bench.judge("oldest first", late < 10 && arrivals.getFirst().n() == 0);
  }

  private static void print(String name, DeadEndpoint.Life life) {
    System.out.printf(
        "%-20s ready after %4.1f s (CPU %.1f s), %3d MiB of heap in use; %d events/s of others: %s,"
            + " %.0f us CPU each%n",
        name,
        seconds(life.ready()),
        seconds(life.readyCpu()),
        life.heapMiB(),
        PER_SECOND * DeadEndpoint.OTHERS,
        life.beside(),
        life.cpuMicros());
  }

  private static String pairs(List<DeadReceiver.Arrival> arrivals) {
    var text = new StringBuilder();
    arrivals.forEach(each -> text.append(each.n()).append('/').append(each.atOnce()).append(' '));
    return text.toString();
  }

  private static double seconds(Duration duration) {
    return duration.toMillis() / 1e3;
  }
}
