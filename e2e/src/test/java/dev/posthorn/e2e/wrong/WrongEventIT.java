package dev.posthorn.e2e.wrong;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.posthorn.e2e.fixture.Http;
import dev.posthorn.e2e.fixture.Manifests;
import dev.posthorn.e2e.fixture.PosthornProcess;
import dev.posthorn.e2e.fixture.Received;
import dev.posthorn.e2e.fixture.Receiver;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Wrong events: a 4xx that names the field and the cure. And a filter that runs away. */
class WrongEventIT {
  private static final String JSON = "application/json";
  private static final List<Received> RECEIVED = Receiver.list();

  @TempDir private static Path directory;
  private static Receiver receiver;
  private static PosthornProcess posthorn;

  @BeforeAll
  static void start() throws Exception {
    receiver = Receiver.keeping(RECEIVED);
    Manifests manifests = Manifests.in(directory);
    manifests.write(
        "greedy.yaml",
        Manifests.endpoint(
                "acme",
                "greedy",
                receiver.url("/greedy"),
                "\"*\"",
                "{scheme: none}",
                "  retry: {scheduleSeconds: [1, 1, 3600]}\n")
            .replace(
                "  signatures:",
                "    filter: 'event.data.all(a, event.data.all(b, event.data.all(c, a+b+c >= 0)))'\n"
                    + "  signatures:"));
    manifests.write(
        "plain.yaml",
        Manifests.endpoint("acme", "plain", receiver.url("/plain"), "\"*\"", "{scheme: none}", ""));
    posthorn = PosthornProcess.run(manifests.directory(), directory.resolve("data"));
  }

  @AfterAll
  static void stop() throws Exception {
    posthorn.close();
    receiver.close();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          no tenant    | {"type":"a","data":1}                          | 422 | tenant
          no type      | {"tenant":"acme","data":1}                     | 422 | type
          wrong tenant | {"tenant":"-acme","type":"a","data":1}         | 422 | tenant
          bad JSON     | {"tenant":"acme","type":                       | 400 |
          no data      | {"tenant":"acme","type":"a"}                   | 422 | data
          misspelt     | {"tenant":"acme","type":"a","data":1,"ids":""} | 422 | ids
          """)
  void aWrongEventIsRefusedWithTheFieldAndTheCure(
      String name, String body, int status, @Nullable String field) {
    assertProblem(posthorn.api().publish(body), status, field);
  }

  @Test
  void aLargeEventIsTooLarge() {
    String body =
        "{\"tenant\":\"acme\",\"type\":\"a\",\"data\":\"%s\"}".formatted("x".repeat(300 << 10));
    JsonNode problem = assertProblem(posthorn.api().publish(body), 413, null);
    assertThat(problem.path("detail").asText()).contains("262144");
  }

  @Test
  void aWrongContentTypeIsNamedWithTheRightOnes() {
    JsonNode problem =
        assertProblem(
            posthorn.api().post("/v1/events", "text/xml", "<event/>"), 415, "content-type");
    assertThat(problem.path("detail").asText()).contains(JSON);
  }

  @Test
  void nobodyPublishesWithoutAToken() {
    assertProblem(posthorn.api("").publish("{}"), 401, null);
  }

  @Test
  void aFilterThatRunsAwayStopsOnlyItsOwnEndpoint() {
    String data =
        IntStream.range(0, 400)
            .mapToObj(Integer::toString)
            .collect(Collectors.joining(",", "[", "]"));
    String id = posthorn.api().accepted("acme", "order.created", data);
    await("the other endpoint").until(() -> arrived("/plain", id) == 1);
    await("two attempts")
        .atMost(Duration.ofSeconds(20))
        .until(() -> posthorn.api().json(attempts(id)).path("items").size() >= 2);
    assertThat(posthorn.api().json(attempts(id)).path("items").findValuesAsText("class"))
        .containsOnly("payload_error");
    assertThat(posthorn.api().json(attempts(id)).path("items").findValuesAsText("error"))
        .allSatisfy(error -> assertThat(error).contains("filter"));
    assertThat(arrived("/greedy", id)).isZero();
    assertThat(posthorn.api().json("/v1/tenants/acme/endpoints/greedy").path("waiting").asInt())
        .isEqualTo(1);
  }

  private static String attempts(String id) {
    return "/v1/tenants/acme/attempts?endpoint=greedy&event=" + id;
  }

  private static long arrived(String path, String id) {
    return RECEIVED.stream()
        .filter(each -> each.path().equals(path) && each.eventId().equals(id))
        .count();
  }

  private static JsonNode assertProblem(
      HttpResponse<String> answer, int status, @Nullable String field) {
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
    assertThat(answer.headers().firstValue("content-type")).contains("application/problem+json");
    JsonNode problem = Http.parse(answer.body());
    assertThat(problem.path("detail").asText()).hasSizeGreaterThan(10).doesNotContain("\n");
    if (field != null) {
      assertThat(problem.path("field").asText()).isEqualToIgnoringCase(field);
    }
    return problem;
  }
}
