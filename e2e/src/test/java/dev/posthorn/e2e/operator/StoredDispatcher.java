package dev.posthorn.e2e.operator;

import dev.posthorn.crds.Dispatcher;
import dev.posthorn.dispatcher.store.PostgresProcess;
import dev.posthorn.e2e.fixture.Receiver;
import io.fabric8.kubernetes.api.model.Pod;
import java.util.List;
import java.util.Map;

/** A Dispatcher with a namespace of its own, whose deliveries are in PostgreSQL. */
record StoredDispatcher(Installed cluster, String namespace) {
  static final String NAME = "hooks";

  /** Applies it; {@code more} are further lines of its spec. */
  void apply(String more) throws Exception {
    cluster.apply(
        """
        apiVersion: posthorn.dev/v1alpha1
        kind: Dispatcher
        metadata: {name: %s, namespace: %s}
        spec:
          store: {postgres: {secretRef: {name: database, key: url}}}
          egress: {allowHttp: true, allowCidrs: [{cidr: 127.0.0.1/32}]}
        %s
        """
            .formatted(NAME, namespace, more.indent(2)));
  }

  /** The Secret with the database's address; it keeps the label that it has. */
  void database(String url) throws Exception {
    cluster.apply(
        """
        apiVersion: v1
        kind: Secret
        metadata: {name: database, namespace: %s}
        stringData: {url: "%s"}
        """
            .formatted(namespace, url));
  }

  /** Its owner lets it be read. */
  void consent() {
    cluster
        .kubectl("label", "secret", "database", "-n", namespace, "posthorn.dev/readable=true")
        .succeeded();
  }

  /** Applies it with a database of {@code server}, and waits until it serves. */
  void start(PostgresProcess server, String more) throws Exception {
    database(server.url(server.create()));
    consent();
    apply(more);
    await("Available", "Available", "it serves");
  }

  /** An endpoint for {@code order.*}, and who may publish. */
  void endpoint(Receiver receiver) throws Exception {
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
  }

  /** Its pods; {@code component} says what they are there for. */
  List<Pod> pods(String component) {
    return cluster
        .client()
        .pods()
        .inNamespace(namespace)
        .withLabels(
            Map.of("app.kubernetes.io/instance", NAME, "app.kubernetes.io/component", component))
        .list()
        .getItems();
  }

  Dispatcher found() {
    return cluster
        .client()
        .resources(Dispatcher.class)
        .inNamespace(namespace)
        .withName(NAME)
        .require();
  }

  void await(String type, String reason, String message) {
    cluster.eventually(
        type + " says " + reason + ", " + message,
        () ->
            cluster
                .condition(found().getStatus().conditions(), type)
                .filter(condition -> condition.reason().equals(reason))
                .filter(condition -> condition.message().contains(message))
                .isPresent());
  }
}
