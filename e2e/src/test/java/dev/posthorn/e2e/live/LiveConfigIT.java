package dev.posthorn.e2e.live;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.posthorn.e2e.fixture.Ended;
import dev.posthorn.e2e.fixture.Manifests;
import dev.posthorn.e2e.fixture.PosthornProcess;
import dev.posthorn.e2e.fixture.Received;
import dev.posthorn.e2e.fixture.Receiver;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Edits while it runs: live, or reported and without effect, over a restart too. */
class LiveConfigIT {
  /** The promise is a second; the bound is for a busy machine, and the figure is printed. */
  private static final Duration LIVE = Duration.ofSeconds(5);

  private static final Duration PATIENCE = Duration.ofSeconds(20);

  @TempDir private Path directory;
  private final List<Received> received = Receiver.list();
  private Receiver receiver;
  private Manifests manifests;
  private Path data;

  @BeforeEach
  void start() throws Exception {
    receiver = Receiver.keeping(received);
    manifests = Manifests.in(directory);
    data = directory.resolve("data");
    manifests.write("acme.yaml", orders("/first"));
  }

  @AfterEach
  void stop() {
    receiver.close();
  }

  private String orders(String path) {
    return Manifests.endpoint(
        "acme", "orders", receiver.url(path), "\"order.*\"", "{scheme: none}", "");
  }

  private PosthornProcess run() throws Exception {
    return PosthornProcess.run(manifests.directory(), data);
  }

  @Test
  void anEditIsLiveWithinASecond() throws Exception {
    try (var posthorn = run()) {
      goesTo(posthorn, "/first");
      manifests.write("acme.yaml", orders("/second"));
      Instant edited = Instant.now();
      await("live")
          .atMost(LIVE)
          .pollInterval(Duration.ofMillis(20))
          .until(
              () -> posthorn.stdout().contains("live: ") && posthorn.stdout().contains("orders"));
      System.out.printf(
          "LiveConfigIT: live after %d ms%n", Duration.between(edited, Instant.now()).toMillis());
      goesTo(posthorn, "/second");
    }
  }

  @Test
  void aBadFileIsReportedAndTheLastGoodStateStaysOverARestartToo() throws Exception {
    try (var posthorn = run()) {
      goesTo(posthorn, "/first");
      manifests.write(
          "acme.yaml", orders("/second").replace("  events:", "  desription: a\n  events:"));
      await("reported")
          .atMost(PATIENCE)
          .untilAsserted(() ->
              assertThat(posthorn.stderr())
                  .containsPattern("acme.yaml:[0-9]+: WebhookEndpoint/orders: spec.desription: ")
                  .contains("the last good state stays"));
      goesTo(posthorn, "/first");
      assertThat(posthorn.stop()).isZero();
    }
    try (var again = run()) {
      assertThat(again.stderr()).contains("spec.desription", "last good state");
      goesTo(again, "/first");
    }
  }

  @Test
  void withoutALastGoodStateItDoesNotStart() throws Exception {
    manifests.write("acme.yaml", orders("/first").replace("events:", "evnts:"));
    Ended ended =
        Ended.of(directory, "run", manifests.directory().toString(), "--data", data.toString());
    assertThat(ended.exitCode()).isEqualTo(2);
    assertThat(ended.err()).contains("acme.yaml:", "spec.evnts", "no last good state");
  }

  /** The next event arrives there. */
  private void goesTo(PosthornProcess posthorn, String path) {
    String id = posthorn.api().accepted("acme", "order.created", "1");
    await("delivery")
        .atMost(PATIENCE)
        .until(() -> received.stream().anyMatch(each -> each.eventId().equals(id)));
    assertThat(received)
        .filteredOn(each -> each.eventId().equals(id))
        .extracting(Received::path)
        .containsExactly(path);
  }
}
