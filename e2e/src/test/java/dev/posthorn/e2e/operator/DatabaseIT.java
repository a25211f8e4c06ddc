package dev.posthorn.e2e.operator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.posthorn.crds.Dispatcher;
import dev.posthorn.dispatcher.store.PostgresProcess;
import dev.posthorn.e2e.fixture.Received;
import dev.posthorn.e2e.fixture.Receiver;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Secret;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** A Dispatcher whose deliveries are in PostgreSQL, from its Secret to a delivery. */
class DatabaseIT {
  private static final String NAME = "hooks";

  private final PostgresProcess server = PostgresProcess.durable();
  private final String database = server.create();

  private static Installed cluster() throws Exception {
    return Installed.get();
  }

  @Test
  void becomesAvailableDeliversAndSaysWhenItsDatabaseIsAway() throws Exception {
    Installed cluster = cluster();
    String namespace = cluster.tenant("database");
    cluster.apply(dispatcher(namespace));
    await(cluster, namespace, "Ready", "SecretNotFound", "database is not there; create it");
    cluster.apply(secret(namespace, "postgres://postgres@127.0.0.1:" + server.port() + "/gone"));
    await(cluster, namespace, "Ready", "SecretNotLabelled", "kubectl label secret database");
    cluster
        .kubectl("label", "secret", "database", "-n", namespace, "posthorn.dev/readable=true")
        .succeeded();
    await(cluster, namespace, "Available", "StoreUnavailable", "does not exist: create it");

    cluster.apply(secret(namespace, server.url(database)));
    await(cluster, namespace, "Available", "Available", "it serves");
    assertThat(found(cluster, namespace).getStatus().store()).isEqualTo("Postgres");
    delivers(cluster, namespace);
    nothingShowsTheSecrets(cluster, namespace);

    server.kill();
    try {
      await(cluster, namespace, "Available", "StoreUnavailable", "cannot use the database");
    } finally {
      server.start();
    }
    await(cluster, namespace, "Available", "Available", "it serves");
    aPayloadKeyThatWasLostIsNotMadeAgain(cluster, namespace);
  }

  private static void delivers(Installed cluster, String namespace) throws Exception {
    List<Received> kept = Receiver.list();
    try (Receiver receiver = Receiver.keeping(kept)) {
      cluster.apply(
          Manifest.publisher(namespace)
              + """
              apiVersion: posthorn.dev/v1alpha1
              kind: WebhookEndpoint
              metadata: {name: orders, namespace: %1$s}
              spec:
                dispatcherRef: {name: %2$s}
                url: %3$s
                events: {types: ["order.*"]}
                signatures: [{scheme: none}]
              """
                  .formatted(namespace, NAME, receiver.url("/orders")));
      cluster.awaitReady(namespace, "orders");
      String id =
          cluster
              .api(pod(cluster, namespace), namespace, "shop")
              .accepted(namespace, "order.paid", "{\"total\": 12}");
      cluster.eventually("a delivery", () -> !kept.isEmpty());
      assertThat(kept.getFirst().eventId()).isEqualTo(id);
    }
  }

  private static void nothingShowsTheSecrets(Installed cluster, String namespace) {
    Secret key = payloadKey(cluster, namespace).orElseThrow();
    assertThat(key.getMetadata().getOwnerReferences()).isEmpty();
    String shown =
        cluster.kubectl("get", "pods,deployments,dsp", "-n", namespace, "-o", "yaml").succeeded();
    assertThat(shown)
        .contains("POSTHORN_STORE", "/run/secrets/posthorn.dev/database/value")
        .doesNotContain(Installed.text(key, "key"))
        .doesNotContain("postgres://");
  }

  private static void aPayloadKeyThatWasLostIsNotMadeAgain(Installed cluster, String namespace) {
    Secret key = payloadKey(cluster, namespace).orElseThrow();
    cluster.client().resource(key).delete();
    await(cluster, namespace, "Ready", "SecretNotFound", "restore it from a backup");
    assertThat(payloadKey(cluster, namespace)).isEmpty();
    key.getMetadata().setResourceVersion(null);
    key.getMetadata().setUid(null);
    cluster.client().resource(key).create();
    await(cluster, namespace, "Ready", "Accepted", "the object is valid");
    cluster.kubectl("delete", "dsp", NAME, "-n", namespace).succeeded();
    assertThat(payloadKey(cluster, namespace)).as("it outlives the Dispatcher").isPresent();
  }

  private static Optional<Secret> payloadKey(Installed cluster, String namespace) {
    return Optional.ofNullable(
        cluster.client().secrets().inNamespace(namespace).withName(NAME + "-payload-key").get());
  }

  private static Pod pod(Installed cluster, String namespace) {
    return cluster
        .client()
        .pods()
        .inNamespace(namespace)
        .withLabels(Map.of("app.kubernetes.io/instance", NAME))
        .list()
        .getItems()
        .getFirst();
  }

  private static Dispatcher found(Installed cluster, String namespace) {
    return cluster
        .client()
        .resources(Dispatcher.class)
        .inNamespace(namespace)
        .withName(NAME)
        .require();
  }

  private static void await(
      Installed cluster, String namespace, String type, String reason, String message) {
    cluster.eventually(
        type + " says " + reason + ", " + message,
        () ->
            cluster
                .condition(found(cluster, namespace).getStatus().conditions(), type)
                .filter(condition -> condition.reason().equals(reason))
                .filter(condition -> condition.message().contains(message))
                .isPresent());
  }

  private static String dispatcher(String namespace) {
    return """
    apiVersion: posthorn.dev/v1alpha1
    kind: Dispatcher
    metadata: {name: %s, namespace: %s}
    spec:
      store: {postgres: {secretRef: {name: database, key: url}}}
      egress: {allowHttp: true, allowCidrs: [{cidr: 127.0.0.1/32}]}
    """
        .formatted(NAME, namespace);
  }

  /** Kept as it is labelled. */
  private static String secret(String namespace, String url) {
    return """
    apiVersion: v1
    kind: Secret
    metadata: {name: database, namespace: %s}
    stringData: {url: "%s"}
    """
        .formatted(namespace, url);
  }
}
