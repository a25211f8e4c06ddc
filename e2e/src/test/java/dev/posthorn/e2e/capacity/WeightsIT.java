package dev.posthorn.e2e.capacity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.posthorn.e2e.fixture.Http;
import dev.posthorn.e2e.fixture.Manifests;
import dev.posthorn.e2e.fixture.PosthornProcess;
import dev.posthorn.e2e.fixture.Received;
import dev.posthorn.e2e.fixture.Receiver;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Two tenants whose backlogs wait for a process that may have few requests under way. */
class WeightsIT {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final int BACKLOG = 4_000;
  private static final int BATCH = 1_000;

  /** Until it is known how long the receivers take. */
  private static final int FIRST = 1_000;

  private static final int COUNTED = 3_000;

  @TempDir private Path directory;
  private final Queue<String> arrivals = new ConcurrentLinkedQueue<>();

  @ParameterizedTest
  @ValueSource(ints = {2, 20})
  void aSaturatedProcessIsDividedByWeight(int millis) throws Exception {
    Manifests manifests = Manifests.in(directory);
    manifests.write(
        "dispatcher.yaml",
        """
        apiVersion: posthorn.dev/v1alpha1
        kind: Dispatcher
        metadata: {name: default}
        spec:
          allowedNamespaces: {from: All}
          limits:
            maxConcurrency: 8
            tenants: [{tenant: heavy, weight: 4}, {tenant: light, weight: 1}]
        """);
    try (var receiver = Receiver.answering(request -> arrived(request, millis))) {
      manifests.write("tenants.yaml", tenants(receiver, true));
      try (var posthorn = PosthornProcess.run(manifests.directory(), directory.resolve("data"))) {
        publish(posthorn.api(), "heavy");
        publish(posthorn.api(), "light");
        assertThat(arrivals).isEmpty();
        manifests.write("tenants.yaml", tenants(receiver, false));
        await().atMost(PATIENCE).until(() -> arrivals.size() >= FIRST + COUNTED);
      }
    }
    List<String> counted = arrivals.stream().skip(FIRST).limit(COUNTED).toList();
    int heavy = Collections.frequency(counted, "/heavy");
    int light = Collections.frequency(counted, "/light");
    System.out.printf("WeightsIT: receivers take %d ms: %d, %d%n", millis, heavy, light);
    assertThat((double) heavy / light).isBetween(4 / 1.15, 4 * 1.15);
  }

  private int arrived(Received request, int millis) {
    arrivals.add(request.path());
    LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(millis));
    return 204;
  }

  private static String tenants(Receiver receiver, boolean suspended) {
    return List.of("heavy", "light").stream()
        .map(tenant ->
            Manifests.endpoint(
                tenant,
                "in",
                receiver.url("/" + tenant),
                "\"*\"",
                "{scheme: none}",
                "  suspend: " + suspended + "\n"))
        .collect(Collectors.joining());
  }

  private static void publish(Http api, String tenant) {
    String event = "{\"specversion\": \"1.0\", \"tenant\": \"%s\", \"type\": \"t\", ";
    for (int n = 0; n < BACKLOG; n += BATCH) {
      String batch =
          IntStream.range(n, n + BATCH)
              .mapToObj(i -> (event + "\"source\": \"s\", \"id\": \"%d\"}").formatted(tenant, i))
              .collect(Collectors.joining(",", "[", "]"));
      int status = api.post("/v1/events", "application/cloudevents-batch+json", batch).statusCode();
      assertThat(status).isEqualTo(202);
    }
  }
}
