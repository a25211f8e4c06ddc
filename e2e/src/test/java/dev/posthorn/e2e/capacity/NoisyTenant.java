package dev.posthorn.e2e.capacity;

import static org.awaitility.Awaitility.await;

import dev.posthorn.e2e.fixture.Http;
import dev.posthorn.e2e.fixture.Manifests;
import dev.posthorn.e2e.fixture.PosthornProcess;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;

/** A scene: many tenants, first alone, then beside one that floods an endpoint which hangs. */
final class NoisyTenant {
  /**
   * Its size.
   *
   * @param tenants quiet ones, each with one event a second
   * @param quiet how long they are alone
   * @param beside how long they publish beside the noisy one
   * @param flood events of the noisy one
   * @param eventsPerSecond what the noisy one may publish
   */
  record Size(int tenants, Duration quiet, Duration beside, int flood, int eventsPerSecond) {}

  /**
   * What happened.
   *
   * @param alone of the quiet tenants
   * @param beside of the quiet tenants, beside the noisy one
   * @param accepted events of the quiet tenants
   * @param refused what of theirs was not accepted
   * @param missing what of theirs never arrived
   * @param repeated what of theirs arrived twice
   * @param floodRefused batches of the noisy one that were answered 429
   * @param hanging requests that its endpoint took without an answer
   * @param flooded events of the noisy one that were accepted
   */
  record Seen(
      Latency alone,
      Latency beside,
      int accepted,
      List<String> refused,
      Set<String> missing,
      List<String> repeated,
      int floodRefused,
      int hanging,
      int flooded) {}

  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private NoisyTenant() {}

  /** Plays it in {@code directory} with a process whose JVM has these options too. */
  static Seen play(Path directory, Size size, List<String> jvm) throws Exception {
    Manifests manifests = Manifests.in(directory);
    manifests.write("dispatcher.yaml", dispatcher(size));
    try (var crowd = new Crowd(size.tenants(), 1);
        var flood = new Flood();
        var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      manifests.write("quiet.yaml", crowd.manifest());
      manifests.write("noisy.yaml", flood.manifest());
      try (var posthorn =
          PosthornProcess.tuned(jvm, manifests.directory(), directory.resolve("data"))) {
        Http api = posthorn.api();
        crowd.run(api, size.quiet().dividedBy(3)); // who is measured first pays for what is cold
        Latency alone = crowd.run(api, size.quiet());
        CompletableFuture<Void> flooding =
            CompletableFuture.runAsync(() -> flood.publish(api, size.flood()), threads);
        Latency beside = crowd.run(api, size.beside());
        flooding.join();
        await("the noisy one's deliveries, and nobody else's, wait when the others are done")
            .atMost(PATIENCE)
            .until(() -> posthorn.metric("posthorn_deliveries_open") == flood.accepted());
        return new Seen(
            alone,
            beside,
            crowd.accepted(),
            crowd.refused(),
            crowd.missing(),
            crowd.repeated(),
            flood.refused(),
            flood.hanging(),
            flood.accepted());
      }
    }
  }

  private static String dispatcher(Size size) {
    return """
    apiVersion: posthorn.dev/v1alpha1
    kind: Dispatcher
    metadata: {name: default}
    spec:
      allowedNamespaces: {from: All}
      limits: {tenants: [{tenant: %s, eventsPerSecond: %d}]}
    """
        .formatted(Flood.TENANT, size.eventsPerSecond());
  }
}
