package dev.posthorn.e2e.cluster;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.ContainerStatusBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.PodCondition;
import io.fabric8.kubernetes.api.model.PodConditionBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Writes a Pod's status, as a kubelet does. For one thread; a Pod that has ended stays so. */
final class PodReporter {
  private static final int NOT_FOUND = 404;

  private final KubernetesClient client;
  private final Pod pod;
  private final String podIp;
  private boolean ended;

  PodReporter(KubernetesClient client, Pod pod, String podIp) {
    this.client = client;
    this.pod = pod;
    this.podIp = podIp;
  }

  /** The state of the process. */
  record State(String phase, boolean ready, int restarts, @Nullable Integer exit) {}

  void report(State state) {
    if (ended) {
      return;
    }
    ended = state.phase().equals("Succeeded") || state.phase().equals("Failed");
    try {
      client
          .pods()
          .inNamespace(pod.getMetadata().getNamespace())
          .withName(pod.getMetadata().getName())
          .editStatus(current -> edited(current, state));
    } catch (KubernetesClientException e) {
      if (e.getCode() != NOT_FOUND) {
        System.err.println(
            "The status of Pod " + pod.getMetadata().getName() + ": " + e.getMessage());
      }
    }
  }

  private Pod edited(Pod current, State state) {
    String now = now();
    return new PodBuilder(current)
        .editStatus()
        .withPhase(state.phase())
        .withHostIP("127.0.0.1")
        .withPodIP(podIp)
        .withStartTime(Optional.ofNullable(current.getStatus().getStartTime()).orElse(now))
        .withConditions(
            Stream.of("Initialized", "PodScheduled", "ContainersReady", "Ready")
                .map(type -> condition(type, state.ready(), current, now))
                .toList())
        .withContainerStatuses(container(state, now))
        .endStatus()
        .build();
  }

  private static PodCondition condition(String type, boolean ready, Pod current, String now) {
    String status = ready || !type.endsWith("Ready") ? "True" : "False";
    String since =
        current.getStatus().getConditions().stream()
            .filter(each -> each.getType().equals(type) && each.getStatus().equals(status))
            .map(PodCondition::getLastTransitionTime)
            .findFirst()
            .orElse(now);
    return new PodConditionBuilder()
        .withType(type)
        .withStatus(status)
        .withLastTransitionTime(since)
        .build();
  }

  private ContainerStatus container(State state, String now) {
    Container container = pod.getSpec().getContainers().getFirst();
    var status =
        new ContainerStatusBuilder()
            .withName(container.getName())
            .withImage(container.getImage())
            .withImageID("process")
            .withReady(state.ready())
            .withStarted(state.exit() == null)
            .withRestartCount(state.restarts());
    if (state.exit() == null) {
      return status.withNewState().withNewRunning(now).endState().build();
    }
    return status
        .withNewState()
        .withNewTerminated()
        .withExitCode(state.exit())
        .withFinishedAt(now)
        .withReason(state.exit() == 0 ? "Completed" : "Error")
        .endTerminated()
        .endState()
        .build();
  }

  static String now() {
    return Instant.now().truncatedTo(ChronoUnit.SECONDS).toString();
  }
}
