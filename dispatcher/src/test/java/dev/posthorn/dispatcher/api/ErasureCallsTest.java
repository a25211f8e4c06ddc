package dev.posthorn.dispatcher.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ErasureCallsTest {
  private static final String DATA = "/v1/tenants/acme/data";

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

  private ApiServer.Answer erase(String token) {
    return api.call("DELETE", DATA, token, Map.of(), new byte[0]);
  }

  @Test
  void theReceiptSaysWhatWentWhoAskedAndWhatIsNotReached() {
    String event = api.published("order.created", "1");
    Attempts.failed(api, event);
    JsonNode receipt = erase("owner").is(200).json();
    assertThat(receipt.get("state").asText()).isEqualTo("Completed");
    assertThat(receipt.get("requestedBy").asText()).isEqualTo("owner");
    assertThat(receipt.get("requestedTime").asText()).isEqualTo("2026-11-22T11:00:00Z");
    assertThat(receipt.get("completedTime").asText()).isEqualTo("2026-11-22T11:00:01Z");
    assertThat(receipt.at("/erased/events").asInt()).isEqualTo(1);
    assertThat(receipt.at("/erased/deliveries").asInt()).isEqualTo(1);
    assertThat(receipt.at("/erased/attempts").asInt()).isEqualTo(1);
    assertThat(receipt.at("/erased/deadLetters").asInt()).isZero();
    assertThat(receipt.get("notReached"))
        .extracting(each -> each.get("what").asText())
        .contains("backups", "receivers", "audit");
    assertThat(api.get("reader", DATA).is(200).json()).isEqualTo(receipt);
    api.get("owner", "/v1/tenants/acme/events/" + event).is(404);
    assertThat(api.get("owner", "/v1/tenants/acme/audit").at("/items/0/action"))
        .isEqualTo("tenant.erase");
  }

  @Test
  void anErasureThatRunsIsAnsweredWithTheReceiptSoFar() {
    api.published("order.created", "1");
    api.erasures.slow = true;
    JsonNode first = erase("owner").is(202).json();
    assertThat(first.get("state").asText()).isEqualTo("Running");
    assertThat(first.has("completedTime")).isFalse();
    assertThat(erase("admin").is(202).json()).isEqualTo(first);
    assertThat(api.get("reader", DATA).is(200).json()).isEqualTo(first);
    api.erasures.slow = false;
    assertThat(erase("owner").is(200).at("/id")).isEqualTo(first.get("id").asText());
  }

  @Test
  void publishingMeanwhileIsToBeTriedAgain() {
    api.erasures.slow = true;
    erase("owner").is(202);
    var answer = api.publish("{\"tenant\": \"acme\", \"type\": \"a\", \"data\": 1}");
    answer.is(503, "tenant-erasing", null);
    assertThat(answer.header("retry-after")).isEqualTo("2");
    assertThat(answer.at("/detail")).contains("tenant acme is being erased", "/v1/tenants/acme");
    api.erasures.slow = false;
    erase("owner").is(200);
    api.publish("{\"tenant\": \"acme\", \"type\": \"a\", \"data\": 1}").is(202);
  }

  @Test
  void aTenantThatNobodyKnowsIsNotFound() {
    api.call("DELETE", "/v1/tenants/nobody/data", "admin", Map.of(), new byte[0])
        .is(404, "not-found", null);
    api.get("admin", "/v1/tenants/nobody/data").is(404, "not-found", null);
    api.get("owner", DATA).is(404, "not-found", null);
  }

  @Test
  void itHasNoBodyAndNoParameters() {
    byte[] body = "{}".getBytes(StandardCharsets.UTF_8);
    api.call("DELETE", DATA, "owner", Map.of(), body).is(413);
    api.call("DELETE", DATA + "?force=1", "owner", Map.of(), new byte[0])
        .is(400, "bad-parameter", "force");
    api.get("owner", DATA + "?id=1").is(400, "bad-parameter", "id");
  }

  @Test
  void aStoreThatDoesNotAnswerIsAReasonToTryAgain() {
    api.erasures.away = true;
    assertThat(erase("owner").is(503, "store-unavailable", null).header("retry-after"))
        .isEqualTo("5");
  }
}
