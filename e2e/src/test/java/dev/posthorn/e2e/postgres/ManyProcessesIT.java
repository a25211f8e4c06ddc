package dev.posthorn.e2e.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.posthorn.dispatcher.store.PostgresProcess;
import dev.posthorn.e2e.fixture.Manifests;
import dev.posthorn.e2e.fixture.PosthornProcess;
import dev.posthorn.e2e.fixture.Receiver;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Three processes on one database, which die, are paused past their lease, lose the database and
 * get other configurations, under load. {@code -Dmany.seconds=1200} does so for twenty minutes.
 */
class ManyProcessesIT {
  private static final long SECONDS = Long.getLong("many.seconds", 75);
  private static final int TENANTS = 12;
  private static final int IN_FLIGHT = 16;
  private static final Duration LEASE = Duration.ofSeconds(15);
  private static final Duration RECOVERY = LEASE.plusSeconds(5);
  private static final String FIRST_KEY = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final String OWNERS =
      "SELECT count(*) FROM lane l JOIN node n ON n.id = l.node WHERE n.until > clock_timestamp()";

  private final PostgresProcess server = PostgresProcess.durable();
  private final String database = server.create();
  private final long seed = Long.getLong("posthorn.seed", new Random().nextLong());
  private final Random random = new Random(seed);
  private int lost;
  private int paused;
  private int restarts;
  private int changes;
  @TempDir private Path directory;

  @Test
  void nothingIsMissingWhateverHappensToThem() throws Exception {
    System.out.println("ManyProcessesIT: -Dposthorn.seed=" + seed);
    Manifests manifests = Manifests.in(directory);
    try (var fleet = new Fleet(manifests, directory, server, database, IN_FLIGHT);
        var traffic = new Traffic(fleet::api, TENANTS, seed);
        var receiver = Receiver.answering(traffic::arrived)) {
      for (int tenant = 0; tenant < TENANTS; tenant++) {
        traffic.mayBeSignedWith(tenant, FIRST_KEY);
        manifests.write("t" + tenant + ".yaml", endpoint(receiver, tenant, 4, FIRST_KEY));
      }
      for (int i = 0; i < 3; i++) {
        fleet.start();
      }
      until("each has lanes", () -> fleet.all().stream().allMatch(each -> lanes(each) > 10));
      traffic.start();
      double longest = hurt(fleet, traffic, manifests, receiver);
      traffic.stop();
      until("everything arrives", () -> traffic.missing().isEmpty());
      until("nothing is open", () -> number("SELECT count(*) FROM delivery") == 0);
      judge(traffic, longest);
    }
  }

  /** What happens; the longest that a delivery took while no database was restarted. */
  private double hurt(Fleet fleet, Traffic traffic, Manifests manifests, Receiver receiver)
      throws Exception {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS);
    double longest = 0;
    for (int i = 0; System.nanoTime() < end; i++) {
      traffic.longestSeconds();
      switch (i % 4) {
        case 0 -> kill(fleet);
        case 1 -> pause(fleet);
        case 2 -> change(manifests, traffic, receiver);
        default -> {
          server.kill();
          server.start();
          restarts++;
        }
      }
      settle(traffic);
      longest = Math.max(longest, i % 4 == 3 ? 0 : traffic.longestSeconds());
      assertThat(number(OWNERS)).isLessThanOrEqualTo(64);
    }
    return longest;
  }

  /** Whatever was acknowledged until now arrives before the next blow. */
  private void settle(Traffic traffic) throws InterruptedException {
    var waiting = traffic.missing();
    until(
        "what was acknowledged arrives",
        () -> {
          waiting.retainAll(traffic.missing());
          return waiting.isEmpty();
        });
    TimeUnit.MILLISECONDS.sleep(500 + random.nextInt(1_000));
  }

  private void kill(Fleet fleet) throws IOException {
    PosthornProcess victim = fleet.any(random);
    fleet.without(victim);
    victim.kill();
    lost++;
    fleet.start();
  }

  /** It is silent for longer than its lease; when it comes back, others have what was its own. */
  private void pause(Fleet fleet) throws Exception {
    PosthornProcess victim = fleet.any(random);
    fleet.without(victim);
    Fleet.signal(victim, "STOP");
    try {
      until(
          "its lanes go over",
          () -> number(OWNERS) == 64 && number("SELECT count(*) FROM node") == 2);
    } finally {
      Fleet.signal(victim, "CONT");
    }
    until("it ends itself", () -> !victim.isAlive());
    lost++;
    paused++;
    fleet.start();
  }

  /** Another limit for one tenant, and another key, which is a rotation. */
  private void change(Manifests manifests, Traffic traffic, Receiver receiver) throws IOException {
    int tenant = random.nextInt(TENANTS);
    var bytes = new byte[24];
    random.nextBytes(bytes);
    String key = "whsec_" + Base64.getEncoder().encodeToString(bytes);
    traffic.mayBeSignedWith(tenant, key);
    manifests.write("t" + tenant + ".yaml", endpoint(receiver, tenant, 1 + random.nextInt(8), key));
    changes++;
  }

  private void judge(Traffic traffic, double longest) {
    System.out.printf(
        "ManyProcessesIT: %d acknowledged, none missing, %d repeated; %d processes lost, %d of them"
            + " by a pause, %d restarts of the database, %d rotations; longest from 202 to arrival"
            + " %.1f s%n",
        traffic.acknowledged(), traffic.repeated(), lost, paused, restarts, changes, longest);
    assertThat(traffic.wronglySigned()).isZero();
    assertThat(traffic.acknowledged()).isGreaterThan(1_000);
    assertThat(traffic.repeated()).isLessThanOrEqualTo(IN_FLIGHT * lost);
    assertThat(longest / crowd()).isLessThan((double) RECOVERY.toSeconds());
    assertThat(number("SELECT count(*) FROM event WHERE type = 'order.created'"))
        .as("beside what is told of rotations")
        .isEqualTo(traffic.acknowledged());
    assertThat(number("SELECT count(*) FROM attempt WHERE terminal = 1"))
        .as("each delivery has one end")
        .isEqualTo(traffic.acknowledged());
    assertThat(number("SELECT count(*) FROM dead_letter")).isZero();
  }

  /** How many times slower a machine that others use too is; 1 when it has room. */
  private static double crowd() {
    var machine = ManagementFactory.getOperatingSystemMXBean();
    return Math.max(1, machine.getSystemLoadAverage() / machine.getAvailableProcessors());
  }

  private static double lanes(PosthornProcess process) {
    return process.metric("posthorn_lanes_owned");
  }

  private long number(String sql) {
    return Long.parseLong(server.query(database, sql));
  }

  private static void until(String what, BooleanSupplier holds) {
    await(what).atMost(PATIENCE).pollInterval(Duration.ofMillis(50)).until(holds::getAsBoolean);
  }

  private static String endpoint(Receiver receiver, int tenant, int concurrency, String key) {
    String namespace = "t" + tenant;
    return Manifests.signingSecret(namespace, "orders", key)
        + Manifests.endpoint(
            namespace,
            "orders",
            receiver.url("/" + namespace),
            "\"*\"",
            "{scheme: standard-webhooks, signingSecretRef: {name: orders}}",
            """
              delivery: {maxConcurrency: %d}
              retry: {scheduleSeconds: [1, 1, 1, 1, 1, 1, 1, 1]}
            """
                .formatted(concurrency));
  }
}
