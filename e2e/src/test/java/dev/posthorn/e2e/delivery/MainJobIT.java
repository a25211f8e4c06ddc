package dev.posthorn.e2e.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.posthorn.e2e.fixture.Ended;
import dev.posthorn.e2e.fixture.Manifests;
import dev.posthorn.e2e.fixture.PosthornProcess;
import dev.posthorn.e2e.fixture.Program;
import dev.posthorn.e2e.fixture.Received;
import dev.posthorn.e2e.fixture.Receiver;
import dev.posthorn.e2e.fixture.RedisProcess;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.StreamEntryID;

/**
 * 10,000 entries of a Redis stream, 20 tenants, 30 endpoints, every scheme: run once, judged often.
 */
class MainJobIT {
  private static final int ENTRIES = 10_000;
  private static final List<Subscription> SUBSCRIPTIONS = Subscription.all();
  private static final Map<String, Arrivals> ARRIVALS = new HashMap<>();

  @TempDir private static Path directory;

  @BeforeAll
  static void everythingIsDelivered() throws Exception {
    SUBSCRIPTIONS.forEach(each -> ARRIVALS.put(each.path(), new Arrivals(each.scheme())));
    Manifests manifests = Manifests.in(directory);
    try (var redis = RedisProcess.start(directory.resolve("redis"));
        var receiver = Receiver.answering(request -> arrivals(request.path()).answer(request))) {
      fill(redis);
      manifests.write("stream.yaml", Manifests.stream(redis.address(), "shop"));
      for (Subscription each : SUBSCRIPTIONS) {
        manifests.write(each.name() + ".yaml", each.yaml(receiver));
      }
      Instant start = Instant.now();
      try (var posthorn = PosthornProcess.run(manifests.directory(), directory.resolve("data"))) {
        await("all arrive")
            .atMost(Duration.ofMinutes(2))
            .until(() -> SUBSCRIPTIONS.stream().allMatch(MainJobIT::complete));
        await("nothing is open")
            .atMost(Duration.ofSeconds(30))
            .until(() -> posthorn.metric("posthorn_deliveries_open") == 0);
        assertThat(posthorn.metric("posthorn_deliveries_unaccounted")).isZero();
        System.out.printf(
            "%d entries, %d deliveries in %.1f s, start included%n",
            ENTRIES, total(), Duration.between(start, Instant.now()).toMillis() / 1000.0);
        await("all is acknowledged").until(() -> pending(redis) == 0);
        assertThat(posthorn.stop()).isZero();
      }
    }
  }

  @AfterAll
  static void forget() {
    ARRIVALS.clear();
  }

  private static Arrivals arrivals(String path) {
    Arrivals arrivals = ARRIVALS.get(path);
    if (arrivals == null) {
      throw new AssertionError("nobody listens at " + path);
    }
    return arrivals;
  }

  private static boolean complete(Subscription subscription) {
    return arrivals(subscription.path()).numbers().size() >= subscription.expected(ENTRIES).size();
  }

  private static int total() {
    return ARRIVALS.values().stream().mapToInt(each -> each.numbers().size()).sum();
  }

  private static void fill(RedisProcess redis) {
    try (Jedis jedis = redis.client();
        var pipeline = jedis.pipelined()) {
      for (int n = 0; n < ENTRIES; n++) {
        pipeline.xadd("shop", StreamEntryID.NEW_ENTRY, Map.of("event", new Entry(n).json()));
      }
    }
  }

  private static long pending(RedisProcess redis) {
    try (Jedis jedis = redis.client()) {
      return jedis.xinfoGroups("shop").getFirst().getPending();
    }
  }

  @Test
  void everyEndpointGetsExactlyWhatItWantsOnceAndVerified() {
    for (Subscription each : SUBSCRIPTIONS) {
      arrivals(each.path()).check(each.expected(ENTRIES));
    }
  }

  @Test
  void aTenthFailedOnceAndCameAgainWithTheSameIdAndBytes() {
    assertThat(ARRIVALS.values().stream().mapToInt(Arrivals::retries).sum())
        .isGreaterThan(ENTRIES / 20);
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "NONE")
  void aFlippedBitDoesNotVerify(Scheme scheme) {
    Received request = any(scheme);
    assertThat(scheme.verifies(request)).isTrue();
    assertThat(scheme.verifies(request.withFlippedBit())).isFalse();
  }

  @Test
  void theDataArrivesByteForByte() {
    assertThat(any(Scheme.STANDARD_WEBHOOKS).text())
        .contains(",  \"amount\": ", "\u00fcber \u2713");
  }

  @ParameterizedTest
  @ValueSource(strings = {"node", "python3"})
  void meevasPublishedCodeVerifies(String interpreter) throws Exception {
    assumeTrue(onPath(interpreter), interpreter + " is not installed: its receiver was not run");
    Received request = any(Scheme.MEEVA);
    assertThat(meeva(interpreter, request)).isEqualTo(0);
    assertThat(meeva(interpreter, request.withFlippedBit())).isEqualTo(1);
  }

  private static int meeva(String interpreter, Received request) throws Exception {
    Path body = Files.write(Files.createTempFile(directory, "meeva", ".body"), request.body());
    Path script =
        Program.root()
            .resolve("e2e/src/test/resources/meeva")
            .resolve(interpreter.equals("node") ? "verify.mjs" : "verify.py");
    Ended ended =
        Ended.of(
            directory,
            List.of(
                interpreter,
                script.toString(),
                Scheme.MEEVA.secret(),
                request.header("meeva-signature"),
                body.toString()));
    assertThat(ended.err()).isEmpty();
    return ended.exitCode();
  }

  private static boolean onPath(String program) {
    return Stream.of(System.getenv("PATH").split(":"))
        .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
  }

  private static Received any(Scheme scheme) {
    var found = new ArrayList<Received>();
    SUBSCRIPTIONS.stream()
        .filter(each -> each.scheme() == scheme)
        .findFirst()
        .ifPresent(each -> found.add(arrivals(each.path()).any()));
    return found.getFirst();
  }
}
