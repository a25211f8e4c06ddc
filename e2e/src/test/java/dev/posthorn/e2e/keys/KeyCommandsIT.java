package dev.posthorn.e2e.keys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.posthorn.e2e.fixture.Ended;
import dev.posthorn.e2e.fixture.Http;
import dev.posthorn.e2e.fixture.Manifests;
import dev.posthorn.e2e.fixture.PosthornProcess;
import dev.posthorn.e2e.fixture.Program;
import dev.posthorn.e2e.fixture.Received;
import dev.posthorn.e2e.fixture.Receiver;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commands about keys, against a running program. */
class KeyCommandsIT {
  private static final Duration PATIENCE = Duration.ofSeconds(40);
  private static final Pattern KEY_ID = Pattern.compile("k_[0-9a-f]{6}");

  @TempDir private Path directory;
  private final List<Received> received = Receiver.list();

  private Ended posthorn(PosthornProcess server, String... arguments) throws Exception {
    var all = new ArrayList<>(Arrays.asList(arguments));
    all.addAll(
        List.of(
            "--server",
            server.api().base().toString(),
            "--token-file",
            directory.resolve("data/admin-token").toString()));
    return Ended.of(directory, Program.command(all.toArray(String[]::new)));
  }

  private static String keyId(String text, String state) {
    Matcher row = Pattern.compile("(k_[0-9a-f]{6}) +" + state).matcher(text);
    assertThat(row.find()).as(text).isTrue();
    return row.group(1);
  }

  @Test
  void aKeyIsRotatedRevokedAcknowledgedAndRevealed() throws Exception {
    Manifests manifests = Manifests.in(directory);
    try (var receiver = Receiver.keeping(received)) {
      manifests.write("acme.yaml", manifest(receiver));
      try (var server = PosthornProcess.run(manifests.directory(), directory.resolve("data"))) {
        String first =
            keyId(posthorn(server, "reveal", "--tenant", "acme", "orders").out(), "Active");

        Ended rotated = posthorn(server, "rotate", "-n", "acme", "orders");
        assertThat(rotated.out())
            .contains("the receiver must have it before", first)
            .doesNotContain("whsec_");
        String second = keyId(rotated.out(), "Staged");

        Ended early = posthorn(server, "acknowledge", "--tenant", "acme", "orders", second);
        assertThat(early.exitCode()).isEqualTo(1);
        assertThat(early.err()).contains("409", second + " does not sign before");

        Ended revoked =
            posthorn(
                server, "revoke", "--tenant", "acme", "orders", first, "--reason", "in a ticket");
        assertThat(keyId(revoked.out(), "Revoked")).isEqualTo(first);

        await("the new key signs")
            .atMost(PATIENCE)
            .until(() ->
                posthorn(server, "acknowledge", "--tenant", "acme", "orders", second).exitCode()
                    == 0);
        String event = server.api().accepted("acme", "order.created", "1");
        await("a delivery")
            .atMost(PATIENCE)
            .until(() -> received.stream().anyMatch(each -> each.eventId().equals(event)));
        Ended revealed =
            posthorn(server, "reveal", "--tenant", "acme", "orders", "--output", "json");
        String key = Http.parse(revealed.out()).at("/keys/0/key").asText();
        assertThat(Customers.verifies(received.getLast(), key)).isTrue();
        assertThat(Http.parse(revealed.out()).at("/keys/1").has("key")).isFalse();

        assertThat(server.api().json("/v1/tenants/acme/audit").path("items"))
            .extracting(item -> item.path("action").asText())
            .contains("keys.rotate", "keys.revoke", "keys.acknowledge", "keys.reveal");
        assertThat(server.api().get("/v1/tenants/acme/audit").body())
            .contains(first + ": in a ticket")
            .doesNotContain("whsec_");
      }
    }
  }

  @Test
  void aRevocationOutlivesARestartAndAnOldKeyring() throws Exception {
    Manifests manifests = Manifests.in(directory);
    Path keyring = directory.resolve("data/keyrings/acme.orders.json");
    try (var receiver = Receiver.keeping(received)) {
      manifests.write("acme.yaml", manifest(receiver));
      String backup;
      String first;
      try (var server = PosthornProcess.run(manifests.directory(), directory.resolve("data"))) {
        backup = Files.readString(keyring);
        first = keyId(posthorn(server, "reveal", "--tenant", "acme", "orders").out(), "Active");
        posthorn(server, "revoke", "--tenant", "acme", "orders", first);
        assertThat(server.stop()).isZero();
      }
      Files.writeString(keyring, backup);
      Files.delete(directory.resolve("data/last-good.json"));
      try (var server = PosthornProcess.run(manifests.directory(), directory.resolve("data"))) {
        server.api().accepted("acme", "order.created", "1");
        await("the keyring learns of it")
            .atMost(PATIENCE)
            .until(() -> Files.readString(keyring).contains("revokedTime"));
        String keys = posthorn(server, "reveal", "--tenant", "acme", "orders").out();
        assertThat(keyId(keys, "Revoked")).isEqualTo(first);
        assertThat(KEY_ID.matcher(keys).results().count()).isEqualTo(2);
        assertThat(received).isEmpty();
      }
    }
  }

  @Test
  void whatIsWrongIsOneLineWithItsCure() throws Exception {
    Manifests manifests = Manifests.in(directory);
    try (var receiver = Receiver.keeping(received)) {
      manifests.write("acme.yaml", manifest(receiver));
      try (var server = PosthornProcess.run(manifests.directory(), directory.resolve("data"))) {
        assertThat(posthorn(server, "rotate", "--tenant", "acme", "none").err())
            .startsWith("posthorn rotate: refused with 404")
            .contains("no such SigningSecret");
        assertThat(posthorn(server, "revoke", "--tenant", "acme", "orders", "k_ffffff").err())
            .contains("422", "k_ffffff");
        assertThat(posthorn(server, "rotate", "orders").err())
            .contains("--tenant")
            .doesNotContain("\n\n");
      }
    }
  }

  private static String manifest(Receiver receiver) {
    return Manifests.madeKeys("acme", "orders", "{}")
        + Manifests.endpoint(
            "acme",
            "orders",
            receiver.url("/in"),
            "\"*\"",
            "{scheme: standard-webhooks, signingSecretRef: {name: orders}}",
            "");
  }
}
