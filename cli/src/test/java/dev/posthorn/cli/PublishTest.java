package dev.posthorn.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class PublishTest {
  @TempDir private Path dir;
  private HttpServer server;
  private final List<String> requests = new CopyOnWriteArrayList<>();
  private final BlockingQueue<Answer> answers = new LinkedBlockingQueue<>();

  private record Answer(int status, String retryAfter, String body) {}

  @BeforeEach
  void serve() throws IOException {
    Files.writeString(dir.resolve("token"), "pha_secret\n");
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/v1/events",
        exchange -> {
          String body =
              new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
          requests.add(exchange.getRequestHeaders().getFirst("authorization") + " " + body);
          Answer answer = answers.remove();
          if (!answer.retryAfter().isEmpty()) {
            exchange.getResponseHeaders().add("retry-after", answer.retryAfter());
          }
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

  @Test
  void anEventIsSentAsWrittenAndItsIdIsPrinted() {
    answers.add(new Answer(202, "", "{\"id\": \"msg_1\", \"duplicate\": false}"));

    CommandRun run = publish("--data", "{\"n\": 1.50, \"s\":\"ü\"}", "--id", "7", "--source", "/s");

    assertThat(run.out()).isEqualToNormalizingNewlines("msg_1\n");
    assertThat(run.exitCode()).isZero();
    assertThat(requests)
        .containsExactly(
            "Bearer pha_secret {\"tenant\":\"acme\",\"type\":\"a.b\",\"id\":\"7\",\"source\":\"/s\","
                + "\"data\":{\"n\": 1.50, \"s\":\"ü\"}}");
  }

  @Test
  void aDuplicateIsSaid() {
    answers.add(new Answer(202, "", "{\"id\": \"msg_1\", \"duplicate\": true}"));

    assertThat(publish("--data", "{}").out()).startsWith("msg_1 duplicate");
  }

  @Test
  void aProblemBecomesOneLineWithItsCure() {
    answers.add(
        new Answer(
            422,
            "",
            """
            {"title": "Event refused", "status": 422, "detail": "type is missing: name one",
             "field": "type"}
            """));

    CommandRun run = publish("--data", "{}");

    assertThat(run.err())
        .isEqualToNormalizingNewlines(
            "posthorn publish: refused with 422 Event refused: type is missing: name one\n");
    assertThat(run.exitCode()).isEqualTo(1);
  }

  @Test
  void aRepeatedPublishWaitsWhereTheServerAsksAndGoesOn() {
    answers.add(new Answer(202, "", "{\"id\": \"msg_1\"}"));
    answers.add(new Answer(503, "0", "{\"detail\": \"store is full\"}"));
    answers.add(new Answer(202, "", "{\"id\": \"msg_2\"}"));

    CommandRun run = publish("--data", "{}", "--id", "x", "--repeat", "2");

    assertThat(run.out()).startsWith("2 accepted (0 duplicates)").contains("waited 1 times");
    assertThat(requests).hasSize(3);
    assertThat(requests.getLast()).contains("\"id\":\"x-2\"");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{\"a\":1 | --data is not JSON",
        "{\"a\":1,\"a\":2} | Duplicate field 'a'",
        "{} trailing | --data is not JSON",
        "hello | a text needs double quotes",
        "@/gone/away.json | --data: /gone/away.json does not exist",
      })
  void dataThatIsNotJsonIsNotSent(String data, String says) {
    CommandRun run = publish("--data", data);

    assertThat(run.err().strip()).contains(says).doesNotContain("\n").doesNotContain("Source");
    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(requests).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"--repeat,0", "--rate,0", "--rate,-1", "--server,localhost:8080", "--repeat,many"})
  void aValueOutOfRangeIsNamed(String option, String value) {
    CommandRun run = publish("--data", "{}", option, value);

    assertThat(run.err().strip()).contains(option).doesNotContain("\n");
    assertThat(run.exitCode()).isEqualTo(2);
  }

  @Test
  void withoutAServerTheLineSaysHowToStartOne() {
    server.stop(0);

    CommandRun run = publish("--data", "{}");

    assertThat(run.err()).contains("no Posthorn answers at http://127.0.0.1:").contains("run DIR");
    assertThat(run.exitCode()).isEqualTo(1);
  }

  @Test
  void withoutATokenTheLineSaysWhereItWouldBe() {
    CommandRun run = CommandRun.of("publish", "--tenant", "a", "--type", "b", "--data", "{}");

    assertThat(run.err()).contains("posthorn-data/admin-token").contains("--token-file");
    assertThat(run.exitCode()).isEqualTo(2);
  }

  private CommandRun publish(String... more) {
    var args = new java.util.ArrayList<>(List.of("publish", "--tenant", "acme", "--type", "a.b"));
    args.addAll(List.of("--token-file", dir.resolve("token").toString()));
    if (!List.of(more).contains("--server")) {
      args.addAll(List.of("--server", "http://127.0.0.1:" + server.getAddress().getPort()));
    }
    args.addAll(List.of(more));
    return CommandRun.of(args.toArray(String[]::new));
  }
}
