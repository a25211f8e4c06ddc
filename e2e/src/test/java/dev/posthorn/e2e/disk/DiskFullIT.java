package dev.posthorn.e2e.disk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.posthorn.e2e.fixture.Http;
import dev.posthorn.e2e.fixture.Manifests;
import dev.posthorn.e2e.fixture.PosthornProcess;
import dev.posthorn.e2e.fixture.Receiver;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Not a byte free below {@code --data}: nothing is accepted to memory, and nothing is lost. */
class DiskFullIT {
  private static final int MEBIBYTES = 24;
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  @TempDir private Path directory;
  private final Set<String> acknowledged = ConcurrentHashMap.newKeySet();
  private final Set<String> arrived = ConcurrentHashMap.newKeySet();

  @Test
  void itRefusesWhileTheDiskIsFullAndGoesOnWhenThereIsRoom() throws Exception {
    Manifests manifests = Manifests.in(directory);
    try (var disk = SmallDisk.of(directory, MEBIBYTES);
        var receiver =
            Receiver.answering(request -> {
              arrived.add(request.eventId());
              return 204;
            })) {
      manifests.write(
          "acme.yaml",
          Manifests.endpoint("acme", "orders", receiver.url("/in"), "\"*\"", "{scheme: none}", ""));
      try (var posthorn = PosthornProcess.run(disk.prefix(), manifests.directory(), disk.path())) {
        Http api = posthorn.api(token(posthorn, disk));
        assertThat(publish(api).statusCode()).isEqualTo(202);
        disk.fill(posthorn.pid());

        await("refused").atMost(PATIENCE).until(() -> publish(api).statusCode() == 503);
        HttpResponse<String> refused = publish(api);
        assertThat(refused.statusCode()).isEqualTo(503);
        assertThat(refused.headers().firstValue("retry-after").orElse("")).matches("[1-9][0-9]*");
        assertThat(refused.body()).contains("store-unavailable");
        HttpResponse<String> unready = posthorn.management().get("/readyz");
        assertThat(unready.statusCode()).isEqualTo(503);
        assertThat(unready.body()).contains("store");
        assertThat(posthorn.management().status("/livez")).isEqualTo(200);

        disk.free(posthorn.pid());
        await("accepted again").atMost(PATIENCE).until(() -> publish(api).statusCode() == 202);
        await("ready again")
            .atMost(PATIENCE)
            .until(() -> posthorn.management().status("/readyz") == 200);
        await("all that was acknowledged")
            .atMost(PATIENCE)
            .untilAsserted(() -> assertThat(arrived).containsAll(acknowledged));
        await("nothing is open")
            .atMost(PATIENCE)
            .until(() -> posthorn.metric("posthorn_deliveries_open") == 0);
        assertThat(posthorn.metric("posthorn_deliveries_unaccounted")).isZero();
        assertThat(posthorn.stop()).isZero();
      }
    }
  }

  private static String token(PosthornProcess posthorn, SmallDisk disk) {
    return disk.prefix().isEmpty()
        ? posthorn.token()
        : PosthornProcess.read(
                Path.of("/proc/" + posthorn.pid() + "/root" + disk.path() + "/admin-token"))
            .strip();
  }

  private HttpResponse<String> publish(Http api) {
    HttpResponse<String> answer =
        api.publish(
            "{\"tenant\":\"acme\",\"type\":\"order.created\",\"data\":\"%s\"}"
                .formatted("x".repeat(20_000)));
    if (answer.statusCode() == 202) {
      acknowledged.add(Http.parse(answer.body()).path("id").asText());
    }
    return answer;
  }
}
