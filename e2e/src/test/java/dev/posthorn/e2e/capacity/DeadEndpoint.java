package dev.posthorn.e2e.capacity;

import static org.awaitility.Awaitility.await;

import dev.posthorn.e2e.fixture.Http;
import dev.posthorn.e2e.fixture.Manifests;
import dev.posthorn.e2e.fixture.PosthornProcess;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * A scene: an endpoint is gone, the process ends, its backlog grows, the process starts again,
 * other endpoints have their traffic beside it, and it is re-enabled.
 */
final class DeadEndpoint {
  static final int OTHERS = 20;

  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final String ENDPOINT =
      "/v1/tenants/" + DeadReceiver.TENANT + "/endpoints/" + DeadReceiver.NAME;

  /**
   * Its size.
   *
   * @param backlog deliveries that wait for the endpoint
   * @param perSecond events of each of {@value #OTHERS} others
   * @param beside how long the traffic of others is measured, with and without the backlog
   * @param heap of the process, as the JVM takes it
   */
  record Size(int backlog, int perSecond, Duration beside, String heap) {}

  /**
   * A life of the process.
   *
   * @param ready from its start to ready
   * @param readyCpu CPU of the process until then, which others on the machine do not change
   * @param heapMiB in use once it was ready, after a collection
   * @param beside what events of others took
   * @param cpuMicros CPU of the process per event of others
   */
  record Life(Duration ready, Duration readyCpu, long heapMiB, Latency beside, double cpuMicros) {}

  /**
   * What happened.
   *
   * @param without the first life, with an empty store
   * @param with the second, with the backlog
   * @param filling how long it took to fill the store
   * @param storeBytes the store's size then
   * @param arrivals the first of the backlog, after the endpoint was re-enabled
   * @param missing events of others that never arrived
   */
  record Seen(
      Life without,
      Life with,
      Duration filling,
      long storeBytes,
      List<DeadReceiver.Arrival> arrivals,
      int missing) {}

  private final Path directory;
  private final Path data;
  private final Size size;
  private final Crowd crowd;
  private final DeadReceiver dead;
  private final Manifests manifests;

  private DeadEndpoint(Path directory, Size size, Crowd crowd, DeadReceiver dead)
      throws IOException {
    this.directory = directory;
    this.data = directory.resolve("data");
    this.size = size;
    this.crowd = crowd;
    this.dead = dead;
    this.manifests = Manifests.in(directory);
    manifests.write("dispatcher.yaml", dispatcher());
    manifests.write("crowd.yaml", crowd.manifest());
    manifests.write("dead.yaml", dead.manifest());
  }

  /** Plays it in {@code directory}. */
  static Seen play(Path directory, Size size) throws Exception {
    try (var crowd = new Crowd(OTHERS, size.perSecond());
        var dead = new DeadReceiver()) {
      return new DeadEndpoint(directory, size, crowd, dead).play();
    }
  }

  private Seen play() throws Exception {
    Life without;
    long start = System.nanoTime();
    try (var posthorn = start()) {
      without = live(posthorn, Duration.ofNanos(System.nanoTime() - start));
      die(posthorn.api());
      posthorn.stop();
    }
    start = System.nanoTime();
    Backlog.fill(data, DeadReceiver.TENANT, size.backlog());
    var filling = Duration.ofNanos(System.nanoTime() - start);
    long bytes = Files.size(data.resolve("posthorn.db"));
    start = System.nanoTime();
    try (var posthorn = start()) {
      Life with = live(posthorn, Duration.ofNanos(System.nanoTime() - start));
      dead.mend();
      HttpResponse<String> answer =
          posthorn.api().post(ENDPOINT + "/enable", "application/json", "");
      if (answer.statusCode() / 100 != 2) {
        throw new AssertionError("enable: " + answer.statusCode() + " " + answer.body());
      }
      await("the backlog comes").atMost(PATIENCE).until(() -> dead.arrivals().size() >= 200);
      var first = dead.arrivals().stream().limit(200).toList();
      return new Seen(without, with, filling, bytes, first, crowd.missing().size());
    }
  }

  private PosthornProcess start() throws IOException {
    return PosthornProcess.tuned(List.of("-Xmx" + size.heap()), manifests.directory(), data);
  }

  private void die(Http api) {
    api.accepted(DeadReceiver.TENANT, "order.paid", "{\"n\": " + DeadReceiver.BEFORE + "}");
    await("410 disables it")
        .atMost(PATIENCE)
        .until(() -> api.json(ENDPOINT).path("state").asText().equals("Disabled"));
  }

  private Life live(PosthornProcess posthorn, Duration ready) throws Exception {
    Duration readyCpu = Bench.cpu(posthorn);
    long heap = Bench.heapMiB(posthorn, directory);
    Http api = posthorn.api();
    crowd.run(api, size.beside()); // what is cold costs
    int before = crowd.accepted();
    Duration cpu = Bench.cpu(posthorn);
    Latency beside = crowd.run(api, size.beside());
    double micros = Bench.cpu(posthorn).minus(cpu).toNanos() / 1e3 / (crowd.accepted() - before);
    return new Life(ready, readyCpu, heap, beside, micros);
  }

  /** Retention would end a backlog that is larger than what is kept. */
  private static String dispatcher() {
    return """
    apiVersion: posthorn.dev/v1alpha1
    kind: Dispatcher
    metadata: {name: default}
    spec:
      allowedNamespaces: {from: All}
      retention: {maxBytes: 32Gi}
    """;
  }
}
