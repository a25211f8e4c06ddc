package dev.posthorn.e2e.operator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.posthorn.dispatcher.store.PostgresProcess;
import dev.posthorn.e2e.fixture.Received;
import dev.posthorn.e2e.fixture.Receiver;
import io.fabric8.kubernetes.api.model.Secret;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** A Dispatcher whose deliveries are in PostgreSQL, from its Secret to a delivery. */
class DatabaseIT {
  private final PostgresProcess server = PostgresProcess.durable();
  private final String database = server.create();

  @Test
  void becomesAvailableDeliversAndSaysWhenItsDatabaseIsAway() throws Exception {
    Installed cluster = Installed.get();
    var dispatcher = new StoredDispatcher(cluster, cluster.tenant("database"));
    dispatcher.apply("");
    dispatcher.await("Ready", "SecretNotFound", "database is not there; create it");
    dispatcher.database("postgres://postgres@127.0.0.1:" + server.port() + "/gone");
    dispatcher.await("Ready", "SecretNotLabelled", "kubectl label secret database");
    dispatcher.consent();
    dispatcher.await("Available", "StoreUnavailable", "does not exist: create it");

    dispatcher.database(server.url(database));
    dispatcher.await("Available", "Available", "it serves");
    assertThat(dispatcher.found().getStatus().store()).isEqualTo("Postgres");
    delivers(dispatcher);
    nothingShowsTheSecrets(dispatcher);

    server.kill();
    try {
      dispatcher.await("Available", "StoreUnavailable", "cannot use the database");
    } finally {
      server.start();
    }
    dispatcher.await("Available", "Available", "it serves");
    aPayloadKeyThatWasLostIsNotMadeAgain(dispatcher);
  }

  private static void delivers(StoredDispatcher dispatcher) throws Exception {
    Installed cluster = dispatcher.cluster();
    String namespace = dispatcher.namespace();
    List<Received> kept = Receiver.list();
    try (Receiver receiver = Receiver.keeping(kept)) {
      dispatcher.endpoint(receiver);
      String id =
          cluster
              .api(dispatcher.pods("dispatcher").getFirst(), namespace, "shop")
              .accepted(namespace, "order.paid", "{\"total\": 12}");
      cluster.eventually("a delivery", () -> !kept.isEmpty());
      assertThat(kept.getFirst().eventId()).isEqualTo(id);
    }
  }

  private static void nothingShowsTheSecrets(StoredDispatcher dispatcher) {
    Secret key = payloadKey(dispatcher).orElseThrow();
    assertThat(key.getMetadata().getOwnerReferences()).isEmpty();
    String shown =
        dispatcher
            .cluster()
            .kubectl("get", "pods,deployments,dsp", "-n", dispatcher.namespace(), "-o", "yaml")
            .succeeded();
    assertThat(shown)
        .contains("POSTHORN_STORE", "/run/secrets/posthorn.dev/database/value")
        .doesNotContain(Installed.text(key, "key"))
        .doesNotContain("postgres://");
  }

  private static void aPayloadKeyThatWasLostIsNotMadeAgain(StoredDispatcher dispatcher) {
    Installed cluster = dispatcher.cluster();
    Secret key = payloadKey(dispatcher).orElseThrow();
    cluster.client().resource(key).delete();
    dispatcher.await("Ready", "SecretNotFound", "restore it from a backup");
    assertThat(payloadKey(dispatcher)).isEmpty();
    key.getMetadata().setResourceVersion(null);
    key.getMetadata().setUid(null);
    cluster.client().resource(key).create();
    dispatcher.await("Ready", "Accepted", "the object is valid");
    cluster
        .kubectl("delete", "dsp", StoredDispatcher.NAME, "-n", dispatcher.namespace())
        .succeeded();
    assertThat(payloadKey(dispatcher)).as("it outlives the Dispatcher").isPresent();
  }

  private static Optional<Secret> payloadKey(StoredDispatcher dispatcher) {
    return Optional.ofNullable(
        dispatcher
            .cluster()
            .client()
            .secrets()
            .inNamespace(dispatcher.namespace())
            .withName(StoredDispatcher.NAME + "-payload-key")
            .get());
  }
}
