package dev.posthorn.e2e.cluster;

import io.fabric8.kubernetes.api.model.NodeAddress;
import io.fabric8.kubernetes.api.model.NodeBuilder;
import io.fabric8.kubernetes.api.model.NodeConditionBuilder;
import io.fabric8.kubernetes.api.model.NodeStatusBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The only node: runs Pods as local processes under their own ServiceAccount, with their volumes,
 * environment and probes. All share the machine's network, each under a loopback address of its
 * own, so that Services have no endpoints: ask {@link #address}.
 */
public final class ProcessKubelet implements AutoCloseable {
  private static final String NODE = "process-0";
  private static final int BEAT_SECONDS = 5;

  /** Of all kubelets of this JVM, beside those of others on the machine. */
  private static final AtomicInteger ADDRESSES = new AtomicInteger();

  private static final long NETWORK = 1 + ProcessHandle.current().pid() % 250;

  private final KubernetesClient client;
  private final Path directory;
  private final Map<String, String> machine;
  private final Volumes volumes;
  private final Map<String, Image> images = new ConcurrentHashMap<>();
  private final Map<String, PodRun> runs = new ConcurrentHashMap<>();
  private final Set<String> terminating = ConcurrentHashMap.newKeySet();
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final ScheduledExecutorService beat = Executors.newSingleThreadScheduledExecutor();
  private final SharedIndexInformer<Pod> pods;
  private final VolumeProvisioner provisioner;

  private ProcessKubelet(ControlPlane plane) {
    this.client = plane.admin();
    this.directory = plane.directory().resolve("pods");
    this.machine =
        Map.of(
            "KUBERNETES_SERVICE_HOST",
            "127.0.0.1",
            "KUBERNETES_SERVICE_PORT",
            String.valueOf(plane.port()));
    Path claims = plane.directory().resolve("volumes");
    this.volumes = new Volumes(client, plane.caFile(), claims);
    this.provisioner = new VolumeProvisioner(client, claims);
    this.pods =
        client
            .pods()
            .inAnyNamespace()
            .withField("spec.nodeName", NODE)
            .runnableInformer(0)
            .addEventHandler(new Handler());
  }

  /** Adds the node to a control plane and runs what is scheduled there. */
  public static ProcessKubelet start(ControlPlane plane) {
    var kubelet = new ProcessKubelet(plane);
    kubelet.register();
    kubelet.heartbeat();
    var _ =
        kubelet.beat.scheduleAtFixedRate(
            kubelet::heartbeat, BEAT_SECONDS, BEAT_SECONDS, TimeUnit.SECONDS);
    kubelet.provisioner.start();
    kubelet.pods.run();
    return kubelet;
  }

  /** What stands for an image from now on. */
  public void image(String name, Image image) {
    images.put(name, image);
  }

  private void register() {
    client
        .nodes()
        .resource(
            new NodeBuilder()
                .withNewMetadata()
                .withName(NODE)
                .addToLabels("kubernetes.io/hostname", NODE)
                .addToLabels("kubernetes.io/os", "linux")
                .endMetadata()
                .build())
        .create();
  }

  private void heartbeat() {
    Map<String, Quantity> room =
        Map.of(
            "cpu", new Quantity("32"),
            "memory", new Quantity("256Gi"),
            "ephemeral-storage", new Quantity("256Gi"),
            "pods", new Quantity("110"));
    try {
      client
          .nodes()
          .withName(NODE)
          .editStatus(node ->
              new NodeBuilder(node)
                  .withStatus(
                      new NodeStatusBuilder(node.getStatus())
                          .withCapacity(room)
                          .withAllocatable(room)
                          .withAddresses(new NodeAddress("127.0.0.1", "InternalIP"))
                          .withConditions(
                              new NodeConditionBuilder()
                                  .withType("Ready")
                                  .withStatus("True")
                                  .withReason("ProcessKubelet")
                                  .withMessage("")
                                  .withLastHeartbeatTime(PodReporter.now())
                                  .withLastTransitionTime(node.getMetadata().getCreationTimestamp())
                                  .build())
                          .build())
                  .build());
    } catch (KubernetesClientException e) {
      // the API server is away; the next beat tries again
    }
  }

  private void look(Pod pod) {
    String uid = pod.getMetadata().getUid();
    if (pod.getMetadata().getDeletionTimestamp() != null) {
      if (terminating.add(uid)) {
        threads.execute(() -> terminate(pod));
      }
      return;
    }
    if (pod.getStatus().getPhase().equals("Pending")) {
      runs.computeIfAbsent(uid, id -> begin(pod));
    }
  }

  private void terminate(Pod pod) {
    PodRun run = runs.get(pod.getMetadata().getUid());
    if (run == null) {
      client.resource(pod).withGracePeriod(0).delete();
    } else {
      run.terminate(pod);
    }
  }

  private PodRun begin(Pod pod) {
    String name = pod.getSpec().getContainers().getFirst().getImage();
    Image image = images.get(name);
    if (image == null) {
      throw new IllegalStateException(
          "Pod "
              + pod.getMetadata().getName()
              + " wants the image "
              + name
              + ", known: "
              + images.keySet());
    }
    int number = ADDRESSES.incrementAndGet();
    var run =
        new PodRun(
            client,
            pod,
            image,
            volumes,
            machine,
            directory.resolve(pod.getMetadata().getName() + "-" + number),
            "127." + NETWORK + "." + number / 250 + "." + (number % 250 + 1));
    threads.execute(run);
    return run;
  }

  private PodRun run(Pod pod) {
    PodRun run = runs.get(pod.getMetadata().getUid());
    if (run == null) {
      throw new IllegalStateException(pod.getMetadata().getName() + " does not run here");
    }
    return run;
  }

  /** The address of a Pod. */
  public String address(Pod pod) {
    return run(pod).podIp();
  }

  /** What a Pod's process has said. */
  public String log(Pod pod) {
    try {
      return Files.readString(run(pod).log());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The process of a Pod. */
  public long pid(Pod pod) {
    return run(pod).pid();
  }

  /** Ends a Pod's process at once; by its restart policy it is started again. */
  public void crash(Pod pod) {
    run(pod).crash();
  }

  /** The logs of all Pods, for the message of a test that waits in vain. */
  public String logs() {
    var text = new StringBuilder();
    for (PodRun run : runs.values()) {
      try {
        String log = Files.exists(run.log()) ? Files.readString(run.log()) : "(none)";
        text.append(run.log()).append(":\n");
        text.append(log.substring(Math.max(0, log.length() - 4_000))).append('\n');
      } catch (IOException e) {
        text.append(e).append('\n');
      }
    }
    return text.toString();
  }

  @Override
  public void close() {
    beat.shutdownNow();
    provisioner.close();
    pods.close();
    runs.values().forEach(PodRun::kill);
    threads.shutdownNow();
  }

  private final class Handler implements ResourceEventHandler<Pod> {
    @Override
    public void onAdd(Pod pod) {
      look(pod);
    }

    @Override
    public void onUpdate(Pod before, Pod after) {
      look(after);
    }

    @Override
    public void onDelete(Pod pod, boolean lastStateUnknown) {
      PodRun run = runs.get(pod.getMetadata().getUid());
      if (run != null) {
        run.kill();
      }
    }
  }
}
