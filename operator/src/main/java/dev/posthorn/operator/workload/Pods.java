package dev.posthorn.operator.workload;

import dev.posthorn.crds.DispatcherSpec;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.ContainerPort;
import io.fabric8.kubernetes.api.model.ContainerPortBuilder;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.EnvVarBuilder;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.PodTemplateSpecBuilder;
import io.fabric8.kubernetes.api.model.Probe;
import io.fabric8.kubernetes.api.model.ProbeBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.ResourceRequirements;
import io.fabric8.kubernetes.api.model.ResourceRequirementsBuilder;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeBuilder;
import io.fabric8.kubernetes.api.model.VolumeMount;
import io.fabric8.kubernetes.api.model.VolumeMountBuilder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The pods of a role, as Pod Security {@code restricted} wants them. */
record Pods(Installation installation, Labels labels) {
  static final int API_PORT = 8080;
  static final int MANAGEMENT_PORT = 9090;

  /** Where the store is: a claim with SQLite. */
  static final String DATA = "data";

  private static final String DATA_PATH = "/var/lib/posthorn";
  private static final String TEMPORARY = "tmp";
  private static final long USER = 65_532;

  /** What is in flight gets 30 s, and the rest of a stop some more. */
  private static final long GRACE_SECONDS = 45;

  private static final Map<String, String> REQUESTS = Map.of("cpu", "100m", "memory", "512Mi");
  private static final Map<String, String> LIMITS = Map.of("memory", "1Gi");

  PodTemplateSpec of(PodRole role, DispatcherSpec.Pods wish) {
    return new PodTemplateSpecBuilder()
        .withMetadata(
            new ObjectMetaBuilder()
                .withLabels(labels.of(role))
                .withAnnotations(files().annotations())
                .build())
        .withNewSpec()
        .withServiceAccountName(labels.name(role))
        .withAutomountServiceAccountToken(true)
        .withEnableServiceLinks(false)
        .withTerminationGracePeriodSeconds(GRACE_SECONDS)
        .withNewSecurityContext()
        .withRunAsNonRoot(true)
        .withRunAsUser(USER)
        .withRunAsGroup(USER)
        .withFsGroup(USER)
        .withFsGroupChangePolicy("OnRootMismatch")
        .withNewSeccompProfile()
        .withType("RuntimeDefault")
        .endSeccompProfile()
        .endSecurityContext()
        .withContainers(container(role, wish))
        .withVolumes(volumes())
        .endSpec()
        .build();
  }

  private StoreFiles files() {
    return new StoreFiles(installation.store());
  }

  private Container container(PodRole role, DispatcherSpec.Pods wish) {
    return new ContainerBuilder()
        .withName("dispatcher")
        .withImage(installation.image())
        .withImagePullPolicy(installation.spec().imagePullPolicy().name())
        .withArgs("dispatcher")
        .withEnv(environment(role))
        .withPorts(ports(role))
        .withStartupProbe(probe("/livez", 2, 60))
        .withReadinessProbe(probe("/readyz", 2, 2))
        .withLivenessProbe(probe("/livez", 10, 3))
        .withResources(resources(wish.resources()))
        .withVolumeMounts(mounts())
        .withNewSecurityContext()
        .withAllowPrivilegeEscalation(false)
        .withReadOnlyRootFilesystem(true)
        .withNewCapabilities()
        .withDrop("ALL")
        .endCapabilities()
        .endSecurityContext()
        .build();
  }

  private List<EnvVar> environment(PodRole role) {
    var environment = new ArrayList<EnvVar>();
    environment.add(variable("POSTHORN_DISPATCHER", installation.name().name()));
    environment.add(field("POSTHORN_NAMESPACE", "metadata.namespace"));
    environment.add(variable("POSTHORN_DATA", DATA_PATH));
    if (role.takesCallers()) {
      environment.add(variable("POSTHORN_LISTEN", "0.0.0.0:" + API_PORT));
    }
    environment.add(variable("POSTHORN_MANAGEMENT", "0.0.0.0:" + MANAGEMENT_PORT));
    environment.add(variable("POSTHORN_LOG_FORMAT", "json"));
    files().environment().forEach((name, value) -> environment.add(variable(name, value)));
    if (role != PodRole.DISPATCHER) {
      environment.add(variable("POSTHORN_ROLE", role.word()));
    }
    return environment;
  }

  private static EnvVar variable(String name, String value) {
    return new EnvVarBuilder().withName(name).withValue(value).build();
  }

  private static EnvVar field(String name, String path) {
    return new EnvVarBuilder()
        .withName(name)
        .withNewValueFrom()
        .withNewFieldRef("v1", path)
        .endValueFrom()
        .build();
  }

  private static List<ContainerPort> ports(PodRole role) {
    ContainerPort management = port("management", MANAGEMENT_PORT);
    return role.takesCallers() ? List.of(port("api", API_PORT), management) : List.of(management);
  }

  private static ContainerPort port(String name, int number) {
    return new ContainerPortBuilder()
        .withName(name)
        .withContainerPort(number)
        .withProtocol("TCP")
        .build();
  }

  private static Probe probe(String path, int period, int failures) {
    return new ProbeBuilder()
        .withNewHttpGet()
        .withPath(path)
        .withNewPort("management")
        .withScheme("HTTP")
        .endHttpGet()
        .withPeriodSeconds(period)
        .withFailureThreshold(failures)
        .withTimeoutSeconds(2)
        .build();
  }

  private static ResourceRequirements resources(DispatcherSpec.Resources wish) {
    return new ResourceRequirementsBuilder()
        .withRequests(quantities(REQUESTS, wish.requests()))
        .withLimits(quantities(LIMITS, wish.limits()))
        .build();
  }

  private static Map<String, Quantity> quantities(
      Map<String, String> defaults, Map<String, String> wish) {
    var all = new TreeMap<>(defaults);
    all.putAll(wish);
    var quantities = new TreeMap<String, Quantity>();
    all.forEach((name, text) -> quantities.put(name, CanonicalQuantity.of(text)));
    return quantities;
  }

  private List<VolumeMount> mounts() {
    var mounts = new ArrayList<VolumeMount>();
    mounts.add(mount(DATA, DATA_PATH));
    mounts.add(mount(TEMPORARY, "/tmp"));
    mounts.addAll(files().mounts());
    return mounts;
  }

  private static VolumeMount mount(String name, String path) {
    return new VolumeMountBuilder().withName(name).withMountPath(path).build();
  }

  /** With SQLite the claim's template brings the volume for the data. */
  private List<Volume> volumes() {
    var volumes = new ArrayList<Volume>();
    if (installation.usesPostgres()) {
      volumes.add(memory(DATA, "1Gi"));
    }
    volumes.add(memory(TEMPORARY, "64Mi"));
    volumes.addAll(files().volumes());
    return volumes;
  }

  private static Volume memory(String name, String size) {
    return new VolumeBuilder()
        .withName(name)
        .withNewEmptyDir()
        .withSizeLimit(new Quantity(size))
        .endEmptyDir()
        .build();
  }
}
