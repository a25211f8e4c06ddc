package dev.posthorn.operator.workload;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.fabric8.kubernetes.api.model.Capabilities;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerPort;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.PodSecurityContext;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.Probe;
import io.fabric8.kubernetes.api.model.SecurityContext;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Pods meet Pod Security {@code restricted}, control by control in the order of the standard
 * (https://kubernetes.io/docs/concepts/security/pod-security-standards/), and more: nothing of the
 * root can be written. {@code WorkloadManifestsIT} asks the admission of an API server.
 */
class PodSecurityTest {
  private static final List<Control> CONTROLS =
      List.of(
          new Control(
              "host process",
              all(
                  context -> context.getWindowsOptions() == null,
                  context -> context.getWindowsOptions() == null)),
          new Control(
              "host namespaces",
              pod(spec ->
                  isNotTrue(spec.getHostNetwork())
                      && isNotTrue(spec.getHostPID())
                      && isNotTrue(spec.getHostIPC()))),
          new Control(
              "privileged containers", context(context -> isNotTrue(context.getPrivileged()))),
          new Control(
              "capabilities added",
              capabilities(
                  capabilities -> Set.of("NET_BIND_SERVICE").containsAll(capabilities.getAdd()))),
          new Control("host path volumes", volumes(volume -> volume.getHostPath() == null)),
          new Control(
              "host ports",
              containers(container ->
                  container.getPorts().stream().allMatch(PodSecurityTest::isOfThePod))),
          new Control(
              "host of probes",
              containers(container ->
                  container.getLifecycle() == null
                      && probes(container).allMatch(PodSecurityTest::asksThePod))),
          new Control(
              "app armor",
              all(
                  context -> context.getAppArmorProfile() == null,
                  context -> context.getAppArmorProfile() == null)),
          new Control(
              "app armor annotation",
              template ->
                  annotations(template).keySet().stream()
                      .noneMatch(name -> name.contains("apparmor"))),
          new Control(
              "selinux",
              all(
                  context -> context.getSeLinuxOptions() == null,
                  context -> context.getSeLinuxOptions() == null)),
          new Control("proc mount", context(context -> context.getProcMount() == null)),
          new Control("sysctls", pod(spec -> spec.getSecurityContext().getSysctls().isEmpty())),
          new Control(
              "volume types",
              volumes(volume -> volume.getEmptyDir() != null ^ volume.getSecret() != null)),
          new Control(
              "privilege escalation",
              context(context -> Objects.equals(context.getAllowPrivilegeEscalation(), false))),
          new Control(
              "running as non root",
              all(
                  context -> Objects.equals(context.getRunAsNonRoot(), true),
                  context -> !Objects.equals(context.getRunAsNonRoot(), false))),
          new Control(
              "running as non root user",
              all(
                  context -> isUser(context.getRunAsUser()),
                  context -> !isRoot(context.getRunAsUser()))),
          new Control(
              "seccomp",
              all(
                  context -> context.getSeccompProfile().getType().equals("RuntimeDefault"),
                  context -> context.getSeccompProfile() == null)),
          new Control(
              "capabilities dropped",
              capabilities(capabilities -> capabilities.getDrop().equals(List.of("ALL")))),
          new Control(
              "one container",
              pod(spec ->
                  spec.getContainers().size() == 1
                      && spec.getInitContainers().isEmpty()
                      && spec.getEphemeralContainers().isEmpty())),
          new Control(
              "read only root",
              context(context -> Objects.equals(context.getReadOnlyRootFilesystem(), true))),
          new Control(
              "bounded volumes",
              volumes(volume ->
                  volume.getSecret() != null // 1 MiB at most
                      || (volume.getEmptyDir() != null
                          && volume.getEmptyDir().getSizeLimit() != null))),
          new Control(
              "bounded memory",
              containers(container -> container.getResources().getLimits().containsKey("memory"))));

  private static final String MAY_EVERYTHING =
      """
      metadata: {annotations: {container.apparmor.security.beta.kubernetes.io/one: unconfined}}
      spec:
        hostPID: true
        securityContext:
          windowsOptions: {hostProcess: true}
          appArmorProfile: {type: Unconfined}
          seLinuxOptions: {type: spc_t}
          sysctls: [{name: kernel.msgmax, value: "65536"}]
          runAsNonRoot: false
          runAsUser: 0
          seccompProfile: {type: Unconfined}
        volumes: [{name: root, hostPath: {path: /}}]
        containers:
        - name: one
          ports: [{containerPort: 8080, hostPort: 8080}]
          livenessProbe: {httpGet: {host: 169.254.169.254, port: 80}}
          securityContext:
            privileged: true
            capabilities: {add: [SYS_ADMIN], drop: [CHOWN]}
            procMount: Unmasked
            allowPrivilegeEscalation: true
            readOnlyRootFilesystem: false
          resources: {limits: {cpu: "1"}}
        - name: two
          securityContext: {}
          resources: {}
      """;

  /** A control of the standard, or one of ours at the end. */
  record Control(String name, Predicate<PodTemplateSpec> met) {
    @Override
    public String toString() {
      return name;
    }
  }

  static Stream<Arguments> controls() throws IOException {
    return Cases.all().stream()
        .flatMap(folder ->
            CONTROLS.stream()
                .map(control -> Arguments.of(folder.getFileName().toString(), control)));
  }

  @ParameterizedTest
  @MethodSource("controls")
  void everyPodMeets(String folder, Control control) throws IOException {
    List<PodTemplateSpec> pods = pods(Cases.FOLDER.resolve(folder)).toList();

    assertThat(pods).isNotEmpty().allMatch(control.met());
  }

  /** A control that this one meets would prove nothing. */
  @Test
  void aPodThatMayEverythingMeetsNone() throws IOException {
    PodTemplateSpec pod = new YAMLMapper().readValue(MAY_EVERYTHING, PodTemplateSpec.class);

    assertThat(CONTROLS).filteredOn(control -> control.met().test(pod)).isEmpty();
  }

  private static Stream<PodTemplateSpec> pods(Path folder) throws IOException {
    return Cases.objects(folder).stream().flatMap(PodSecurityTest::template);
  }

  private static Stream<PodTemplateSpec> template(HasMetadata object) {
    return switch (object) {
      case StatefulSet set -> Stream.of(set.getSpec().getTemplate());
      case Deployment deployment -> Stream.of(deployment.getSpec().getTemplate());
      default -> Stream.empty();
    };
  }

  private static Predicate<PodTemplateSpec> pod(Predicate<PodSpec> met) {
    return template -> met.test(template.getSpec());
  }

  private static Predicate<PodTemplateSpec> containers(Predicate<Container> met) {
    return pod(spec ->
        Stream.of(spec.getInitContainers(), spec.getContainers())
            .flatMap(List::stream)
            .allMatch(met));
  }

  private static Predicate<PodTemplateSpec> context(Predicate<SecurityContext> met) {
    return containers(container -> met.test(container.getSecurityContext()));
  }

  private static Predicate<PodTemplateSpec> capabilities(Predicate<Capabilities> met) {
    return context(context -> met.test(context.getCapabilities()));
  }

  private static Predicate<PodTemplateSpec> volumes(Predicate<Volume> met) {
    return pod(spec -> spec.getVolumes().stream().allMatch(met));
  }

  /** Of the pod, and of each container, which may say otherwise. */
  private static Predicate<PodTemplateSpec> all(
      Predicate<PodSecurityContext> pod, Predicate<SecurityContext> container) {
    return pod(spec -> pod.test(spec.getSecurityContext())).and(context(container));
  }

  private static boolean isOfThePod(ContainerPort port) {
    return port.getHostPort() == null || port.getHostPort() == 0;
  }

  private static Stream<Probe> probes(Container container) {
    return Stream.of(
            container.getLivenessProbe(),
            container.getReadinessProbe(),
            container.getStartupProbe())
        .filter(Objects::nonNull);
  }

  private static boolean asksThePod(Probe probe) {
    return (probe.getHttpGet() == null || probe.getHttpGet().getHost() == null)
        && (probe.getTcpSocket() == null || probe.getTcpSocket().getHost() == null);
  }

  private static Map<String, String> annotations(PodTemplateSpec template) {
    ObjectMeta metadata = template.getMetadata();
    return metadata == null || metadata.getAnnotations() == null
        ? Map.of()
        : metadata.getAnnotations();
  }

  private static boolean isNotTrue(@Nullable Boolean value) {
    return !Objects.equals(value, true);
  }

  private static boolean isUser(@Nullable Long user) {
    return user != null && user > 0;
  }

  private static boolean isRoot(@Nullable Long user) {
    return Objects.equals(user, 0L);
  }
}
