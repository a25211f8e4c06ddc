package dev.posthorn.e2e.operator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.posthorn.e2e.cluster.Audit;
import dev.posthorn.e2e.fixture.Http;
import dev.posthorn.e2e.fixture.Receiver;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.apps.StatefulSetBuilder;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What is as it should be is left alone; what is not is mended; what goes takes its own along. */
class SteadyIT {
  private static final String URL = "https://hooks.acme.example/in";
  private static Installed cluster;

  @BeforeAll
  static void install() throws Exception {
    cluster = Installed.get();
  }

  @Test
  void aSecondReconcileOfEverythingWritesNothing() {
    String tenant = ready("steady");
    cluster.eventually("all is quiet", SteadyIT::isQuiet);

    // A new process looks at everything anew.
    int before = all().size();
    cluster.kubelet().crash(cluster.operatorPod());
    cluster.eventually(
        "it leads again",
        () ->
            since(before).stream()
                .anyMatch(each -> each.resource().equals("leases") && each.verb().equals("patch")));

    // When a later object has been reconciled, everything before it has been looked at.
    cluster.apply(Manifest.signingSecret(tenant, "later", ""));
    cluster.eventually(
        "a later object is reconciled",
        () -> cluster.signingSecret(tenant, "later").getStatus().activeKeyId() != null);
    assertThat(since(before).stream().filter(SteadyIT::isWrite))
        .isNotEmpty()
        .allSatisfy(write ->
            assertThat(write.resource() + "/" + write.name())
                .matches("(secrets|signingsecrets/status|events)/(later.*)?"));
  }

  /** For three seconds nothing was written, and the Dispatcher's count has caught up. */
  private static boolean isQuiet() throws InterruptedException {
    int before = writes().size();
    int endpoints =
        cluster
            .client()
            .secrets()
            .inNamespace(Installed.SYSTEM)
            .withLabel("posthorn.dev/config", "endpoint")
            .list()
            .getItems()
            .size();
    return !new CountDownLatch(1).await(3, TimeUnit.SECONDS)
        && writes().size() == before
        && Objects.equals(endpoints, cluster.dispatcher().getStatus().endpoints());
  }

  private static List<Audit.Request> writes() {
    return all().stream().filter(SteadyIT::isWrite).toList();
  }

  /** Without the lease, which is renewed every two seconds. */
  private static boolean isWrite(Audit.Request request) {
    return request.isWrite() && !request.resource().equals("leases");
  }

  private static List<Audit.Request> since(int before) {
    List<Audit.Request> all = all();
    return all.subList(before, all.size());
  }

  private static List<Audit.Request> all() {
    return cluster.plane().audit().requests().stream()
        .filter(request -> request.user().equals(Installed.operatorUser()))
        .toList();
  }

  @Test
  void whatWasDeletedOrChangedByHandIsMended() {
    String tenant = ready("drift");
    String system = Installed.SYSTEM;
    var client = cluster.client();
    List<HasMetadata> owned = new ArrayList<>();
    owned.add(client.configMaps().inNamespace(system).withName("default-config-root").require());
    owned.add(client.services().inNamespace(system).withName("default").require());
    owned.add(
        client.serviceAccounts().inNamespace(system).withName("default-dispatcher").require());
    owned.add(client.rbac().roles().inNamespace(system).withName("default-dispatcher").require());
    owned.add(
        client.rbac().roleBindings().inNamespace(system).withName("default-dispatcher").require());
    owned.add(
        client
            .rbac()
            .clusterRoleBindings()
            .withName("posthorn-gateway:posthorn-system:default")
            .require());
    owned.add(
        client
            .network()
            .networkPolicies()
            .inNamespace(system)
            .withName("default-dispatcher")
            .require());
    owned.addAll(configs(tenant));
    assertThat(owned).hasSize(9);

    for (HasMetadata object : owned) {
      if (object.getMetadata().getName().equals("default-config-root")) {
        continue; // its own test: everything hangs on it
      }
      client.resource(object).delete();
      cluster.eventually(
          object.getKind() + " " + object.getMetadata().getName() + " is there again",
          () -> {
            HasMetadata again = client.resource(object).get();
            return again != null
                && !again.getMetadata().getUid().equals(object.getMetadata().getUid());
          });
    }

    client
        .apps()
        .statefulSets()
        .inNamespace(system)
        .withName("default-dispatcher")
        .edit(set -> new StatefulSetBuilder(set).editSpec().withReplicas(0).endSpec().build());
    cluster.eventually(
        "the StatefulSet has one replica again",
        () ->
            client
                    .apps()
                    .statefulSets()
                    .inNamespace(system)
                    .withName("default-dispatcher")
                    .require()
                    .getSpec()
                    .getReplicas()
                == 1);
    client
        .network()
        .networkPolicies()
        .inNamespace(system)
        .withName("default-dispatcher")
        .edit(policy -> {
          policy.getSpec().setEgress(List.of());
          return policy;
        });
    cluster.eventually(
        "the NetworkPolicy has its rules again",
        () ->
            !client
                .network()
                .networkPolicies()
                .inNamespace(system)
                .withName("default-dispatcher")
                .require()
                .getSpec()
                .getEgress()
                .isEmpty());
    cluster.eventually(
        "the Dispatcher is available again",
        () ->
            cluster
                .condition(cluster.dispatcher().getStatus().conditions(), "Available")
                .filter(each -> each.status().equals("True"))
                .isPresent());
  }

  @Test
  void aKeyringThatWasDeletedOrAlteredComesBackFromTheDispatchersCopy() throws Exception {
    String tenant = ready("heal");
    String key = cluster.signingSecret(tenant, "orders").getStatus().activeKeyId();
    Secret keyring = keyring(tenant);

    cluster.client().resource(keyring).delete();
    cluster.eventually("it is there again", () -> sameKeys(keyring, keyring(tenant)));

    cluster
        .kubectl(
            "patch",
            "secret",
            "orders-keyring",
            "-n",
            tenant,
            "--type=merge",
            "-p",
            "{\"data\":{\"keyring.json\":\"e30=\"}}")
        .succeeded();
    cluster.eventually("it is mended", () -> sameKeys(keyring, keyring(tenant)));

    assertThat(cluster.signingSecret(tenant, "orders").getStatus().activeKeyId()).isEqualTo(key);
    cluster.eventually(
        "an event tells it",
        () ->
            cluster
                .kubectl("describe", "sis", "orders", "-n", tenant)
                .succeeded()
                .contains("KeyringRestored"));
  }

  @Test
  void aSigningSecretThatComesBackFindsItsKeysAgain() throws Exception {
    String tenant = ready("retain");
    String key = cluster.signingSecret(tenant, "orders").getStatus().activeKeyId();
    Secret keyring = keyring(tenant);

    cluster.kubectl("delete", "sis", "orders", "-n", tenant).succeeded();
    cluster.awaitCondition(tenant, "orders", "ResolvedRefs", "False", "SigningSecretNotFound");
    assertThat(keyring(tenant).getMetadata().getUid()).isEqualTo(keyring.getMetadata().getUid());

    cluster.apply(Manifest.signingSecret(tenant, "orders", ""));
    cluster.awaitReady(tenant, "orders");
    cluster.eventually(
        "the same key is active",
        () ->
            Objects.equals(key, cluster.signingSecret(tenant, "orders").getStatus().activeKeyId()));
  }

  @Test
  void withDeletionPolicyDeleteTheKeysGoToo() throws Exception {
    String tenant = cluster.tenant("delete");
    cluster.apply(
        Manifest.signingSecret(
            tenant, "orders", "deletionPolicy: Delete, verificationSecretName: orders-verify"));
    cluster.eventually("a verification Secret", () -> verification(tenant) != null);
    assertThat(verification(tenant).getData()).containsOnlyKeys("current", "keys");

    cluster.kubectl("delete", "sis", "orders", "-n", tenant).succeeded();
    cluster.eventually(
        "keys and verification Secret are gone",
        () ->
            cluster.client().secrets().inNamespace(tenant).withName("orders-keyring").get() == null
                && verification(tenant) == null);
  }

  private static Secret verification(String tenant) {
    return cluster.client().secrets().inNamespace(tenant).withName("orders-verify").get();
  }

  @Test
  void aNamespaceIsDeletedWithAllThatIsInIt() throws Exception {
    String tenant = ready("gone");

    cluster.kubectl("delete", "namespace", tenant, "--wait=false").succeeded();

    cluster.eventually(
        "the namespace is gone",
        () -> cluster.client().namespaces().withName(tenant).get() == null);
    cluster.eventually(
        "nothing of it is left with the Dispatcher", () -> configs(tenant).isEmpty());
  }

  @Test
  void withoutAnOperatorDeliveriesGoOn() throws Exception {
    String tenant = cluster.tenant("alone");
    var kept = Receiver.list();
    try (var receiver = Receiver.keeping(kept)) {
      cluster.allowHttp();
      cluster.apply(
          Manifest.publisher(tenant)
              + Manifest.signingSecret(tenant, "orders", "")
              + Manifest.endpoint(tenant, "orders", receiver.url("/in"), ""));
      cluster.awaitReady(tenant, "orders");
      Http api = cluster.api(tenant, "shop");

      cluster.scaleOperator(0);
      try {
        String id = api.accepted(tenant, "order.paid", "{}");
        cluster.eventually(
            "a delivery without an operator",
            () -> kept.stream().anyMatch(request -> request.eventId().equals(id)));
      } finally {
        cluster.scaleOperator(1);
      }
    }
  }

  /** A tenant with an endpoint that is Ready. */
  private static String ready(String prefix) {
    String tenant = cluster.tenant(prefix);
    cluster.apply(
        Manifest.signingSecret(tenant, "orders", "")
            + Manifest.endpoint(tenant, "orders", URL, ""));
    cluster.awaitReady(tenant, "orders");
    return tenant;
  }

  private static List<Secret> configs(String tenant) {
    return Stream.of("keys", "endpoint")
        .flatMap(kind -> cluster.configs(kind).stream())
        .filter(secret -> Installed.source(secret).contains("/" + tenant + "/"))
        .toList();
  }

  private static Secret keyring(String tenant) {
    return cluster.client().secrets().inNamespace(tenant).withName("orders-keyring").require();
  }

  private static boolean sameKeys(Secret first, Secret second) {
    return first.getData().equals(second.getData());
  }
}
