package dev.posthorn.operator.workload;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.SecurityContext;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Pods meet Pod Security {@code restricted}, and more: nothing of the root can be written. */
class PodSecurityTest {
  static List<Path> cases() throws IOException {
    return Cases.all();
  }

  @ParameterizedTest
  @MethodSource("cases")
  void everyPodIsRestricted(Path folder) throws IOException {
    List<PodSpec> pods = Cases.objects(folder).stream().flatMap(PodSecurityTest::pod).toList();

    assertThat(pods).isNotEmpty();
    pods.forEach(PodSecurityTest::check);
  }

  private static Stream<PodSpec> pod(HasMetadata object) {
    return switch (object) {
      case StatefulSet set -> Stream.of(set.getSpec().getTemplate().getSpec());
      case Deployment deployment -> Stream.of(deployment.getSpec().getTemplate().getSpec());
      default -> Stream.empty();
    };
  }

  private static void check(PodSpec pod) {
    assertThat(pod.getHostNetwork()).isNull();
    assertThat(pod.getHostPID()).isNull();
    assertThat(pod.getHostIPC()).isNull();
    assertThat(pod.getSecurityContext().getRunAsNonRoot()).isTrue();
    assertThat(pod.getSecurityContext().getRunAsUser()).isPositive();
    assertThat(pod.getSecurityContext().getSeccompProfile().getType()).isEqualTo("RuntimeDefault");
    assertThat(pod.getInitContainers()).isEmpty();
    assertThat(pod.getVolumes()).allMatch(PodSecurityTest::isEmptyDir);
    assertThat(pod.getContainers()).hasSize(1);
    Container container = pod.getContainers().getFirst();
    SecurityContext context = container.getSecurityContext();
    assertThat(context.getPrivileged()).isNull();
    assertThat(context.getAllowPrivilegeEscalation()).isFalse();
    assertThat(context.getReadOnlyRootFilesystem()).isTrue();
    assertThat(context.getCapabilities().getDrop()).containsExactly("ALL");
    assertThat(context.getCapabilities().getAdd()).isEmpty();
    assertThat(container.getPorts()).allMatch(port -> port.getHostPort() == null);
    assertThat(container.getResources().getLimits()).containsKey("memory");
  }

  private static boolean isEmptyDir(Volume volume) {
    return volume.getEmptyDir() != null && volume.getEmptyDir().getSizeLimit() != null;
  }
}
