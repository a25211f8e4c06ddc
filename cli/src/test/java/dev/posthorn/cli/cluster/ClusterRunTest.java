package dev.posthorn.cli.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.posthorn.cli.data.DataDirectory;
import dev.posthorn.cli.terminal.Refusal;
import dev.posthorn.dispatcher.Role;
import dev.posthorn.dispatcher.StoreOptions;
import dev.posthorn.dispatcher.http.Listen;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** With an API server that is away. */
final class ClusterRunTest {
  private static final String MASTER = "kubernetes.master";

  @TempDir private Path dir;

  @BeforeEach
  void takeTheApiServerAway() {
    System.setProperty(MASTER, "http://127.0.0.1:1/");
  }

  @AfterEach
  void forgetIt() {
    System.clearProperty(MASTER);
  }

  private ClusterRun.Options options(int port) {
    return new ClusterRun.Options(
        "default",
        "posthorn-system",
        dir.resolve("data"),
        Role.ALL,
        StoreOptions.embedded(),
        new Listen("127.0.0.1", port),
        new Listen("127.0.0.1", 0),
        "test",
        Duration.ofSeconds(5));
  }

  private static ClusterRun start(ClusterRun.Options options) throws InterruptedException {
    return ClusterRun.start(options, _ -> false, InstantSource.system()).orElseThrow();
  }

  @Test
  void listensBeforeTheApiServerAnswersAndIsNotReady() throws Exception {
    try (ClusterRun running = start(options(0));
        HttpClient http = HttpClient.newHttpClient()) {
      String root = "http://" + running.management();
      assertThat(get(http, root + "/livez").statusCode()).isEqualTo(200);
      HttpResponse<String> ready = get(http, root + "/readyz");
      assertThat(ready.statusCode()).isEqualTo(503);
      assertThat(ready.body()).contains("\"config\"");
      assertThat(running.balance().unaccounted()).isZero();
    }
    DataDirectory.open(dir.resolve("data")).close();
  }

  private static HttpResponse<String> get(HttpClient http, String uri)
      throws IOException, InterruptedException {
    return http.send(
        HttpRequest.newBuilder(URI.create(uri)).build(), HttpResponse.BodyHandlers.ofString());
  }

  @Test
  void aTakenPortIsRefusedAndLeavesNothingLocked() throws Exception {
    try (var taken = new ServerSocket(0)) {
      assertThatThrownBy(() -> start(options(taken.getLocalPort())))
          .isInstanceOf(Refusal.class)
          .hasMessageContaining("the port is taken");
    }
    DataDirectory.open(dir.resolve("data")).close();
  }

  @Test
  void theNamespaceIsWhatThePodIsTold() throws Exception {
    Path file = Files.writeString(dir.resolve("namespace"), "posthorn-system\n");
    assertThat(PodNamespace.in(file)).hasValue("posthorn-system");
    assertThat(PodNamespace.in(dir.resolve("gone"))).isEmpty();
  }
}
