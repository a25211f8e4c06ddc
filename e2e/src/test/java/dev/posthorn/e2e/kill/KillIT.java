package dev.posthorn.e2e.kill;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.posthorn.e2e.fixture.Http;
import dev.posthorn.e2e.fixture.Manifests;
import dev.posthorn.e2e.fixture.PosthornProcess;
import dev.posthorn.e2e.fixture.Receiver;
import dev.posthorn.e2e.fixture.RedisProcess;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * SIGKILL, again and again, under load over HTTP and Redis, with a receiver that fails one in ten.
 */
class KillIT {
  private static final int ROUNDS = 20;
  private static final int MOST_REQUESTS_IN_A_ROUND = 600;
  private static final int IN_FLIGHT = 16;
  private static final Duration RECOVERY = Duration.ofSeconds(5);

  @TempDir private Path directory;

  @Test
  void twentyDeathsLoseNothingAndRepeatOnlyWhatWasInFlight() throws Exception {
    long seed = Long.getLong("posthorn.seed", new Random().nextLong());
    System.out.println("KillIT: -Dposthorn.seed=" + seed);
    var random = new Random(seed);
    var ledger = new Ledger(seed);
    var kills = new ArrayList<Ledger.Kill>();
    Manifests manifests = Manifests.in(directory);
    try (var redis = RedisProcess.start(directory.resolve("redis"));
        var receiver = Receiver.answering(ledger::arrived)) {
      manifests.write("acme.yaml", endpoint(receiver));
      manifests.write("stream.yaml", Manifests.stream(redis.address(), "load"));
      PosthornProcess life = run(manifests);
      try {
        var api = new AtomicReference<Http>(life.api());
        try (var producers = new Producers(api::get, ledger, redis)) {
          assertThat(producers).isNotNull();
          for (int round = 0; round < ROUNDS; round++) {
            int until = ledger.requests() + 1 + random.nextInt(MOST_REQUESTS_IN_A_ROUND);
            await("load").atMost(Duration.ofMinutes(1)).until(() -> ledger.requests() >= until);
            Instant time = Instant.now();
            life.kill();
            int before = ledger.requests();
            Instant start = Instant.now();
            life = run(manifests);
            api.set(life.api());
            await("it delivers again")
                .atMost(Duration.ofMinutes(1))
                .pollInterval(Duration.ofMillis(20))
                .until(() -> ledger.requests() > before);
            kills.add(new Ledger.Kill(time, Duration.between(start, Instant.now()), crowd()));
          }
        }
        await("everything arrives")
            .atMost(Duration.ofMinutes(1))
            .untilAsserted(() -> assertThat(ledger.missing()).isEmpty());
        PosthornProcess last = life;
        await("nothing is open")
            .atMost(Duration.ofSeconds(30))
            .until(() -> last.metric("posthorn_deliveries_open") == 0);
        assertThat(last.metric("posthorn_deliveries_unaccounted")).isZero();
      } finally {
        life.close();
      }
    }
    judge(ledger, kills);
  }

  private static void judge(Ledger ledger, List<Ledger.Kill> kills) {
    System.out.printf(
        "KillIT: %d acknowledged, %d repeated in %d deaths, recovery %s%n",
        ledger.acknowledged(),
        ledger.repeated(),
        kills.size(),
        kills.stream().map(kill -> kill.recovery().toMillis() + " ms").toList());
    int explained = 0;
    for (int i = 0; i < kills.size(); i++) {
      Instant next = i + 1 < kills.size() ? kills.get(i + 1).time() : Instant.MAX;
      int repeated = ledger.repeatedAfter(kills.get(i).time(), next).size();
      assertThat(repeated).as("repeated after death %d", i + 1).isLessThanOrEqualTo(IN_FLIGHT);
      explained += repeated;
    }
    assertThat(ledger.repeated()).as("repeated without a death").isEqualTo(explained);
    assertThat(kills)
        .allSatisfy(kill ->
            assertThat(kill.recovery().toMillis() / kill.crowd())
                .isLessThan((double) RECOVERY.toMillis()));
  }

  /** How many times slower a machine that others use too is; 1 when it has room. */
  private static double crowd() {
    var machine = ManagementFactory.getOperatingSystemMXBean();
    return Math.max(1, machine.getSystemLoadAverage() / machine.getAvailableProcessors());
  }

  private PosthornProcess run(Manifests manifests) throws IOException {
    return PosthornProcess.run(
        manifests.directory(),
        directory.resolve("data"),
        "--max-concurrency",
        Integer.toString(IN_FLIGHT));
  }

  private static String endpoint(Receiver receiver) {
    return Manifests.signingSecret("acme", "orders", "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
        + Manifests.endpoint(
            "acme",
            "orders",
            receiver.url("/in"),
            "\"*\"",
            "{scheme: standard-webhooks, signingSecretRef: {name: orders}}",
            """
              delivery: {maxConcurrency: 16}
              retry: {scheduleSeconds: [1, 1, 1, 1, 1, 1, 1, 1]}
            """);
  }
}
