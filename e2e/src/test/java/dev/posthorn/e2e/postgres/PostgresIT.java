package dev.posthorn.e2e.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.posthorn.dispatcher.store.PostgresProcess;
import dev.posthorn.e2e.fixture.Http;
import dev.posthorn.e2e.fixture.Manifests;
import dev.posthorn.e2e.fixture.PosthornProcess;
import dev.posthorn.e2e.fixture.Receiver;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import java.util.function.IntUnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Deliveries in PostgreSQL: nothing acknowledged is lost, whoever dies. */
class PostgresIT {
  private static final int EVENTS = 2_000;
  private static final int IN_FLIGHT = 16;
  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final Duration OUTAGE = Duration.ofSeconds(4);

  private final PostgresProcess server = PostgresProcess.durable();
  private final String database = server.create();
  private final AtomicReference<Http> api = new AtomicReference<>();
  @TempDir private Path directory;

  @Test
  void aDeathOfEachLosesNothingAndRepeatsOnlyWhatWasInFlight() throws Exception {
    // Fewer in a row than make an endpoint fail, which is left alone for minutes then.
    Crowd crowd = crowd(n -> n % 400 < 8 ? 503 : 204);
    try (var receiver = Receiver.answering(crowd::arrived);
        crowd) {
      PosthornProcess life = run(receiver);
      try {
        crowd.start();
        until("a quarter", () -> crowd.acknowledged() > EVENTS / 4);
        life.kill();
        life = run(receiver);
        until("half", () -> crowd.acknowledged() > EVENTS / 2);
        server.kill();
        server.start();
        until("all are accepted", () -> crowd.acknowledged() == EVENTS);
        until("all arrive", () -> crowd.missing().isEmpty());
        allHaveEnded(life);
      } finally {
        life.close();
      }
    }
    assertThat(crowd.repeated()).isLessThanOrEqualTo(IN_FLIGHT);
  }

  @Test
  void anOutageOfTheServerCostsTimeAndNoAttempt() throws Exception {
    Crowd crowd = crowd(n -> n % 3 == 0 ? 500 : 204);
    try (var receiver = Receiver.answering(crowd::arrived);
        crowd;
        var posthorn = run(receiver)) {
      crowd.start();
      until("a half", () -> crowd.acknowledged() > EVENTS / 2);
      server.kill();
      int refused = crowd.refused();
      until("publishing is refused", () -> crowd.refused() > refused);
      until("it is not ready", () -> posthorn.management().status("/readyz") == 503);
      assertThat(posthorn.management().get("/readyz").body()).contains("\"store\"", database);
      TimeUnit.MILLISECONDS.sleep(OUTAGE.toMillis());
      assertThat(posthorn.management().status("/livez")).isEqualTo(200);
      server.start();
      until("all are accepted", () -> crowd.acknowledged() == EVENTS);
      until("all arrive", () -> crowd.missing().isEmpty());
      allHaveEnded(posthorn);
    }
    assertThat(crowd.repeated()).isZero();
    assertThat(server.query(database, "SELECT string_agg(DISTINCT outcome, ' ') FROM attempt"))
        .isEqualTo("delivered http_5xx");
    assertThat(server.query(database, "SELECT count(*) FROM attempt"))
        .as("an attempt in the log for each request, and none besides")
        .isEqualTo(Integer.toString(crowd.requests()));
    assertThat(server.query(database, "SELECT count(*) FROM dead_letter")).isEqualTo("0");
  }

  private void allHaveEnded(PosthornProcess life) {
    until("nothing is open", () -> life.metric("posthorn_deliveries_open") == 0);
    assertThat(server.query(database, "SELECT count(*) FROM event"))
        .isEqualTo(Integer.toString(EVENTS));
    assertThat(server.query(database, "SELECT count(*) FROM attempt WHERE terminal = 1"))
        .as("each delivery has one end")
        .isEqualTo(Integer.toString(EVENTS));
  }

  private static void until(String what, BooleanSupplier holds) {
    await(what).atMost(PATIENCE).pollInterval(Duration.ofMillis(20)).until(holds::getAsBoolean);
  }

  private Crowd crowd(IntUnaryOperator answer) {
    return new Crowd(api::get, EVENTS, answer);
  }

  private PosthornProcess run(Receiver receiver) throws IOException {
    Manifests manifests = Manifests.in(directory);
    manifests.write("acme.yaml", endpoint(receiver));
    Path url = Files.writeString(directory.resolve("database.url"), server.url(database));
    PosthornProcess process =
        PosthornProcess.run(
            manifests.directory(),
            directory.resolve("data"),
            "--store",
            "@" + url,
            "--max-concurrency",
            Integer.toString(IN_FLIGHT));
    api.set(process.api());
    return process;
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
              retry: {scheduleSeconds: [1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1]}
            """);
  }
}
