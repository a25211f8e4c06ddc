package dev.posthorn.e2e.cluster;

import dev.posthorn.e2e.cluster.PodReporter.State;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerPort;
import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Probe;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The life of one Pod: its process, its probes, its restarts, its end. A thread of its own. */
final class PodRun implements Runnable {
  private static final long PROBE_MILLIS = 200;
  private static final long DEFAULT_GRACE = 30;
  private static final int CANNOT_START = 128;

  private final KubernetesClient client;
  private final Pod pod;
  private final Image image;
  private final Volumes volumes;
  private final Map<String, String> machine;
  private final Path directory;
  private final String podIp;
  private final PodReporter reporter;
  private final CountDownLatch stop = new CountDownLatch(1);
  private volatile @Nullable Process process;

  /**
   * Prepares.
   *
   * @param machine variables that every container finds
   */
  PodRun(
      KubernetesClient client,
      Pod pod,
      Image image,
      Volumes volumes,
      Map<String, String> machine,
      Path directory,
      String podIp) {
    this.client = client;
    this.pod = pod;
    this.image = image;
    this.volumes = volumes;
    this.machine = machine;
    this.directory = directory;
    this.podIp = podIp;
    this.reporter = new PodReporter(client, pod, podIp);
  }

  @Override
  public void run() {
    try {
      int restarts = 0;
      while (true) {
        int exit = lived(restarts);
        if (stop.getCount() == 0) {
          return;
        }
        String policy = pod.getSpec().getRestartPolicy();
        if (exit == 0 && !policy.equals("Always")) {
          reporter.report(new State("Succeeded", false, restarts, exit));
          return;
        }
        if (policy.equals("Never")) {
          reporter.report(new State("Failed", false, restarts, exit));
          return;
        }
        restarts++;
        reporter.report(new State("Running", false, restarts, exit));
        if (stop.await(Math.min(restarts, 5) * PROBE_MILLIS, TimeUnit.MILLISECONDS)) {
          return;
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** What cannot be started counts as ended; it is tried again, as after any end. */
  private int lived(int restarts) throws InterruptedException {
    try {
      return live(restarts);
    } catch (IOException | RuntimeException e) {
      System.err.println("Pod " + pod.getMetadata().getName() + " cannot be started: " + e);
      return CANNOT_START;
    }
  }

  /** One process from its start to its exit code. */
  private int live(int restarts) throws IOException, InterruptedException {
    Container container = pod.getSpec().getContainers().getFirst();
    Process running = launch(container);
    process = running;
    if (stop.getCount() == 0) {
      running.destroyForcibly();
    }
    Boolean told = null;
    while (!running.waitFor(PROBE_MILLIS, TimeUnit.MILLISECONDS)) {
      boolean ready = stop.getCount() > 0 && isReady(container);
      if (told == null || told != ready) {
        reporter.report(new State("Running", ready, restarts, null));
        told = ready;
      }
    }
    return running.exitValue();
  }

  private Process launch(Container container) throws IOException {
    Files.createDirectories(directory);
    var readable = volumes.readable(pod, container, directory);
    readable.putAll(image.mounts());
    var sandbox =
        new Sandbox(pod, container, volumes.writable(pod, container, directory), readable);
    var environment = new PodEnvironment(client, pod, podIp);
    var command = new ArrayList<>(image.command());
    command.addAll(environment.arguments(container));
    var builder =
        new ProcessBuilder(sandbox.around(command))
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(log().toFile()));
    Map<String, String> variables = builder.environment();
    variables.keySet().retainAll(Set.of("PATH", "LANG"));
    variables.putAll(machine);
    variables.put("HOME", "/nonexistent");
    variables.put("HOSTNAME", pod.getMetadata().getName());
    variables.putAll(environment.of(container));
    return builder.start();
  }

  private boolean isReady(Container container) {
    return List.of("startup", "readiness").stream()
        .map(kind ->
            kind.equals("startup") ? container.getStartupProbe() : container.getReadinessProbe())
        .allMatch(probe -> probe == null || passes(probe, container));
  }

  private boolean passes(Probe probe, Container container) {
    if (probe.getHttpGet() == null) {
      throw new IllegalArgumentException("not built: a probe that is not httpGet");
    }
    try {
      URI uri =
          URI.create(
              "http://"
                  + podIp
                  + ":"
                  + port(probe.getHttpGet().getPort(), container)
                  + probe.getHttpGet().getPath());
      var connection = (HttpURLConnection) uri.toURL().openConnection();
      connection.setConnectTimeout(1_000);
      connection.setReadTimeout(1_000);
      try {
        return connection.getResponseCode() < 400;
      } finally {
        connection.disconnect();
      }
    } catch (IOException e) {
      return false;
    }
  }

  private static int port(IntOrString port, Container container) {
    return port.getIntVal() != null
        ? port.getIntVal()
        : container.getPorts().stream()
            .filter(each -> port.getStrVal().equals(each.getName()))
            .map(ContainerPort::getContainerPort)
            .findFirst()
            .orElseThrow();
  }

  /** Asks it to end, waits as long as it may, then removes the Pod. */
  void terminate(Pod deleted) {
    stop.countDown();
    Process running = process;
    Long grace = deleted.getMetadata().getDeletionGracePeriodSeconds();
    if (running != null) {
      running.destroy();
      try {
        if (!running.waitFor(grace == null ? DEFAULT_GRACE : grace, TimeUnit.SECONDS)) {
          running.destroyForcibly();
        }
      } catch (InterruptedException e) {
        running.destroyForcibly();
        Thread.currentThread().interrupt();
      }
    }
    client
        .pods()
        .inNamespace(deleted.getMetadata().getNamespace())
        .withName(deleted.getMetadata().getName())
        .withGracePeriod(0)
        .delete();
  }

  /** Ends the process at once. */
  void kill() {
    stop.countDown();
    crash();
  }

  /** Ends the process at once; the Pod goes on by its restart policy. */
  void crash() {
    Process running = process;
    if (running != null) {
      running.destroyForcibly();
    }
  }

  /** The id of the process; unshare and the shell have become it. */
  long pid() {
    Process running = process;
    if (running == null) {
      throw new IllegalStateException("Pod " + pod.getMetadata().getName() + " has no process");
    }
    return running.pid();
  }

  String podIp() {
    return podIp;
  }

  Path log() {
    return directory.resolve("log");
  }
}
