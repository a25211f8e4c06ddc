package dev.posthorn.e2e.operator;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.standardwebhooks.Webhook;
import dev.posthorn.e2e.fixture.Http;
import dev.posthorn.e2e.fixture.Received;
import dev.posthorn.e2e.fixture.Receiver;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Whatever happens to operators: keys are made once, never lost, and nothing is sent unsigned. */
class KilledIT {
  /** What a rotation has: keyring, keys with the Dispatcher, status. */
  private static final int LEAST_WRITES = 3;

  /** One more, which some other object may have. */
  private static final int MOST_WRITES = 4;

  private static final long PATIENCE_SECONDS = 12;

  private static Installed cluster;

  @BeforeAll
  static void install() throws Exception {
    cluster = Installed.get();
  }

  @Test
  void killedAtEachWriteOfARotationItRotatesOnceAndLosesNoKey() throws Exception {
    String tenant = cluster.tenant("killed");
    List<Received> kept = Receiver.list();
    try (Receiver receiver = Receiver.keeping(kept)) {
      cluster.allowHttp();
      cluster.apply(
          Manifest.publisher(tenant)
              + Manifest.signingSecret(tenant, "orders", "")
              + Manifest.endpoint(tenant, "orders", receiver.url("/in"), ""));
      cluster.awaitReady(tenant, "orders");
      Http api = cluster.api(tenant, "shop");
      cluster.scaleOperator(0);
      try {
        int versions = 1;
        int published = 0;
        for (boolean after : new boolean[] {false, true}) {
          for (int write = 1; write <= MOST_WRITES; write++) {
            api.accepted(tenant, "order.paid", "{}");
            rotate(tenant, write, after, versions++);
            api.accepted(tenant, "order.paid", "{}");
            published += 2;
          }
        }
        int expected = published;
        cluster.eventually("all are delivered", () -> kept.size() == expected);
        List<String> keys = keys(tenant);
        assertThat(kept).allMatch(request -> verifies(request, keys));
      } finally {
        cluster.releaseLease();
        cluster.scaleOperator(1);
      }
    }
  }

  /** Wishes for a rotation, lets an operator die at a write of it and another one finish. */
  private static void rotate(String tenant, int write, boolean after, int versions)
      throws InterruptedException {
    List<String> before = keyIds(tenant);
    assertThat(before).hasSize(versions);
    cluster.apply(
        Manifest.signingSecret(
            tenant,
            "orders",
            "rotation: {overlapSeconds: 3600, maxOverlapping: 8, rotateAfter: \"%s\", acknowledgedKeyId: %s}"
                .formatted(Instant.now(), before.getLast())));
    cluster.releaseLease();
    try (var dying = new Faults(cluster, write, after)) {
      boolean died = dying.awaitDeath(PATIENCE_SECONDS);
      assertThat(died || write > LEAST_WRITES).isTrue();
    }
    cluster.releaseLease();
    try (var _ = new Faults(cluster, Integer.MAX_VALUE, false)) {
      Long generation = cluster.signingSecret(tenant, "orders").getMetadata().getGeneration();
      cluster.eventually(
          "the rotation is reported",
          () ->
              Objects.equals(
                      cluster.signingSecret(tenant, "orders").getStatus().observedGeneration(),
                      generation)
                  && cluster.signingSecret(tenant, "orders").getStatus().versions().size()
                      == versions + 1
                  && keysWithDispatcher(tenant).equals(keyringBytes(tenant)));
    }
    List<String> now = keyIds(tenant);
    assertThat(now).hasSize(versions + 1).startsWith(before.toArray(String[]::new));
  }

  @Test
  void aPausedLeaderThatComesBackCannotUndoARevocation() throws Exception {
    String tenant = cluster.tenant("paused");
    cluster.apply(
        Manifest.signingSecret(tenant, "orders", "")
            + Manifest.endpoint(tenant, "orders", "https://hooks.acme.example/in", ""));
    cluster.awaitReady(tenant, "orders");
    cluster.scaleOperator(2);
    try {
      String leader = cluster.leader();
      long pid = cluster.kubelet().pid(cluster.pod(leader));
      signal("STOP", pid);
      try {
        cluster.eventually("another one leads", () -> !leader.equals(cluster.leader()));
        String key = keyIds(tenant).getFirst();
        cluster.apply(
            Manifest.signingSecret(
                tenant,
                "orders",
                "revocation: {keyIds: [%s], whenActiveRevoked: ContinueWithNew}".formatted(key)));
        cluster.eventually(
            "the key is revoked with the Dispatcher",
            () ->
                keyring(tenant).at("/versions/0/revokedTime").isTextual()
                    && keysWithDispatcher(tenant).equals(keyringBytes(tenant)));
      } finally {
        signal("CONT", pid);
      }
      String revoked = keyringBytes(tenant);
      cluster.eventually(
          "the paused one knows that it leads no more",
          () -> cluster.kubelet().log(cluster.pod(leader)).contains("was lost"));
      cluster.eventually("two run again", () -> cluster.operatorPods().size() == 2);
      assertThat(keyringBytes(tenant)).isEqualTo(revoked);
      assertThat(keysWithDispatcher(tenant)).isEqualTo(revoked);
    } finally {
      cluster.scaleOperator(1);
    }
  }

  private static void signal(String name, long pid) throws Exception {
    assertThat(new ProcessBuilder("kill", "-" + name, String.valueOf(pid)).start().waitFor())
        .isZero();
  }

  private static boolean verifies(Received request, List<String> keys) {
    return keys.stream()
        .anyMatch(key -> {
          try {
            new Webhook(key).verify(request.text(), request.headers());
            return true;
          } catch (Exception wrong) {
            return false;
          }
        });
  }

  private static List<String> keyIds(String tenant) {
    var ids = new ArrayList<String>();
    keyring(tenant).path("versions").forEach(version -> ids.add(version.path("keyId").asText()));
    return ids;
  }

  /** Those that are still there, as receivers are given them. */
  private static List<String> keys(String tenant) {
    var keys = new ArrayList<String>();
    keyring(tenant)
        .path("versions")
        .forEach(version -> {
          if (version.has("material")) {
            keys.add(text(version.path("material").asText()));
          }
        });
    return keys;
  }

  private static JsonNode keyring(String tenant) {
    return Http.parse(keyringBytes(tenant));
  }

  private static String keyringBytes(String tenant) {
    return cluster.secret(tenant, "orders-keyring", "keyring.json");
  }

  /** The keyring in the config object, which holds it as it is stored. */
  private static String keysWithDispatcher(String tenant) {
    return cluster.configs("keys").stream()
        .filter(secret -> Installed.source(secret).equals("SigningSecret/" + tenant + "/orders"))
        .map(secret -> Http.parse(Installed.text(secret, "config.json")))
        .map(config -> text(config.path("keyring").asText()))
        .findFirst()
        .orElse("");
  }

  private static String text(String base64) {
    return new String(Base64.getDecoder().decode(base64), StandardCharsets.UTF_8);
  }
}
