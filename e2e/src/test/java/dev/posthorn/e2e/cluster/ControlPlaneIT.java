package dev.posthorn.e2e.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.posthorn.crds.Api;
import io.fabric8.kubernetes.api.model.Pod;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/** That the control plane of the tests does what a cluster does. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class ControlPlaneIT {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  @TempDir static Path directory;
  private static ControlPlane plane;
  private static ProcessKubelet kubelet;

  @BeforeAll
  static void start() throws Exception {
    plane = ControlPlane.start(directory);
    kubelet = ProcessKubelet.start(plane);
    kubelet.image(
        "example/shell:1",
        new Image(List.of("sh", "-c"), Map.of("/srv/kubectl", plane.binaries())));
  }

  @AfterAll
  static void stop() {
    if (kubelet != null) {
      kubelet.close();
    }
    if (plane != null) {
      plane.close();
    }
  }

  @Test
  @Order(1)
  void everyKindIsExplainedAndHasAShortName() throws Exception {
    for (String kind : Api.KINDS) {
      assertThat(plane.kubectl("explain", kind.toLowerCase(Locale.ROOT) + ".spec").succeeded())
          .contains("DESCRIPTION:")
          .contains("FIELDS:");
    }
    assertThat(plane.kubectl("get", "whe,sis,sch,est,whs,dsp", "-A").succeeded()).isEmpty();
  }

  @Test
  @Order(2)
  void aPodRunsUnderItsOwnServiceAccountAndLeavesNothing() throws Exception {
    String namespace = plane.namespace("pods", Map.of());
    apply(
        namespace,
        """
        apiVersion: v1
        kind: ServiceAccount
        metadata: {name: worker}
        ---
        apiVersion: batch/v1
        kind: Job
        metadata: {name: whoami}
        spec:
          template:
            spec:
              serviceAccountName: worker
              restartPolicy: Never
              securityContext: {runAsUser: 65532}
              containers:
              - name: main
                image: example/shell:1
                args: ["id -u; touch /x 2>/dev/null && echo writable; /srv/kubectl/kubectl --cache-dir=/tmp/c auth whoami -o name 2>&1; /srv/kubectl/kubectl --cache-dir=/tmp/c auth whoami"]
                securityContext: {readOnlyRootFilesystem: true}
                volumeMounts: [{name: tmp, mountPath: /tmp}]
              volumes: [{name: tmp, emptyDir: {}}]
        """);

    await("the Job is complete")
        .atMost(PATIENCE)
        .until(() ->
            Objects.equals(
                1,
                plane
                    .admin()
                    .batch()
                    .v1()
                    .jobs()
                    .inNamespace(namespace)
                    .withName("whoami")
                    .get()
                    .getStatus()
                    .getSucceeded()));
    Pod pod = plane.admin().pods().inNamespace(namespace).list().getItems().getFirst();
    assertThat(kubelet.log(pod))
        .contains("system:serviceaccount:" + namespace + ":worker")
        .doesNotContain("writable");
    if (Sandbox.isRoot()) {
      assertThat(kubelet.log(pod)).startsWith("65532");
    }
    assertThat(Path.of("/run/secrets/kubernetes.io")).doesNotExist();
    assertThat(Path.of("/srv/kubectl")).doesNotExist();
  }

  @Test
  @Order(3)
  void aVolumeOutlivesItsPodAndACrashedProcessIsStartedAgain() throws Exception {
    String namespace = plane.namespace("pods", Map.of());
    apply(
        namespace,
        """
        apiVersion: apps/v1
        kind: StatefulSet
        metadata: {name: keeper}
        spec:
          serviceName: keeper
          selector: {matchLabels: {app: keeper}}
          template:
            metadata: {labels: {app: keeper}}
            spec:
              containers:
              - name: main
                image: example/shell:1
                args: ["echo life >>/var/lib/keeper/lives; exec sleep 1000"]
                volumeMounts: [{name: data, mountPath: /var/lib/keeper}]
          volumeClaimTemplates:
          - metadata: {name: data}
            spec:
              accessModes: [ReadWriteOnce]
              resources: {requests: {storage: 1Gi}}
        """);
    Path lives = directory.resolve("volumes/" + namespace + "-data-keeper-0/lives");

    await("a first life").atMost(PATIENCE).until(() -> isReady(namespace, "keeper-0"));
    kubelet.crash(pod(namespace, "keeper-0"));
    await("a second life").atMost(PATIENCE).until(() -> Files.readAllLines(lives).size() == 2);

    String first = pod(namespace, "keeper-0").getMetadata().getUid();
    plane.admin().pods().inNamespace(namespace).withName("keeper-0").delete();
    await("a third life").atMost(PATIENCE).until(() -> Files.readAllLines(lives).size() == 3);
    assertThat(pod(namespace, "keeper-0").getMetadata().getUid()).isNotEqualTo(first);
    assertThat(Path.of("/var/lib/keeper")).doesNotExist();
  }

  @Test
  @Order(4)
  void anApiServerThatWasKilledComesBackWithAllItHad() throws Exception {
    String namespace = plane.namespace("kept", Map.of());

    plane.stopApiServer();
    assertThat(plane.isReady()).isFalse();
    plane.startApiServer();

    assertThat(plane.admin().namespaces().withName(namespace).get()).isNotNull();
  }

  private static void apply(String namespace, String yaml) throws Exception {
    Path file = Files.writeString(Files.createTempFile(directory, "m", ".yaml"), yaml);
    plane.kubectl("apply", "-n", namespace, "-f", file.toString()).succeeded();
  }

  private static Pod pod(String namespace, String name) {
    return plane.admin().pods().inNamespace(namespace).withName(name).require();
  }

  private static boolean isReady(String namespace, String name) {
    Pod pod = plane.admin().pods().inNamespace(namespace).withName(name).get();
    return pod != null
        && pod.getStatus().getConditions().stream()
            .anyMatch(each -> each.getType().equals("Ready") && each.getStatus().equals("True"));
  }
}
