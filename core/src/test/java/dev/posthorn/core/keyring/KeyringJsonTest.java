package dev.posthorn.core.keyring;

import static dev.posthorn.core.keyring.Story.NOON;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.posthorn.core.keyring.KeyringReading.Damaged;
import dev.posthorn.core.keyring.KeyringReading.Intact;
import dev.posthorn.crds.Reason;
import dev.posthorn.crds.SigningSecretSpec.WhenActiveRevoked;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KeyringJsonTest {

  @Test
  void whatIsWrittenIsRead() {
    Keyring keyring = eventful();
    assertThat(KeyringJson.read(KeyringJson.write(keyring))).isEqualTo(new Intact(keyring));
  }

  @Test
  void theDocumentHasTheAgreedFields() throws IOException {
    JsonNode json = new JsonMapper().readTree(KeyringJson.write(eventful()));
    assertThat(names(json))
        .containsExactly(
            "keyringId",
            "revision",
            "observedTime",
            "algorithm",
            "versions",
            "revokedDigests",
            "sha256");
    assertThat(names(json.at("/versions/1")))
        .containsExactly("version", "keyId", "material", "createdTime", "notBefore", "expiresTime");
    assertThat(json.at("/versions/0").has("material")).as("revoked").isFalse();
    assertThat(json.at("/versions/0").has("revokedTime")).isTrue();
    assertThat(json.at("/observedTime").asText()).isEqualTo("2026-11-22T14:00:00Z");
    assertThat(json.at("/sha256").asText()).matches("[0-9a-f]{64}");
  }

  @Test
  void materialIsTheBase64OfTheConfiguredBytes() throws IOException {
    Keyring keyring = Story.of(Wishes.brought(), "whsec_abc").keyring();
    JsonNode json = new JsonMapper().readTree(KeyringJson.write(keyring));
    assertThat(json.at("/versions/0/material").asText())
        .isEqualTo(
            Base64.getEncoder().encodeToString("whsec_abc".getBytes(StandardCharsets.UTF_8)));
  }

  @Test
  void anyChangeByHandIsSeen() {
    String whole = new String(KeyringJson.write(eventful()), StandardCharsets.UTF_8);
    for (String altered :
        List.of(
            whole.replace("\"revision\":4", "\"revision\":5"),
            whole.replace("\"version\":2", "\"version\":9"),
            whole.replace("HmacSha256", "HmacSha512"),
            whole.replace("\"material\":\"", "\"material\":\"AAAA"),
            whole.replaceFirst("\"sha256\":\"..", "\"sha256\":\"zz"))) {
      assertThat(altered).isNotEqualTo(whole);
      assertDamaged(altered, "was damaged or altered by hand");
    }
  }

  @Test
  void layoutIsNoChange() throws IOException {
    Keyring keyring = eventful();
    var mapper = new JsonMapper();
    byte[] pretty =
        mapper
            .writerWithDefaultPrettyPrinter()
            .writeValueAsBytes(mapper.readTree(KeyringJson.write(keyring)));
    assertThat(KeyringJson.read(pretty)).isEqualTo(new Intact(keyring));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "null",
        "[]",
        "{}",
        "{\"sha256\":\"\"}",
        "{\"revision\":1",
        "{\"surprise\":1}",
        "{\"versions\":[null],\"sha256\":\"\"}",
        "{\"versions\":[{\"material\":\"%%%\"}]}"
      })
  void anythingElseIsDamaged(String text) {
    assertDamaged(text, "restore it from a backup");
  }

  @Test
  void everyTruncationIsDamaged() {
    byte[] whole = KeyringJson.write(eventful());
    for (int length = 0; length < whole.length; length++) {
      assertThat(KeyringJson.read(Arrays.copyOf(whole, length))).isInstanceOf(Damaged.class);
    }
  }

  private static void assertDamaged(String json, String message) {
    assertThat(KeyringJson.read(json.getBytes(StandardCharsets.UTF_8)))
        .isInstanceOfSatisfying(
            Damaged.class,
            damaged -> {
              assertThat(damaged.finding().reason()).isEqualTo(Reason.KeyringLost);
              assertThat(damaged.finding().message()).contains(message);
            });
  }

  /** Revoked, overlapping and staged versions. */
  private static Keyring eventful() {
    Story story = Story.of(Wishes.generated()).pass(Duration.ofHours(1));
    story.wish(Wishes.generated().revoke(WhenActiveRevoked.ContinueWithNew, story.id(1)));
    story.wish(Wishes.generated().rotateAfter(NOON.plusSeconds(3601)));
    story.pass(Duration.ofMinutes(30)).pass(Duration.ofMinutes(30));
    story.wish(Wishes.generated().rotateAfter(story.now()));
    return story.keyring();
  }

  private static List<String> names(JsonNode json) {
    return json.properties().stream().map(Map.Entry::getKey).toList();
  }
}
