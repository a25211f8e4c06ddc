package dev.posthorn.e2e.operator;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.posthorn.e2e.fixture.Http;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/**
 * What a Dispatcher is made of comes back when somebody deletes it, and goes with the Dispatcher,
 * but for what is stored.
 */
class DeletionIT {
  private static final String KINDS =
      "configmaps,services,serviceaccounts,roles,rolebindings,networkpolicies,statefulsets,"
          + "controllerrevisions,secrets,pods,persistentvolumeclaims,poddisruptionbudgets,deployments";
  private static final String CLAIM = "PersistentVolumeClaim/data-default-dispatcher-0";

  @Test
  void nothingIsLeftButTheClaimWhichIsFoundAgain() throws Exception {
    Installed cluster = Installed.get();
    String home = cluster.tenant("home");
    cluster.eventually("the namespace is set up", () -> objects(cluster, home).size() == 2);
    Set<String> before = objects(cluster, home);
    cluster.apply(dispatcher(home));
    cluster.apply(
        Manifest.signingSecret(home, "orders", "deletionPolicy: Delete") + endpoint(home));
    cluster.awaitReady(home, "orders");
    assertThat(objects(cluster, home))
        .contains(
            CLAIM,
            "ConfigMap/default-config-root",
            "NetworkPolicy/default-dispatcher",
            "Pod/default-dispatcher-0",
            "Role/default-dispatcher",
            "RoleBinding/default-dispatcher",
            "Secret/default-settings",
            "Secret/orders-keyring",
            "Service/default",
            "ServiceAccount/default-dispatcher",
            "StatefulSet/default-dispatcher")
        .anyMatch(each -> each.startsWith("Secret/keys-"))
        .anyMatch(each -> each.startsWith("Secret/endpoint-"));
    assertThat(binding(cluster, home)).isNotEmpty();
    String claim = claim(cluster, home);
    comesBack(cluster, home, "secret/default-settings");
    comesBack(cluster, home, "statefulset/default-dispatcher");
    comesBack(cluster, home, "configmap/default-config-root"); // and with it all config objects
    cluster.eventually(
        "the config objects are there again",
        () ->
            objects(cluster, home).stream()
                    .filter(each -> each.matches("Secret/(keys|endpoint)-.*"))
                    .count()
                == 2);
    cluster.awaitReady(home, "orders");
    cluster.eventually(
        "a pod works with them",
        () -> cluster.kubectl("get", "dsp", "-n", home).succeeded().matches("(?s).* True .*"));

    cluster.kubectl("delete", "dispatcher", "default", "-n", home).succeeded();
    cluster.awaitCondition(home, "orders", "Accepted", "False", "DispatcherNotFound");
    cluster.eventually("the binding is gone", () -> binding(cluster, home).isEmpty());
    var left = new TreeSet<>(before);
    left.add(CLAIM);
    left.add("Secret/orders-keyring"); // of the SigningSecret
    cluster.eventually("all is gone", () -> objects(cluster, home).equals(left));

    cluster.apply(dispatcher(home));
    cluster.awaitReady(home, "orders");
    assertThat(claim(cluster, home)).isEqualTo(claim);

    cluster.kubectl("delete", "whe,sis,dsp", "--all", "-n", home).succeeded();
    left.remove("Secret/orders-keyring");
    cluster.eventually("all is gone again", () -> objects(cluster, home).equals(left));
  }

  private static void comesBack(Installed cluster, String namespace, String object) {
    String former = uid(cluster, namespace, object);
    cluster.kubectl("delete", object, "-n", namespace).succeeded();
    cluster.eventually(
        object + " is there again",
        () -> {
          String present = uid(cluster, namespace, object);
          return !present.isEmpty() && !present.equals(former);
        });
  }

  private static String uid(Installed cluster, String namespace, String object) {
    return cluster
        .kubectl(
            "get", object, "-n", namespace, "--ignore-not-found", "-o", "jsonpath={.metadata.uid}")
        .succeeded();
  }

  private static String dispatcher(String namespace) {
    return """
    ---
    apiVersion: posthorn.dev/v1alpha1
    kind: Dispatcher
    metadata: {name: default, namespace: %s}
    spec: {allowedNamespaces: {from: Same}}
    """
        .formatted(namespace);
  }

  private static String endpoint(String namespace) {
    return """
    ---
    apiVersion: posthorn.dev/v1alpha1
    kind: WebhookEndpoint
    metadata: {name: orders, namespace: %s}
    spec:
      url: https://hooks.acme.example/in
      events: {types: ["*"]}
      signatures: [{scheme: standard-webhooks, signingSecretRef: {name: orders}}]
    """
        .formatted(namespace);
  }

  private static Set<String> objects(Installed cluster, String namespace) {
    JsonNode list =
        Http.parse(cluster.kubectl("get", KINDS, "-n", namespace, "-o", "json").succeeded());
    var objects = new TreeSet<String>();
    list.path("items")
        .forEach(each ->
            objects.add(each.path("kind").asText() + "/" + each.at("/metadata/name").asText()));
    return objects;
  }

  private static String binding(Installed cluster, String namespace) {
    return cluster
        .kubectl(
            "get",
            "clusterrolebinding",
            "posthorn-gateway:" + namespace + ":default",
            "--ignore-not-found",
            "-o",
            "name")
        .succeeded();
  }

  private static String claim(Installed cluster, String namespace) {
    return uid(cluster, namespace, "pvc/data-default-dispatcher-0");
  }
}
