package dev.posthorn.dispatcher.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ManagementTest {
  private final PrometheusMeterRegistry metrics =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final HttpClient client = HttpClient.newHttpClient();
  private volatile List<Readiness.NotReady> missing = List.of();
  private HttpServer server;

  @BeforeEach
  void start() {
    var start =
        HttpServer.start(
            "management",
            new Listen("127.0.0.1", 0),
            ServerLimits.DEFAULT,
            Management.router(() -> missing, metrics),
            metrics,
            new Random(1));
    server = ((HttpServer.Start.Listening) start).server();
  }

  @AfterEach
  void stop() {
    client.close();
    server.stop();
  }

  private HttpResponse<String> get(String path) throws IOException, InterruptedException {
    URI uri = server.uri().resolve(path);
    return client.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString());
  }

  @Test
  void aProcessThatAnswersIsAlive() throws Exception {
    assertThat(get("/livez").statusCode()).isEqualTo(200);
  }

  @Test
  void readyMeansThatNothingIsMissing() throws Exception {
    assertThat(get("/readyz").body()).isEqualTo("{\"ready\":true}");
    missing = List.of(new Readiness.NotReady("store", "the disk is full: make room"));
    var answer = get("/readyz");
    assertThat(answer.statusCode()).isEqualTo(503);
    assertThat(answer.body())
        .isEqualTo(
            "{\"ready\":false,\"missing\":[{\"name\":\"store\",\"reason\":\"the disk is full: make"
                + " room\"}]}");
  }

  @Test
  void metricsAreInPrometheusText() throws Exception {
    metrics.counter("posthorn.events.accepted", "source", "http").increment();
    get("/livez");
    var answer = get("/metrics");
    assertThat(answer.headers().firstValue("content-type").orElseThrow())
        .startsWith("text/plain; version=0.0.4");
    assertThat(answer.body())
        .contains("posthorn_events_accepted_total{source=\"http\"} 1.0")
        .contains("posthorn_http_request_duration_seconds_bucket{route=\"/livez\"");
  }

  @Test
  void nothingElseIsThere() throws Exception {
    assertThat(get("/v1/events").statusCode()).isEqualTo(404);
    assertThat(get("/").statusCode()).isEqualTo(404);
  }
}
