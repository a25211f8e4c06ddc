package dev.posthorn.dispatcher.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.posthorn.core.config.KeyAuthority;
import dev.posthorn.core.config.KeyDenial;
import dev.posthorn.core.keyring.KeyWish;
import dev.posthorn.core.keyring.KeyringFinding;
import dev.posthorn.crds.Reason;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class KeyCallsTest {
  private static final String KEYS = "/v1/tenants/acme/keys/orders/";
  private static final String AUDIT = "/v1/tenants/acme/audit";

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

  private ApiServer.Answer post(String action, String body) {
    return api.post("owner", KEYS + action, body.isEmpty() ? "" : "application/json", body);
  }

  private static String keyId(String keyId) {
    return "{\"keyId\": \"" + keyId + "\"}";
  }

  @Test
  void aRotationAnswersWithTheKeysAndShowsNone() {
    var answer = post("rotate", "{}").is(200);
    assertThat(api.keys.wishes).containsExactly(new KeyWish.Rotate());
    assertThat(answer.at("/activeKeyId")).isEqualTo(FixedKeys.KEY_ID);
    assertThat(answer.at("/nextStep")).isEqualTo("k_0000a2 signs; nothing to do.");
    assertThat(answer.at("/keys/0/state")).isEqualTo("Active");
    assertThat(answer.at("/keys/1/state")).isEqualTo("Revoked");
    assertThat(answer.response().body()).doesNotContain("whsec_");
  }

  @Test
  void aRotationNeedsNoBody() {
    post("rotate", "").is(200);
  }

  @Test
  void whatIsRefusedIsAConflictThatSaysWhatComesFirst() {
    api.keys.answer =
        new KeyAuthority.Answer.Refused(
            new KeyringFinding(
                Reason.MaxOverlapReached,
                "spec.rotation.maxOverlapping",
                "the earliest ends at 2026-11-23T10:00:00Z: wait for it"));
    assertThat(post("rotate", "{}").is(409, "conflict", null).at("/detail"))
        .contains("2026-11-23T10:00:00Z");
  }

  @Test
  void anOwnerOfKeysWhoCannotIsAReasonToTryAgain() {
    api.keys.answer = new KeyAuthority.Answer.Unavailable("still starting: try again");
    assertThat(post("rotate", "{}").is(503, "not-ready", null).header("retry-after"))
        .isEqualTo("5");
  }

  @Test
  void aRevocationIsDeniedAuditedAndCarriedOut() {
    String body = "{\"keyId\": \"k_0000a2\", \"reason\": \"leaked in a ticket\"}";
    post("revoke", body).is(200);
    assertThat(api.keys.wishes).containsExactly(new KeyWish.Revoke("k_0000a2"));
    assertThat(api.store.denials()).map(KeyDenial::keyId).containsExactly("k_0000a2");
    JsonNode entry = api.get("reader", AUDIT).is(200).json().at("/items/0");
    assertThat(entry.at("/caller").asText()).isEqualTo("owner");
    assertThat(entry.at("/action").asText()).isEqualTo("keys.revoke");
    assertThat(entry.at("/object").asText()).isEqualTo("SigningSecret/orders");
    assertThat(entry.at("/detail").asText()).isEqualTo("k_0000a2: leaked in a ticket");
  }

  @Test
  void aRevocationThatCannotBeStoredSaysSoAndWasWishedAllTheSame() {
    api.keys.away = true;
    post("revoke", keyId(FixedKeys.KEY_ID)).is(503, "store-unavailable", null);
    assertThat(api.keys.wishes).containsExactly(new KeyWish.Revoke(FixedKeys.KEY_ID));
  }

  @Test
  void revealingShowsWhatAReceiverIsGivenButNothingOfRevokedKeys() {
    var answer = api.get("owner", KEYS + "reveal").is(200);
    assertThat(answer.header("cache-control")).isEqualTo("no-store");
    assertThat(answer.at("/keys/0/keyId")).isEqualTo(FixedKeys.KEY_ID);
    assertThat(answer.at("/keys/0/key")).isEqualTo(FixedKeys.KEY);
    assertThat(answer.json().at("/keys/1").has("key")).isFalse();
    assertThat(api.get("reader", AUDIT).at("/items/0/action")).isEqualTo("keys.reveal");
  }

  @Test
  void nothingIsRevealedUnseen() {
    api.keys.away = true;
    var answer = api.get("owner", KEYS + "reveal").is(503, "store-unavailable", null);
    assertThat(answer.response().body()).doesNotContain("whsec_");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          rotate      | application/json | {"force": true}                        | 422 | invalid          | force
          rotate      | application/json | []                                     | 422 | invalid          |
          rotate      | application/json | {                                      | 400 | unreadable       |
          rotate      | text/plain       | {}                                     | 415 | unsupported-type | Content-Type
          revoke      | application/json | {}                                     | 422 | invalid          | keyId
          revoke      | application/json | {"keyId": 7}                           | 422 | invalid          | keyId
          revoke      | application/json | {"keyId": "k_7F3A9C"}                  | 422 | invalid          | keyId
          revoke      | application/json | {"keyId": "k_ffffff"}                  | 422 | invalid          | keyId
          revoke      | application/json | {"keyId": "k_0000a2", "reason": 7}     | 422 | invalid          | reason
          revoke      | application/json | {"keyId": "k_0000a2", "keyId": "k_00"} | 400 | unreadable       |
          acknowledge | application/json | {"key": "k_0000a2"}                    | 422 | invalid          | key
          """)
  void wrongBodiesAreNamed(
      String action, String type, String body, int status, String problem, String field) {
    api.post("owner", KEYS + action, type, body).is(status, problem, field);
    assertThat(api.keys.wishes).isEmpty();
  }

  @Test
  void anUnknownSigningSecretIsNotFound() {
    api.post("owner", "/v1/tenants/acme/keys/none/rotate", "", "").is(404, "not-found", null);
    api.get("owner", KEYS + "reveal?all=1").is(400, "bad-parameter", "all");
  }

  @Test
  void theAuditLogGoesOnInPages() {
    for (int i = 0; i < 5; i++) {
      post("acknowledge", keyId(FixedKeys.KEY_ID)).is(200);
    }
    var ids = new ArrayList<String>();
    for (String next = ""; next != null; ) {
      JsonNode page = api.get("reader", AUDIT + "?limit=2" + next).is(200).json();
      page.get("items").forEach(item -> ids.add(item.get("id").asText()));
      next = page.has("next") ? "&cursor=" + page.get("next").asText() : null;
    }
    assertThat(ids).isEqualTo(List.of("5", "4", "3", "2", "1"));
    assertThat(api.get("stranger", "/v1/tenants/zeta/audit").json().get("items")).isEmpty();
  }
}
