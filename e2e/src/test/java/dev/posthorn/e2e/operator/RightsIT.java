package dev.posthorn.e2e.operator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.posthorn.e2e.cluster.Audit;
import io.fabric8.kubernetes.api.model.rbac.PolicyRule;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * The shipped roles are what the operator uses: every request that it makes is allowed, and every
 * right is used, in a life of all that it does. Judged by the API server's audit log.
 */
class RightsIT {
  /** Asked by admission while another request is judged, so that no request shows them. */
  private static final Set<String> ASKED_BY_ADMISSION =
      Set.of(
          "rbac.authorization.k8s.io clusterroles bind",
          "posthorn.dev dispatchers/finalizers update",
          "posthorn.dev signingsecrets/finalizers update");

  private static Installed cluster;

  @BeforeAll
  static void install() throws Exception {
    cluster = Installed.get();
    live();
  }

  /** All that the operator does, once. */
  private static void live() throws Exception {
    String tenant = cluster.tenant("rights");
    cluster.apply(
        Manifest.signingSecret(
                tenant, "orders", "deletionPolicy: Delete, verificationSecretName: verify")
            + Manifest.endpoint(tenant, "orders", "https://hooks.acme.example/in", "")
                .replace(
                    "signatures: [",
                    "signatures: [{scheme: rights.example.com, signingSecretRef: {name: orders}}, ")
            + """
            apiVersion: posthorn.dev/v1alpha1
            kind: SignatureScheme
            metadata: {name: rights.example.com}
            spec:
              algorithm: HmacSha256
              key: {encoding: Utf8}
              content: "{body}"
              signature: {encoding: HexLower, keys: Single}
              headers: [{name: x-sig, value: "{signatures}"}]
              verify: {signature: {header: x-sig}}
            ---
            apiVersion: posthorn.dev/v1alpha1
            kind: EventStream
            metadata: {name: orders, namespace: %1$s}
            spec:
              dispatcherRef: {namespace: posthorn-system, name: default}
              redis: {address: "127.0.0.1:1", stream: orders}
            ---
            apiVersion: posthorn.dev/v1alpha1
            kind: WebhookSource
            metadata: {name: stripe, namespace: %1$s}
            spec:
              dispatcherRef: {namespace: posthorn-system, name: default}
              provider: stripe
              secretRefs: [{name: unlabelled, key: secret}]
            ---
            apiVersion: v1
            kind: Secret
            metadata: {name: unlabelled, namespace: %1$s}
            """
                .formatted(tenant));
    cluster.awaitReady(tenant, "orders");
    cluster.eventually(
        "the stream is programmed",
        () -> status(tenant, "est orders").contains("\"reason\":\"Programmed\""));
    cluster.eventually(
        "every kind has a status",
        () ->
            Stream.of("est orders", "whs stripe", "sch rights.example.com")
                .allMatch(object -> status(tenant, object).contains("observedGeneration")));
    cluster
        .kubectl(
            "patch",
            "whe",
            "orders",
            "-n",
            tenant,
            "--type=merge",
            "-p",
            "{\"spec\":{\"url\":\"https://hooks.acme.example/other\"}}")
        .succeeded();
    cluster.awaitReady(tenant, "orders");
    String second = cluster.plane().namespace("second", Map.of());
    cluster.apply(
        """
        apiVersion: posthorn.dev/v1alpha1
        kind: Dispatcher
        metadata: {name: second, namespace: %s}
        ---
        apiVersion: posthorn.dev/v1alpha1
        kind: WebhookEndpoint
        metadata: {name: ca, namespace: %1$s}
        spec:
          dispatcherRef: {name: second}
          url: https://hooks.acme.example/in
          events: {types: ["order.*"]}
          signatures: [{scheme: none}]
          tls: {caRef: {kind: ConfigMap, name: ca, key: ca.crt}}
        """
            .formatted(second));
    cluster.eventually("its binding", () -> binding(second) != null);
    cluster
        .kubectl(
            "patch",
            "dsp",
            "second",
            "-n",
            second,
            "--type=merge",
            "-p",
            "{\"spec\":{\"networkPolicy\":{\"mode\":\"None\"}}}")
        .succeeded();
    cluster.eventually(
        "no NetworkPolicy",
        () ->
            cluster
                .client()
                .network()
                .networkPolicies()
                .inNamespace(second)
                .list()
                .getItems()
                .isEmpty());
    withDatabase();
    cluster.kubectl("delete", "dsp", "second", "-n", second).succeeded();
    cluster.eventually("no binding", () -> binding(second) == null);
    cluster.kubectl("delete", "whe", "orders", "-n", tenant).succeeded();
    cluster.scaleOperator(0);
    cluster.scaleOperator(1);
  }

  /**
   * A Dispatcher of two pods, then of one, then with gateways; that its database never answers does
   * not matter.
   */
  private static void withDatabase() {
    String third = cluster.plane().namespace("third", Map.of());
    cluster.apply(
        """
        apiVersion: v1
        kind: Secret
        metadata: {name: database, namespace: %1$s, labels: {posthorn.dev/readable: "true"}}
        stringData: {url: "postgres://u:p@127.0.0.1:1/nothing"}
        ---
        apiVersion: posthorn.dev/v1alpha1
        kind: Dispatcher
        metadata: {name: third, namespace: %1$s}
        spec:
          store: {postgres: {secretRef: {name: database, key: url}}}
          workers: {replicas: 2}
        """
            .formatted(third));
    cluster.eventually("its budget", () -> budget(third) != null);
    patchThird(third, "{\"spec\":{\"workers\":{\"replicas\":1}}}");
    cluster.eventually("no budget", () -> budget(third) == null);
    patchThird(third, "{\"spec\":{\"gateways\":{}}}");
    cluster.eventually(
        "no pod that does all, and no account for it",
        () ->
            cluster
                .kubectl("get", "deploy,sa,role,rolebinding", "-n", third, "-o", "name")
                .out()
                .lines()
                .noneMatch(name -> name.endsWith("/third-dispatcher")));
    cluster.kubectl("delete", "dsp", "third", "-n", third).succeeded();
  }

  private static void patchThird(String namespace, String patch) {
    cluster
        .kubectl("patch", "dsp", "third", "-n", namespace, "--type=merge", "-p", patch)
        .succeeded();
  }

  private static Object budget(String namespace) {
    return cluster
        .client()
        .policy()
        .v1()
        .podDisruptionBudget()
        .inNamespace(namespace)
        .withName("third-dispatcher")
        .get();
  }

  private static String status(String tenant, String object) {
    String[] parts = object.split(" ", -1);
    return cluster
        .kubectl("get", parts[0], parts[1], "-n", tenant, "-o", "jsonpath={.status}")
        .out();
  }

  private static Object binding(String namespace) {
    return cluster
        .client()
        .rbac()
        .clusterRoleBindings()
        .withName("posthorn-gateway:" + namespace + ":second")
        .get();
  }

  @Test
  void nothingThatTheOperatorAsksForIsForbidden() {
    assertThat(requests().filter(Audit.Request::forbidden)).isEmpty();
  }

  @Test
  void everyRightIsUsed() {
    Set<String> used =
        requests().flatMap(RightsIT::uses).collect(Collectors.toCollection(TreeSet::new));
    Set<String> unused = granted();
    unused.removeAll(used);
    unused.removeAll(ASKED_BY_ADMISSION);

    assertThat(unused).isEmpty();
  }

  private static Stream<Audit.Request> requests() {
    return cluster.plane().audit().requests().stream()
        .filter(request -> request.user().equals(Installed.operatorUser()));
  }

  /** What is applied and was not there needs the right to create. */
  private static Stream<String> uses(Audit.Request request) {
    String what = request.group() + " " + request.resource() + " ";
    boolean created = request.verb().equals("patch") && request.code() == 201;
    return created ? Stream.of(what + "patch", what + "create") : Stream.of(what + request.verb());
  }

  private static Set<String> granted() {
    List<PolicyRule> rules =
        Stream.concat(
                cluster
                    .client()
                    .rbac()
                    .clusterRoles()
                    .withName("posthorn-operator")
                    .require()
                    .getRules()
                    .stream(),
                cluster
                    .client()
                    .rbac()
                    .roles()
                    .inNamespace(Installed.SYSTEM)
                    .withName("posthorn-operator")
                    .require()
                    .getRules()
                    .stream())
            .toList();
    var granted = new TreeSet<String>();
    for (PolicyRule rule : rules) {
      for (String group : rule.getApiGroups()) {
        for (String resource : rule.getResources()) {
          rule.getVerbs().forEach(verb -> granted.add(group + " " + resource + " " + verb));
        }
      }
    }
    return granted;
  }
}
