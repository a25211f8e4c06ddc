package dev.posthorn.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReplayTest {
  private record Answer(int status, String body) {}

  private final List<String> requests = new CopyOnWriteArrayList<>();
  private final Queue<Answer> answers = new ConcurrentLinkedQueue<>();
  private @TempDir Path dir;
  private HttpServer server;

  @BeforeEach
  void serve() throws IOException {
    Files.writeString(dir.resolve("token"), "pha_secret\n");
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          String body =
              new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
          requests.add(
              (exchange.getRequestMethod() + " " + exchange.getRequestURI() + " " + body).strip());
          Answer answer = answers.remove();
          byte[] bytes = answer.body().getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(answer.status(), bytes.length);
          exchange.getResponseBody().write(bytes);
          exchange.close();
        });
    server.start();
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  private CommandRun replay(String... options) {
    var all = new ArrayList<>(List.of("replay", "--tenant", "acme", "orders"));
    all.addAll(Arrays.asList(options));
    all.addAll(
        List.of(
            "--server",
            "http://127.0.0.1:" + server.getAddress().getPort(),
            "--token-file",
            dir.resolve("token").toString()));
    return CommandRun.of(all.toArray(String[]::new));
  }

  private static Answer replay(int status, String state) {
    return new Answer(
        status,
        """
        {"id": "7", "state": "%s", "selected": 5, "opened": 3, "hastened": 1, "skipped": 1,
         "nextStep": "It is %s."}
        """
            .formatted(state, state));
  }

  @Test
  void aReplayIsStartedAndShown() {
    answers.add(replay(202, "Running"));

    CommandRun run = replay("--select", "Failed");

    assertThat(run.exitCode()).isZero();
    assertThat(run.out().lines())
        .containsExactly(
            "It is Running.",
            "REPLAY  STATE    SELECTED  OPENED  HASTENED  SKIPPED",
            "7       Running  5         3       1         1");
    assertThat(requests)
        .containsExactly(
            "POST /v1/tenants/acme/replays {\"endpoint\":\"orders\",\"select\":\"Failed\"}");
  }

  @Test
  void whatNarrowsItIsSent() {
    answers.add(replay(202, "Running"));

    replay(
        "--select=All",
        "--type=order.*",
        "--type=invoice.paid",
        "--from=1700000000",
        "--to=2026-11-22T11:00:00+02:00",
        "--event=msg_1",
        "--rate=7");

    assertThat(requests.getFirst())
        .contains(
            "\"types\":[\"order.*\",\"invoice.paid\"]",
            "\"fromTime\":\"2023-11-14T22:13:20Z\"",
            "\"toTime\":\"2026-11-22T09:00:00Z\"",
            "\"eventIds\":[\"msg_1\"]",
            "\"ratePerSecond\":7");
  }

  @Test
  void itWaitsUntilTheReplayHasEnded() {
    answers.add(replay(202, "Running"));
    answers.add(replay(200, "Done"));

    CommandRun run = replay("--select", "Failed", "--wait");

    assertThat(run.exitCode()).isZero();
    assertThat(run.out()).startsWith("It is Done.");
    assertThat(requests.getLast()).isEqualTo("GET /v1/tenants/acme/replays/7");
  }

  @Test
  void aReplayThatWasCancelledMeanwhileIsANo() {
    answers.add(replay(202, "Cancelled"));

    assertThat(replay("--select", "Failed", "--wait").exitCode()).isEqualTo(1);
  }

  @Test
  void whatIsRefusedIsOneLine() {
    answers.add(new Answer(404, "{\"title\": \"Not found\", \"detail\": \"no such endpoint\"}"));

    CommandRun run = replay("--select", "Failed");

    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.err().strip())
        .isEqualTo("posthorn replay: refused with 404 Not found: no such endpoint");
  }

  @Test
  void wrongWordsAreNamed() {
    assertThat(replay("--select", "Dead").err().strip()).contains("--select").doesNotContain("\n");
    assertThat(replay("--select", "All", "--from", "x").err()).contains("--from: \"x\"");
    assertThat(replay().err()).contains("--select");
    assertThat(requests).isEmpty();
  }
}
