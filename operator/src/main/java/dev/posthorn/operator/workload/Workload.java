package dev.posthorn.operator.workload;

import dev.posthorn.crds.DispatcherSpec;
import dev.posthorn.crds.NetworkPolicySpec;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.LabelSelectorBuilder;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaimBuilder;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import io.fabric8.kubernetes.api.model.ServicePortBuilder;
import io.fabric8.kubernetes.api.model.apps.DeploymentBuilder;
import io.fabric8.kubernetes.api.model.apps.StatefulSetBuilder;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudgetBuilder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * A Dispatcher -> the objects that run it, in the order in which they are applied. Values stand as
 * the API server returns them, so that applying them again is no change.
 */
public final class Workload {
  /** The label that says what a pod is there for. */
  public static final String COMPONENT = "app.kubernetes.io/component";

  private static final DispatcherSpec.Pods ONE =
      new DispatcherSpec.Pods(1, new DispatcherSpec.Resources(Map.of(), Map.of()));

  private final Installation installation;
  private final Labels labels;
  private final Pods pods;
  private final List<HasMetadata> objects = new ArrayList<>();

  private Workload(Installation installation) {
    this.installation = installation;
    this.labels = new Labels(installation);
    this.pods = new Pods(installation, labels);
  }

  /** The objects of {@code installation}. */
  public static List<HasMetadata> of(Installation installation) {
    var workload = new Workload(installation);
    workload.configRoot();
    for (PodRole role : roles(installation)) {
      workload.objects.addAll(new Access(installation, workload.labels).of(role));
    }
    workload.service();
    if (installation.spec().networkPolicy().mode() == NetworkPolicySpec.Mode.Managed) {
      workload.objects.addAll(
          new Network(installation, workload.labels).policies(roles(installation)));
    }
    if (installation.usesPostgres()) {
      workload.deployments();
    } else {
      workload.statefulSet();
    }
    return List.copyOf(workload.objects);
  }

  private static List<PodRole> roles(Installation installation) {
    return roles(installation.spec());
  }

  private static List<PodRole> roles(DispatcherSpec spec) {
    return spec.store().postgres() == null || spec.gateways() == null
        ? List.of(PodRole.DISPATCHER)
        : List.of(PodRole.GATEWAY, PodRole.WORKER);
  }

  /** The components of a Dispatcher's pods, as the label says: together they do everything. */
  public static List<String> components(DispatcherSpec spec) {
    return roles(spec).stream().map(PodRole::word).toList();
  }

  /** Owns every config object: one deletion collects them all. */
  private void configRoot() {
    objects.add(
        new ConfigMapBuilder()
            .withMetadata(labels.meta(installation.name().name() + "-config-root", labels.common()))
            .build());
  }

  private void service() {
    PodRole role = roles(installation).getFirst();
    objects.add(
        new ServiceBuilder()
            .withMetadata(labels.meta(installation.name().name(), labels.common()))
            .withNewSpec()
            .withType("ClusterIP")
            .withSelector(labels.selector(role))
            .withPorts(
                new ServicePortBuilder()
                    .withName("api")
                    .withProtocol("TCP")
                    .withPort(80)
                    .withTargetPort(new IntOrString("api"))
                    .build())
            .endSpec()
            .build());
  }

  /** One file, so one pod: the claim has no owner and is found again. */
  private void statefulSet() {
    PodRole role = PodRole.DISPATCHER;
    objects.add(
        new StatefulSetBuilder()
            .withMetadata(labels.meta(labels.name(role), labels.of(role)))
            .withNewSpec()
            .withReplicas(1)
            .withServiceName(installation.name().name())
            .withPodManagementPolicy("Parallel")
            .withNewSelector()
            .withMatchLabels(labels.selector(role))
            .endSelector()
            .withTemplate(pods.of(role, installation.spec().workers()))
            .withVolumeClaimTemplates(claim())
            .withNewPersistentVolumeClaimRetentionPolicy("Retain", "Retain")
            .endSpec()
            .build());
  }

  private PersistentVolumeClaim claim() {
    DispatcherSpec.Sqlite sqlite = Objects.requireNonNull(installation.spec().store().sqlite());
    return new PersistentVolumeClaimBuilder()
        .withApiVersion("v1")
        .withKind("PersistentVolumeClaim")
        .withNewMetadata()
        .withName(Pods.DATA)
        .withLabels(labels.selector(PodRole.DISPATCHER))
        .endMetadata()
        .withNewSpec()
        .withAccessModes("ReadWriteOncePod")
        .withStorageClassName(sqlite.storageClassName())
        .withVolumeMode("Filesystem")
        .withNewResources()
        .addToRequests("storage", CanonicalQuantity.of(sqlite.storage().text()))
        .endResources()
        .endSpec()
        .build();
  }

  private void deployments() {
    for (PodRole role : roles(installation)) {
      DispatcherSpec.Pods wish =
          role == PodRole.GATEWAY
              ? Objects.requireNonNullElse(installation.spec().gateways(), ONE)
              : installation.spec().workers();
      objects.add(
          new DeploymentBuilder()
              .withMetadata(labels.meta(labels.name(role), labels.of(role)))
              .withNewSpec()
              .withReplicas(wish.replicas())
              .withNewStrategy()
              .withType("RollingUpdate")
              .withNewRollingUpdate()
              .withMaxSurge(
                  new IntOrString(0)) // a version that changes the tables waits for the former
              .withMaxUnavailable(new IntOrString(1))
              .endRollingUpdate()
              .endStrategy()
              .withNewSelector()
              .withMatchLabels(labels.selector(role))
              .endSelector()
              .withTemplate(pods.of(role, wish))
              .endSpec()
              .build());
      if (wish.replicas() > 1) {
        budget(role);
      }
    }
  }

  private void budget(PodRole role) {
    objects.add(
        new PodDisruptionBudgetBuilder()
            .withMetadata(labels.meta(labels.name(role), labels.of(role)))
            .withNewSpec()
            .withMaxUnavailable(new IntOrString(1))
            .withSelector(new LabelSelectorBuilder().withMatchLabels(labels.selector(role)).build())
            .endSpec()
            .build());
  }
}
