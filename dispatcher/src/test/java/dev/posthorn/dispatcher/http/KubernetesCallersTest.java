package dev.posthorn.dispatcher.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.posthorn.core.config.DispatcherSettings.Tenancy;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.okhttp.OkHttpClientFactory;
import io.fabric8.mockwebserver.MockWebServer;
import io.fabric8.mockwebserver.http.MockResponse;
import io.fabric8.mockwebserver.http.RecordedRequest;
import java.io.IOException;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is asked of an API server, and what follows from its answers. */
class KubernetesCallersTest {
  private static final String TOKEN = "a-token";
  private static final String KNOWN =
      "{\"status\":{\"authenticated\":true,\"user\":{\"username\":\"system:serviceaccount:acme:shop\",\"uid\":\"u1\",\"groups\":[\"g1\"],\"extra\":{\"k\":[\"v\"]}}}}";

  private final MockWebServer server = new MockWebServer();
  private Instant now = Instant.parse("2026-11-22T10:00:00Z");
  private @Nullable Tenancy tenancy = Tenancy.NAMESPACE;
  private KubernetesClient client;
  private KubernetesCallers callers;

  @BeforeEach
  void start() throws IOException {
    server.start();
    client =
        new KubernetesClientBuilder()
            .withHttpClientFactory(new OkHttpClientFactory())
            .withConfig(
                new ConfigBuilder()
                    .withMasterUrl(server.url("/").toString())
                    .withRequestRetryBackoffLimit(0)
                    .build())
            .build();
    callers = KubernetesCallers.of(client, "posthorn-system", () -> tenancy, () -> now);
  }

  @AfterEach
  void stop() {
    client.close();
    server.shutdown();
  }

  private void answer(int code, String json) {
    server.enqueue(
        new MockResponse()
            .setResponseCode(code)
            .setHeader("content-type", "application/json")
            .setBody(json));
  }

  private void permission(boolean allowed) {
    answer(201, "{\"status\":{\"allowed\":" + allowed + "}}");
  }

  private Caller known() throws InterruptedException {
    answer(201, KNOWN);
    Caller caller = callers.find(TOKEN).orElseThrow();
    server.takeRequest();
    return caller;
  }

  private JsonNode asked() throws InterruptedException, IOException {
    RecordedRequest request = server.takeRequest();
    return new ObjectMapper().readTree(request.getUtf8Body());
  }

  @Test
  void aCallerIsWhomTheTokenReviewNames() throws Exception {
    answer(201, KNOWN);
    assertThat(callers.find(TOKEN))
        .hasValueSatisfying(
            caller -> assertThat(caller.name()).isEqualTo("system:serviceaccount:acme:shop"));
    assertThat(asked().at("/spec/token").asText()).isEqualTo(TOKEN);
  }

  @Test
  void aTokenThatIsNobodysHasNoCaller() {
    answer(201, "{\"status\":{\"authenticated\":false}}");
    assertThat(callers.find(TOKEN)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "PUBLISH, create, events",
    "READ, get, attempts",
    "PAYLOAD, get, payloads",
    "OPERATE, update, endpoints",
    "MANAGE, create, endpoints",
    "KEYS, update, keys",
    "ERASE, delete, data"
  })
  void eachVerbIsAVerbOnASubresourceOfTheTenant(Verb verb, String action, String subresource)
      throws Exception {
    Caller caller = known();
    permission(true);
    assertThat(caller.may(verb, "acme")).isTrue();
    JsonNode spec = asked().get("spec");
    assertThat(spec.get("resourceAttributes"))
        .isEqualTo(
            new ObjectMapper()
                .createObjectNode()
                .put("group", "posthorn.dev")
                .put("name", "acme")
                .put("namespace", "acme")
                .put("resource", "tenants")
                .put("subresource", subresource)
                .put("verb", action));
    assertThat(spec.get("user").asText()).isEqualTo("system:serviceaccount:acme:shop");
    assertThat(spec.get("groups").toString()).isEqualTo("[\"g1\"]");
    assertThat(spec.get("extra").toString()).isEqualTo("{\"k\":[\"v\"]}");
  }

  @Test
  void whereEndpointsNameTheirTenantsTheDispatchersNamespaceCounts() throws Exception {
    tenancy = Tenancy.FIELD;
    Caller caller = known();
    permission(false);
    assertThat(caller.may(Verb.READ, "acme")).isFalse();
    JsonNode attributes = asked().at("/spec/resourceAttributes");
    assertThat(attributes.get("namespace").asText()).isEqualTo("posthorn-system");
    assertThat(attributes.get("name").asText()).isEqualTo("acme");
  }

  @Test
  void allTenantsAreTheWholeCluster() throws Exception {
    Caller caller = known();
    permission(true);
    assertThat(caller.may(Verb.READ, Caller.ALL_TENANTS)).isTrue();
    JsonNode attributes = asked().at("/spec/resourceAttributes");
    assertThat(attributes.path("namespace").asText("")).isEmpty();
    assertThat(attributes.path("name").asText("")).isEmpty();
  }

  @Test
  void permissionsOfOneTenantAreNoneOfAnother() throws Exception {
    Caller caller = known();
    permission(true);
    permission(false);
    assertThat(caller.may(Verb.READ, "acme")).isTrue();
    assertThat(caller.may(Verb.READ, "globex")).isFalse();
    assertThat(caller.may(Verb.READ, "acme")).isTrue();
  }

  @Test
  void nobodyIsPermittedAnythingBeforeTheTenancyIsKnown() throws Exception {
    tenancy = null;
    Caller caller = known();
    assertThatThrownBy(() -> caller.may(Verb.READ, "acme"))
        .isInstanceOfSatisfying(
            ProblemException.class,
            e -> assertThat(e.problem().type()).isEqualTo(ProblemType.NOT_READY));
  }

  @Test
  void anApiServerThatIsAwayMakesNobodyUnauthenticated() {
    answer(500, "{}");
    assertThatThrownBy(() -> callers.find(TOKEN))
        .isInstanceOfSatisfying(
            ProblemException.class,
            e -> {
              assertThat(e.problem().type().status()).isEqualTo(503);
              assertThat(e.problem().headers()).containsKey("Retry-After");
              assertThat(e.getMessage()).doesNotContain(TOKEN);
            });
  }

  @Test
  void whoWasPermittedWorksOnWhileTheApiServerIsAway() throws Exception {
    Caller caller = known();
    permission(true);
    assertThat(caller.may(Verb.PUBLISH, "acme")).isTrue();
    server.shutdown();
    now = now.plusSeconds(3_500);
    Caller again = callers.find(TOKEN).orElseThrow();
    assertThat(again.may(Verb.PUBLISH, "acme")).isTrue();
    now = now.plusSeconds(101);
    assertThatThrownBy(() -> callers.find(TOKEN)).isInstanceOf(ProblemException.class);
  }
}
