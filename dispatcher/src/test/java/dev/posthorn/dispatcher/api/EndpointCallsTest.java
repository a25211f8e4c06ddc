package dev.posthorn.dispatcher.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.posthorn.dispatcher.api.EndpointStatus.State;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class EndpointCallsTest {
  private static final String ENDPOINTS = "/v1/tenants/acme/endpoints";

  @TempDir private Path directory;
  private ApiServer api;

  @BeforeEach
  void start() {
    api = new ApiServer(directory);
  }

  @AfterEach
  void stop() {
    api.close();
  }

  @Test
  void anEndpointIsShownWithItsHealth() {
    api.endpoints.put(
        new EndpointStatus(
            "erp",
            "acme",
            "hooks.acme.example",
            State.FAILING,
            ApiServer.NOW,
            "Failing since 10:00: start the receiver.",
            7,
            2,
            ApiServer.NOW.minusSeconds(60),
            List.of(new EndpointStatus.Condition("Ready", "True", "Accepted", ""))));
    JsonNode endpoint = api.get("reader", ENDPOINTS + "/erp").is(200).json();
    assertThat(endpoint.get("host").asText()).isEqualTo("hooks.acme.example");
    assertThat(endpoint.get("waiting").asInt()).isEqualTo(7);
    assertThat(endpoint.get("lastSuccessTime").asText()).isEqualTo("2026-11-22T09:59:00Z");
    assertThat(endpoint.at("/conditions/0/type").asText()).isEqualTo("Ready");
  }

  @ParameterizedTest
  @EnumSource(State.class)
  void everyStateIsInTheContract(State state) {
    api.endpoints.put(FixedEndpoints.status("acme", "erp", state));
    assertThat(api.get("reader", ENDPOINTS + "/erp").at("/state")).isEqualTo(state.wire());
  }

  @Test
  void endpointsAreListedByNameInPages() {
    api.endpoints.put(FixedEndpoints.status("acme", "billing", State.UNKNOWN));
    var names = new ArrayList<String>();
    for (String next = ""; next != null; ) {
      JsonNode page = api.get("reader", ENDPOINTS + "?limit=2" + next).is(200).json();
      page.get("items").forEach(item -> names.add(item.get("name").asText()));
      next = page.has("next") ? "&cursor=" + page.get("next").asText() : null;
    }
    assertThat(names).containsExactly("billing", "crm", "erp");
  }

  @Test
  void reEnablingAnswersWithTheEndpointAsItIsNow() {
    api.endpoints.put(FixedEndpoints.status("acme", "erp", State.DISABLED));
    assertThat(api.post("operator", ENDPOINTS + "/erp/enable", "", "").is(200).at("/state"))
        .isEqualTo("Healthy");
    api.post("operator", ENDPOINTS + "/erp/enable", "", "").is(200);
  }

  @Test
  void anUnknownEndpointIsNotFound() {
    api.get("owner", ENDPOINTS + "/none").is(404, "not-found", null);
    api.post("owner", ENDPOINTS + "/none/enable", "", "").is(404, "not-found", null);
  }

  @Test
  void reEnablingHasNoBodyAndNoParameters() {
    api.post("operator", ENDPOINTS + "/erp/enable", "application/json", "{}").is(413);
    api.post("operator", ENDPOINTS + "/erp/enable?force=1", "", "")
        .is(400, "bad-parameter", "force");
  }

  @Test
  void aStoreThatDoesNotAnswerIsAReasonToTryAgain() {
    api.endpoints.away = true;
    for (String path : List.of(ENDPOINTS, ENDPOINTS + "/erp")) {
      var answer = api.get("owner", path).is(503, "store-unavailable", null);
      assertThat(answer.header("retry-after")).isEqualTo("5");
      assertThat(answer.response().body()).doesNotContain("disk full");
    }
  }
}
