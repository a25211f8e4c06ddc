package dev.posthorn.dispatcher;

import static dev.posthorn.dispatcher.RunningDispatcher.SECRET;
import static dev.posthorn.dispatcher.RunningDispatcher.endpoint;
import static dev.posthorn.dispatcher.RunningDispatcher.keyring;
import static dev.posthorn.dispatcher.RunningDispatcher.version;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.posthorn.core.keyring.KeyTimes;
import dev.posthorn.core.keyring.Keyring;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a running dispatcher does when keys begin, end and are revoked. */
class KeysInEffectTest {
  private static final Instant PAST = Instant.parse("2026-01-01T00:00:00Z");
  private static final String OTHER = "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD";
  private static final String REVOKE = "/v1/tenants/acme/keys/orders-key/revoke";

  private final RunningDispatcher at;

  KeysInEffectTest(@TempDir Path directory) {
    at = new RunningDispatcher(directory);
  }

  @AfterEach
  void stop() {
    at.close();
  }

  private static KeyTimes since(Instant begin) {
    return new KeyTimes(begin, null, null);
  }

  private static List<String> texts(Receiver receiver) {
    return receiver.requests().stream()
        .map(request -> new String(request.body(), StandardCharsets.UTF_8))
        .toList();
  }

  @Test
  void aRevokedKeySignsNothingMoreWhateverItsKeyringSays() throws Exception {
    try (var receiver = Receiver.start(_ -> 204)) {
      var endpoint = endpoint(receiver.url(), "*", null);
      Keyring keyring = keyring(version(1, SECRET, since(PAST)));
      at.start(keyring, endpoint);
      assertThat(at.post(REVOKE, "{\"keyId\": \"k_000001\"}").body()).contains("\"Revoked\"");
      at.publish("order.created", "1");
      await().until(() -> at.get("/v1/tenants/acme/endpoints/orders").contains("\"waiting\":1"));
      assertThat(at.get("/v1/tenants/acme/endpoints/orders")).contains("\"Paused\"");
      at.dispatcher().stop();
      at.start(keyring, endpoint);
      at.publish("order.created", "2");
      await().until(() -> at.get("/v1/tenants/acme/endpoints/orders").contains("\"waiting\":2"));
      assertThat(receiver.requests()).isEmpty();
      assertThat(at.get("/v1/tenants/acme/attempts")).isEqualTo("{\"items\":[]}");
      at.apply(keyring(version(1, SECRET, since(PAST)), version(2, OTHER, since(PAST))), endpoint);
      await().until(() -> receiver.requests().size() == 2);
      assertThat(receiver.requests())
          .allSatisfy(
              request -> assertThat(request.header("webhook-signature").split(" ")).hasSize(1));
    }
  }

  @Test
  void formerKeysDoNotStandInForARevokedOne() throws Exception {
    try (var receiver = Receiver.start(_ -> 204)) {
      Instant end = Instant.now().plus(Duration.ofDays(1));
      at.start(
          keyring(
              version(1, SECRET, new KeyTimes(PAST, end, null)), version(2, OTHER, since(PAST))),
          endpoint(receiver.url(), "*", null));
      at.post(REVOKE, "{\"keyId\": \"k_000002\"}");
      assertThat(at.get("/v1/tenants/acme/endpoints/orders")).contains("\"Paused\"");
      at.publish("order.created", "1");
      await().until(() -> at.get("/v1/tenants/acme/endpoints/orders").contains("\"waiting\":1"));
      assertThat(receiver.requests()).isEmpty();
    }
  }

  @Test
  void aFormerKeyThatIsRevokedLeavesTheOthersSigning() throws Exception {
    try (var receiver = Receiver.start(_ -> 204)) {
      Instant end = Instant.now().plus(Duration.ofDays(1));
      at.start(
          keyring(
              version(1, SECRET, new KeyTimes(PAST, end, null)), version(2, OTHER, since(PAST))),
          endpoint(receiver.url(), "*", null));
      at.post(REVOKE, "{\"keyId\": \"k_000001\"}");
      at.publish("order.created", "1");
      await().until(() -> receiver.requests().size() == 1);
      assertThat(receiver.requests().getFirst().header("webhook-signature").split(" ")).hasSize(1);
    }
  }

  @Test
  void deliveriesGoOnWhenTheTimeOfAKeyComes() throws Exception {
    try (var receiver = Receiver.start(_ -> 204)) {
      Instant soon = Instant.now().plus(Duration.ofSeconds(1));
      at.start(keyring(version(1, SECRET, since(soon))), endpoint(receiver.url(), "*", null));
      at.publish("order.created", "1");
      await().until(() -> receiver.requests().size() == 1);
      assertThat(Instant.now()).isAfter(soon);
      await()
          .untilAsserted(() ->
              assertThat(at.get("/v1/tenants/acme/attempts"))
                  .contains("\"n\":1")
                  .doesNotContain("\"n\":2"));
    }
  }

  @Test
  void theLastKeyThatEndsHoldsDeliveriesWithoutAnAttempt() throws Exception {
    try (var receiver = Receiver.start(_ -> 204)) {
      Instant soon = Instant.now().plus(Duration.ofSeconds(1));
      var ending = version(1, SECRET, new KeyTimes(PAST, soon, null));
      at.start(keyring(ending), endpoint(receiver.url(), "*", null));
      await().until(() -> at.get("/v1/tenants/acme/endpoints/orders").contains("\"Paused\""));
      at.publish("order.created", "1");
      await().until(() -> at.get("/v1/tenants/acme/endpoints/orders").contains("\"waiting\":1"));
      assertThat(at.get("/v1/tenants/acme/attempts")).isEqualTo("{\"items\":[]}");
      assertThat(receiver.requests()).isEmpty();
    }
  }

  @Test
  void whoAsksForSystemEventsIsToldOfEachOnceOverRestartsToo() throws Exception {
    try (var receiver = Receiver.start(_ -> 204)) {
      Instant begin = Instant.now().minusSeconds(5);
      Instant end = begin.plus(Duration.ofDays(1));
      Keyring rotated =
          keyring(
              version(1, SECRET, new KeyTimes(PAST, end, null)), version(2, OTHER, since(begin)));
      var everything = endpoint("everything", receiver.url(), "*", null);
      var notices = endpoint("notices", receiver.url(), "posthorn.secret.*", null);
      at.start(rotated, everything, notices);
      await().until(() -> receiver.requests().size() == 1);
      assertThat(texts(receiver).getFirst())
          .contains(
              "\"type\":\"posthorn.secret.rotated\"",
              "\"signingSecret\":\"orders-key\"",
              "\"keyId\":\"k_000002\"",
              "\"formerKeyId\":\"k_000001\"");
      at.dispatcher().stop();
      at.start(rotated, everything, notices);
      at.post(REVOKE, "{\"keyId\": \"k_000001\"}");
      await().until(() -> receiver.requests().size() == 2);
      assertThat(texts(receiver).getLast())
          .contains("\"type\":\"posthorn.secret.revoked\"", "\"keyId\":\"k_000001\"");
      assertThat(at.get("/v1/tenants/acme/events").split("posthorn.secret", -1)).hasSize(3);
    }
  }

  @Test
  void aReceiverThatRefusesAfterAnOverlapIsToldOfTheKeyThatEnded() throws Exception {
    try (var receiver = Receiver.start(_ -> 401)) {
      Instant end = Instant.now().minusSeconds(60);
      at.start(
          keyring(
              version(1, SECRET, new KeyTimes(PAST, end, null)), version(2, OTHER, since(PAST))),
          endpoint(receiver.url(), "*", null));
      at.publish("order.created", "1");
      await()
          .until(() ->
              at.get("/v1/tenants/acme/endpoints/orders")
                  .contains("Refused with 401 or 403 after k_000001 ended at"));
    }
  }

  @Test
  void keysAreCountedByStateAndAge() throws Exception {
    at.start(
        keyring(
            version(1, SECRET, new KeyTimes(PAST, PAST.plusSeconds(9), null)),
            version(2, OTHER, since(PAST))));
    String metrics = at.management("/metrics").body();
    assertThat(metrics)
        .contains(
            "posthorn_keys{state=\"active\"} 1.0",
            "posthorn_keys{state=\"expired\"} 1.0",
            "posthorn_keys{state=\"overlapping\"} 0.0",
            "posthorn_signing_failures_total 0.0");
    assertThat(metrics).containsPattern("posthorn_key_age_seconds [0-9.E]+");
  }
}
