package dev.posthorn.e2e.operator;

import static org.assertj.core.api.Assertions.assertThat;

import com.standardwebhooks.Webhook;
import dev.posthorn.e2e.fixture.Http;
import dev.posthorn.e2e.fixture.Received;
import dev.posthorn.e2e.fixture.Receiver;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** The API server is away: what runs goes on, and afterwards everything is as it should be. */
class OutageIT {
  /** How long it is away at least, in seconds: docs and issues speak of 900. */
  private static final Duration AWAY = Duration.ofSeconds(Long.getLong("outage.seconds", 0));

  @Test
  void deliveriesGoOnAndKeysChangeInTimeWhileTheApiServerIsAway() throws Exception {
    try (Installed cluster = Installed.install()) {
      String tenant = cluster.tenant("outage");
      List<Received> kept = Receiver.list();
      List<Received> forged = Receiver.list();
      List<String> known = new CopyOnWriteArrayList<>();
      try (Receiver receiver =
          Receiver.answering(request -> {
            kept.add(request);
            // At once: a signature is good for five minutes.
            if (known.stream().noneMatch(key -> verifies(request, key))) {
              forged.add(request);
            }
            return 204;
          })) {
        cluster.allowHttp();
        cluster.apply(
            Manifest.publisher(tenant)
                + Manifest.signingSecret(tenant, "orders", "")
                + Manifest.endpoint(tenant, "orders", receiver.url("/in"), ""));
        cluster.awaitReady(tenant, "orders");
        known.addAll(keys(cluster, tenant));
        Http api = cluster.api(tenant, "shop");
        Set<String> accepted = ConcurrentHashMap.newKeySet();
        accepted.add(api.accepted(tenant, "order.paid", "{}"));

        // A rotation is planned: the new key begins in ten seconds, the old one ends five later.
        cluster.apply(
            Manifest.signingSecret(
                tenant,
                "orders",
                "rotation: {overlapSeconds: 5, rotateAfter: \"%s\"}".formatted(Instant.now())));
        cluster.eventually(
            "two keys",
            () -> cluster.signingSecret(tenant, "orders").getStatus().versions().size() == 2);
        cluster.eventually("the Dispatcher has them", () -> programmed(cluster));
        List<String> keys = keys(cluster, tenant);
        known.addAll(keys);
        cluster.plane().stopApiServer();
        Instant away = Instant.now();

        cluster.eventually(
            "signed by the new key alone, published and sent without an API server",
            () -> {
              accepted.add(api.accepted(tenant, "order.paid", "{}"));
              Received last = kept.getLast();
              return verifies(last, keys.get(1)) && !verifies(last, keys.get(0));
            });
        Instant back = away.plus(AWAY);
        while (Instant.now().isBefore(back)) {
          accepted.add(api.accepted(tenant, "order.paid", "{}"));
          boolean _ = new CountDownLatch(1).await(1, TimeUnit.SECONDS);
        }
        assertThat(cluster.plane().isReady()).isFalse();
        cluster.eventually(
            "all that was accepted is delivered",
            () -> kept.stream().map(Received::eventId).toList().containsAll(accepted));
        assertThat(forged).isEmpty();

        cluster.plane().startApiServer();
        deletedAtOnce(cluster, tenant);
        cluster.apply(Manifest.endpoint(tenant, "later", receiver.url("/later"), "orders", ""));
        cluster.awaitReady(tenant, "later");
        cluster.eventually(
            "the status shows the change",
            () ->
                cluster
                    .signingSecret(tenant, "orders")
                    .getStatus()
                    .versions()
                    .get(0)
                    .state()
                    .equals("Expired"));
        cluster.eventually("every condition is as before", () -> settled(cluster, tenant));
      }
    }
  }

  /** While some watches are back and others are not, nothing is made again for a dead object. */
  private static void deletedAtOnce(Installed cluster, String tenant) throws Exception {
    int before = cluster.plane().audit().requests().size();
    cluster.kubectl("delete", "whe", "orders", "-n", tenant).succeeded();
    cluster.eventually(
        "its config object is gone",
        () ->
            cluster
                .client()
                .secrets()
                .inNamespace(Installed.SYSTEM)
                .withLabel("posthorn.dev/config", "endpoint")
                .list()
                .getItems()
                .isEmpty());
    long creations =
        cluster.plane().audit().requests().stream()
            .skip(before)
            .filter(request -> request.user().equals(Installed.operatorUser()))
            .filter(
                request -> request.verb().equals("create") && request.resource().equals("secrets"))
            .count();
    assertThat(creations).isLessThanOrEqualTo(1);
  }

  /** Nothing is left of what nobody could know meanwhile. */
  private static boolean settled(Installed cluster, String tenant) {
    return cluster.endpoint(tenant, "later").getStatus().conditions().stream()
        .filter(each -> Set.of("Ready", "Programmed").contains(each.type()))
        .allMatch(each -> each.status().equals("True"));
  }

  private static boolean programmed(Installed cluster) {
    String keys =
        cluster
            .kubectl(
                "get",
                "secrets",
                "-n",
                Installed.SYSTEM,
                "-l",
                "posthorn.dev/config=keys",
                "-o",
                "jsonpath={.items[0].metadata.resourceVersion}")
            .out();
    Http pod = cluster.management();
    return pod.json("/internal/config").path("watchedResourceVersion").asLong()
        >= Long.parseLong(keys);
  }

  private static List<String> keys(Installed cluster, String tenant) {
    return Http.parse(cluster.secret(tenant, "orders-keyring", "keyring.json"))
        .path("versions")
        .findValuesAsText("material")
        .stream()
        .map(OutageIT::text)
        .toList();
  }

  private static String text(String base64) {
    return new String(Base64.getDecoder().decode(base64), StandardCharsets.UTF_8);
  }

  private static boolean verifies(Received request, String key) {
    try {
      new Webhook(key).verify(request.text(), request.headers());
      return true;
    } catch (Exception wrong) {
      return false;
    }
  }
}
