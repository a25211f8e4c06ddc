package dev.posthorn.e2e.operator;

import static org.awaitility.Awaitility.await;

import dev.posthorn.crds.Condition;
import dev.posthorn.crds.Dispatcher;
import dev.posthorn.crds.SigningSecret;
import dev.posthorn.crds.WebhookEndpoint;
import dev.posthorn.e2e.cluster.ControlPlane;
import dev.posthorn.e2e.cluster.Image;
import dev.posthorn.e2e.cluster.ProcessKubelet;
import dev.posthorn.e2e.fixture.Ended;
import dev.posthorn.e2e.fixture.Http;
import dev.posthorn.e2e.fixture.Program;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.authentication.TokenRequestBuilder;
import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.awaitility.core.ConditionTimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * A cluster in which {@code kubectl apply -k config/default} has been run, and {@code
 * config/dispatcher}. Made once for all tests of a JVM; each test takes namespaces of its own.
 */
final class Installed implements AutoCloseable {
  /** What waits for a process to start waits this long. */
  static final Duration PATIENCE = Duration.ofSeconds(60);

  static final String SYSTEM = "posthorn-system";
  private static final String LEASE = "posthorn-operator";
  static final String IMAGE = "posthorn/posthorn:0.1.0";
  private static @Nullable Installed installed;

  private final ControlPlane plane;
  private final ProcessKubelet kubelet;
  private final Path directory;

  private Installed(ControlPlane plane, ProcessKubelet kubelet, Path directory) {
    this.plane = plane;
    this.kubelet = kubelet;
    this.directory = directory;
  }

  /** The one of this JVM; it ends with it. */
  static synchronized Installed get() throws IOException, InterruptedException {
    if (installed == null) {
      installed = install();
    }
    return installed;
  }

  /** A cluster where nothing is installed yet but the CRDs; whoever asks closes it. */
  static Installed empty() throws IOException, InterruptedException {
    return empty(image(Program.command()));
  }

  /** The same, whose pods run with the compilers that the real image runs with. */
  static Installed emptyAsInProduction() throws IOException, InterruptedException {
    return empty(
        image(
            Program.command().stream()
                .filter(flag -> !flag.startsWith("-XX:TieredStopAtLevel"))
                .toList()));
  }

  private static Installed empty(Image image) throws IOException, InterruptedException {
    Path directory = Files.createTempDirectory("posthorn-cluster");
    ControlPlane plane = ControlPlane.start(directory.resolve("plane"));
    ProcessKubelet kubelet = ProcessKubelet.start(plane);
    Runtime.getRuntime().addShutdownHook(new Thread(kubelet::close));
    kubelet.image(IMAGE, image);
    return new Installed(plane, kubelet, directory);
  }

  /** A new one, which whoever asks closes. */
  static Installed install() throws IOException, InterruptedException {
    Installed cluster = empty();
    cluster.applyKustomization("config/default");
    cluster.eventually(
        "the operator is available",
        () ->
            cluster
                    .client()
                    .apps()
                    .deployments()
                    .inNamespace(SYSTEM)
                    .withName("posthorn-operator")
                    .get()
                    .getStatus()
                    .getAvailableReplicas()
                != null);
    cluster.applyDispatcher("egress: {allowCidrs: [{cidr: 127.0.0.1/32}]}");
    return cluster;
  }

  /** The Dispatcher of config/dispatcher, and more of its spec. */
  void applyDispatcher(String more) {
    apply(
        """
        apiVersion: posthorn.dev/v1alpha1
        kind: Dispatcher
        metadata: {name: default, namespace: posthorn-system}
        spec:
          allowedNamespaces:
            from: Selector
            selector: {matchLabels: {posthorn.dev/tenant: "true"}}
          %s
        """
            .formatted(more));
  }

  /** Opens plain http to this machine, for receivers that need no certificate. */
  void allowHttp() {
    applyDispatcher("egress: {allowHttp: true, allowCidrs: [{cidr: 127.0.0.1/32}]}");
    eventually(
        "the Dispatcher's settings are in effect",
        () ->
            condition(dispatcher().getStatus().conditions(), "Ready")
                .filter(ready ->
                    dispatcher().getMetadata().getGeneration().equals(ready.observedGeneration()))
                .isPresent());
  }

  /** Sets how many operators run, and waits until so many do. */
  void scaleOperator(int replicas) {
    client().apps().deployments().inNamespace(SYSTEM).withName("posthorn-operator").scale(replicas);
    eventually(
        replicas + " operators run",
        () -> {
          List<Pod> pods = operatorPods();
          return pods.size() == replicas && pods.stream().allMatch(Installed::isReady);
        });
  }

  private static boolean isReady(Pod pod) {
    return pod.getStatus().getConditions().stream()
        .anyMatch(each -> each.getType().equals("Ready") && each.getStatus().equals("True"));
  }

  List<Pod> operatorPods() {
    return client()
        .pods()
        .inNamespace(SYSTEM)
        .withLabel("app.kubernetes.io/name", "posthorn-operator")
        .list()
        .getItems();
  }

  /** The packaged program, as its image holds it. */
  private static Image image(List<String> program) {
    List<String> command =
        program.stream()
            .map(part -> part.endsWith("posthorn.jar") ? "/srv/posthorn/posthorn.jar" : part)
            .toList();
    return new Image(command, Map.of("/srv/posthorn", Program.root().resolve("cli/target")));
  }

  ControlPlane plane() {
    return plane;
  }

  ProcessKubelet kubelet() {
    return kubelet;
  }

  KubernetesClient client() {
    return plane.admin();
  }

  /** A namespace that may use the Dispatcher. */
  String tenant(String prefix) {
    return plane.namespace(prefix, Map.of("posthorn.dev/tenant", "true"));
  }

  String applyKustomization(String folder) throws InterruptedException {
    return plane.kubectl("apply", "-k", Program.root().resolve(folder).toString()).succeeded();
  }

  void apply(String yaml) {
    try {
      Path file = Files.writeString(Files.createTempFile(directory, "m", ".yaml"), yaml);
      kubectl("apply", "-f", file.toString()).succeeded();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Runs kubectl as somebody who may do everything. */
  Ended kubectl(String... arguments) {
    try {
      return plane.kubectl(arguments);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** Waits for something; in vain it shows what all Pods have said. */
  void eventually(String what, Callable<Boolean> holds) {
    try {
      await(what)
          .atMost(PATIENCE)
          .pollInterval(Duration.ofMillis(50))
          .ignoreExceptions()
          .until(holds);
    } catch (ConditionTimeoutException e) {
      throw new AssertionError(e.getMessage() + "\n" + kubelet.logs(), e);
    }
  }

  /** An entry of a Secret, decoded. */
  String secret(String namespace, String name, String entry) {
    return text(client().secrets().inNamespace(namespace).withName(name).require(), entry);
  }

  static String text(Secret secret, String entry) {
    String base64 = Objects.requireNonNull(secret.getData().get(entry), entry);
    return new String(Base64.getDecoder().decode(base64), StandardCharsets.UTF_8);
  }

  /** What a config object was made from. */
  static String source(Secret secret) {
    return Objects.requireNonNullElse(
            secret.getMetadata().getAnnotations(), Map.<String, String>of())
        .getOrDefault("posthorn.dev/source", "");
  }

  /** The config objects of a kind that the Dispatcher has. */
  List<Secret> configs(String kind) {
    return client()
        .secrets()
        .inNamespace(SYSTEM)
        .withLabel("posthorn.dev/config", kind)
        .list()
        .getItems();
  }

  WebhookEndpoint endpoint(String namespace, String name) {
    return client()
        .resources(WebhookEndpoint.class)
        .inNamespace(namespace)
        .withName(name)
        .require();
  }

  SigningSecret signingSecret(String namespace, String name) {
    return client().resources(SigningSecret.class).inNamespace(namespace).withName(name).require();
  }

  Dispatcher dispatcher() {
    return client().resources(Dispatcher.class).inNamespace(SYSTEM).withName("default").require();
  }

  Optional<Condition> condition(List<Condition> conditions, String type) {
    return conditions.stream().filter(each -> each.type().equals(type)).findFirst();
  }

  /** Waits until an endpoint is Ready for its present generation. */
  void awaitReady(String namespace, String name) {
    eventually(
        namespace + "/" + name + " is Ready",
        () -> {
          WebhookEndpoint endpoint = endpoint(namespace, name);
          return condition(endpoint.getStatus().conditions(), "Ready")
              .filter(ready -> ready.status().equals("True"))
              .filter(ready ->
                  endpoint.getMetadata().getGeneration().equals(ready.observedGeneration()))
              .isPresent();
        });
  }

  /** Waits for a condition of an endpoint to be so. */
  Condition awaitCondition(
      String namespace, String name, String type, String status, String reason) {
    eventually(
        namespace + "/" + name + " " + type + "=" + status + "/" + reason,
        () ->
            condition(endpoint(namespace, name).getStatus().conditions(), type)
                .filter(each -> each.status().equals(status) && each.reason().equals(reason))
                .isPresent());
    return condition(endpoint(namespace, name).getStatus().conditions(), type).orElseThrow();
  }

  /** Who leads; empty if nobody does. */
  String leader() {
    Lease lease = client().leases().inNamespace(SYSTEM).withName(LEASE).get();
    String holder = lease == null ? null : lease.getSpec().getHolderIdentity();
    return holder == null ? "" : holder;
  }

  /** As if the time of whoever held the lease had run out. */
  void releaseLease() {
    client()
        .leases()
        .inNamespace(SYSTEM)
        .withName(LEASE)
        .edit(lease -> {
          lease.getSpec().setHolderIdentity("");
          return lease;
        });
  }

  /** A Pod beside the operator. */
  Pod pod(String name) {
    return client().pods().inNamespace(SYSTEM).withName(name).require();
  }

  Pod operatorPod() {
    return operatorPods().getFirst();
  }

  Pod dispatcherPod() {
    return client()
        .pods()
        .inNamespace(SYSTEM)
        .withLabel("app.kubernetes.io/name", "posthorn-dispatcher")
        .list()
        .getItems()
        .getFirst();
  }

  /** The API of the Dispatcher, as the ServiceAccount of a namespace sees it. */
  Http api(String namespace, String serviceAccount) {
    return api(dispatcherPod(), namespace, serviceAccount);
  }

  /** The same of another Dispatcher's pod. */
  Http api(Pod pod, String namespace, String serviceAccount) {
    String token =
        client()
            .serviceAccounts()
            .inNamespace(namespace)
            .withName(serviceAccount)
            .tokenRequest(
                new TokenRequestBuilder()
                    .withNewSpec()
                    .withExpirationSeconds(3600L)
                    .endSpec()
                    .build())
            .getStatus()
            .getToken();
    return new Http(URI.create("http://" + kubelet.address(pod) + ":8080"), token);
  }

  /** The management port of any pod, as a monitoring system asks it. */
  Http management(Pod pod) {
    return new Http(URI.create("http://" + kubelet.address(pod) + ":9090"), "");
  }

  /** The management port of the Dispatcher's pod, as the operator asks it. */
  Http management() {
    return new Http(
        URI.create("http://" + kubelet.address(dispatcherPod()) + ":9090"),
        secret(SYSTEM, "default-settings", "operator-token"));
  }

  @Override
  public void close() {
    kubelet.close();
    plane.close();
  }

  /** The name under which the audit log knows the operator. */
  static String operatorUser() {
    return "system:serviceaccount:" + SYSTEM + ":posthorn-operator";
  }
}
