package dev.posthorn.e2e.cluster;

import static org.awaitility.Awaitility.await;

import dev.posthorn.crds.Dispatcher;
import dev.posthorn.crds.EventStream;
import dev.posthorn.crds.SignatureScheme;
import dev.posthorn.crds.SigningSecret;
import dev.posthorn.crds.WebhookEndpoint;
import dev.posthorn.crds.WebhookSource;
import dev.posthorn.e2e.fixture.Ended;
import dev.posthorn.e2e.fixture.Program;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.okhttp.OkHttpClientFactory;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * etcd, kube-apiserver with RBAC and admission, kube-controller-manager and kube-scheduler, as
 * plain processes on loopback. There is no PKI to make: the API server makes its own certificate,
 * people and components have static tokens. Our CRDs are there from the beginning.
 *
 * <p>What it cannot do: run a container. {@link ProcessKubelet} runs Pods as local processes.
 */
public final class ControlPlane implements AutoCloseable {
  private static final String ADMIN = "admin";
  private static final String CONTROLLERS = "system:kube-controller-manager";
  private static final String SCHEDULER = "system:kube-scheduler";
  private static final String ISSUER = "https://kubernetes.default.svc";
  private static final Duration READY = Duration.ofSeconds(60);

  private static final String AUDIT_POLICY =
      """
      apiVersion: audit.k8s.io/v1
      kind: Policy
      omitStages: [RequestReceived]
      rules:
      - {level: None, users: ["system:apiserver"]}
      - {level: Metadata}
      """;

  private final Path directory;
  private final Path binaries;
  private final int port = freePort();
  private final Map<String, String> tokens = new LinkedHashMap<>();
  private final List<Component> components = new ArrayList<>();
  private final AtomicInteger namespaces = new AtomicInteger();
  private Component apiServer;
  private KubernetesClient admin;

  private ControlPlane(Path directory, Path binaries) throws IOException {
    this.directory = directory;
    this.binaries = binaries;
    Runtime.getRuntime().addShutdownHook(new Thread(this::close));
    writeFiles();
    int etcd = freePort();
    add("etcd", etcd(etcd, freePort()));
    apiServer = add("kube-apiserver", apiServer(etcd));
    await("the API server has made its certificate")
        .atMost(READY)
        .pollInterval(Duration.ofMillis(20))
        .until(() -> Files.exists(caFile()) && Files.size(caFile()) > 0);
    admin = client(ADMIN);
  }

  /** Starts one with its files in {@code directory}, and waits until it works. */
  public static ControlPlane start(Path directory) throws IOException, InterruptedException {
    Files.createDirectories(directory);
    var plane = new ControlPlane(directory, Binaries.directory(directory));
    try {
      plane.awaitReady();
      plane.installCrds();
      plane.startControllers();
      return plane;
    } catch (IOException | InterruptedException | RuntimeException | AssertionError e) {
      plane.close();
      throw e;
    }
  }

  private void writeFiles() throws IOException {
    Files.writeString(directory.resolve("audit.yaml"), AUDIT_POLICY);
    Files.writeString(directory.resolve("sa.key"), signingKey());
    var lines = new StringBuilder();
    Map.of(ADMIN, "system:masters", CONTROLLERS, "", SCHEDULER, "")
        .forEach((user, group) -> {
          String token = UUID.randomUUID().toString();
          tokens.put(user, token);
          lines.append(token).append(',').append(user).append(',').append(user);
          lines.append(group.isEmpty() ? "" : ",\"" + group + "\"").append('\n');
        });
    Path file = directory.resolve("tokens.csv");
    Files.writeString(file, lines);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
  }

  private static String signingKey() {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
      generator.initialize(2048);
      byte[] key = generator.generateKeyPair().getPrivate().getEncoded();
      return "-----BEGIN PRIVATE KEY-----\n"
          + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(key)
          + "\n-----END PRIVATE KEY-----\n";
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has RSA", e);
    }
  }

  private Component add(String name, List<String> arguments) throws IOException {
    var component = new Component(binaries, name, directory, arguments);
    components.add(component);
    component.start();
    return component;
  }

  private static List<String> etcd(int port, int peerPort) {
    String url = "http://127.0.0.1:" + port;
    String peer = "http://127.0.0.1:" + peerPort;
    return List.of(
        "--name=t",
        "--data-dir=etcd",
        "--listen-client-urls=" + url,
        "--advertise-client-urls=" + url,
        "--listen-peer-urls=" + peer,
        "--initial-advertise-peer-urls=" + peer,
        "--initial-cluster=t=" + peer,
        "--unsafe-no-fsync",
        "--log-level=error");
  }

  private List<String> apiServer(int etcd) {
    return List.of(
        "--etcd-servers=http://127.0.0.1:" + etcd,
        "--bind-address=127.0.0.1",
        "--advertise-address=127.0.0.1",
        "--secure-port=" + port,
        "--cert-dir=certs",
        "--token-auth-file=tokens.csv",
        "--service-account-issuer=" + ISSUER,
        "--service-account-key-file=sa.key",
        "--service-account-signing-key-file=sa.key",
        "--authorization-mode=RBAC",
        "--enable-admission-plugins=OwnerReferencesPermissionEnforcement",
        "--endpoint-reconciler-type=none",
        "--service-cluster-ip-range=10.96.0.0/16",
        "--audit-policy-file=audit.yaml",
        "--audit-log-path=audit.jsonl",
        "--audit-log-maxsize=4000"); // MB: never begun anew
  }

  private void awaitReady() {
    await("the API server is ready")
        .atMost(READY)
        .pollInterval(Duration.ofMillis(50))
        .conditionEvaluationListener(condition -> {
          if (!apiServer.isAlive()) {
            throw new IllegalStateException("it has ended: " + apiServer.tail());
          }
        })
        .until(this::isReady);
  }

  /** Whether the API server answers. */
  public boolean isReady() {
    try {
      return "ok".equals(admin.raw("/readyz"));
    } catch (KubernetesClientException e) {
      return false;
    }
  }

  /**
   * Before the controllers start: the garbage collector learns of a kind that comes later only
   * after half a minute. Established is not yet served, so that the lists have to work.
   */
  private void installCrds() throws InterruptedException {
    kubectl("apply", "-k", Program.root().resolve("config/crd").toString()).succeeded();
    for (Class<? extends HasMetadata> kind :
        List.of(
            Dispatcher.class,
            EventStream.class,
            SignatureScheme.class,
            SigningSecret.class,
            WebhookEndpoint.class,
            WebhookSource.class)) {
      await(kind.getSimpleName() + " is served")
          .atMost(READY)
          .pollInterval(Duration.ofMillis(50))
          .ignoreExceptions()
          .until(() -> admin.resources(kind).inAnyNamespace().list() != null);
    }
  }

  private void startControllers() throws IOException {
    add("kube-controller-manager", controllers());
    add("kube-scheduler", common(SCHEDULER, "scheduler-certs"));
    await("the controllers work")
        .atMost(READY)
        .pollInterval(Duration.ofMillis(50))
        .until(
            () -> admin.serviceAccounts().inNamespace("default").withName("default").get() != null);
  }

  private List<String> controllers() throws IOException {
    var arguments = new ArrayList<>(common(CONTROLLERS, "controller-certs"));
    arguments.addAll(
        List.of(
            "--use-service-account-credentials=true",
            "--service-account-private-key-file=sa.key",
            "--root-ca-file=certs/apiserver.crt",
            "--kube-api-qps=200",
            "--kube-api-burst=400"));
    return arguments;
  }

  private List<String> common(String user, String certificates) throws IOException {
    Path kubeconfig = kubeconfig(user);
    return List.of(
        "--kubeconfig=" + kubeconfig,
        "--authentication-kubeconfig=" + kubeconfig,
        "--authorization-kubeconfig=" + kubeconfig,
        "--bind-address=127.0.0.1",
        "--secure-port=" + freePort(),
        "--cert-dir=" + certificates,
        "--leader-elect=false");
  }

  /** The files of all components. */
  Path directory() {
    return directory;
  }

  /** The directory of the programs. */
  Path binaries() {
    return binaries;
  }

  /** Where the API server listens on loopback. */
  public int port() {
    return port;
  }

  /** The certificate by which clients know it. */
  public Path caFile() {
    return directory.resolve("certs/apiserver.crt");
  }

  /** A client that may do everything; it is closed with the control plane. */
  public KubernetesClient admin() {
    return admin;
  }

  private KubernetesClient client(String user) {
    return client(config(Objects.requireNonNull(tokens.get(user))));
  }

  /** A client under somebody's token; whoever asks closes it. */
  public KubernetesClient client(Config config) {
    return new KubernetesClientBuilder()
        .withConfig(config)
        .withHttpClientFactory(new OkHttpClientFactory())
        .build();
  }

  /** How to connect under a token. */
  public Config config(String token) {
    return new ConfigBuilder(Config.empty())
        .withMasterUrl("https://127.0.0.1:" + port)
        .withCaCertFile(caFile().toString())
        .withOauthToken(token)
        .withNamespace("default")
        .withRequestRetryBackoffLimit(0)
        .build();
  }

  private Path kubeconfig(String user) throws IOException {
    return Files.writeString(
        directory.resolve(user.replace(':', '-') + ".kubeconfig"),
        """
        {"apiVersion": "v1", "kind": "Config", "current-context": "c",
         "contexts": [{"name": "c", "context": {"cluster": "t", "user": "u"}}],
         "users": [{"name": "u", "user": {"token": "%s"}}],
         "clusters": [{"name": "t", "cluster":
            {"server": "https://127.0.0.1:%d", "certificate-authority": "%s"}}]}
        """
            .formatted(tokens.get(user), port, caFile()));
  }

  /** Runs kubectl as somebody who may do everything. */
  public Ended kubectl(String... arguments) throws InterruptedException {
    try {
      var command =
          new ArrayList<>(
              List.of(
                  binaries.resolve("kubectl").toString(),
                  "--kubeconfig=" + kubeconfig(ADMIN),
                  "--cache-dir=" + directory.resolve("kubectl-cache")));
      command.addAll(List.of(arguments));
      return Ended.of(directory, command);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Makes {@code kubectl} of a shell speak to this cluster, as somebody who may do everything. */
  public void enter(Map<String, String> environment) throws IOException {
    environment.put("KUBECONFIG", kubeconfig(ADMIN).toString());
    environment.put("KUBECACHEDIR", directory.resolve("kubectl-cache").toString());
    environment.put("PATH", binaries + ":" + System.getenv("PATH"));
  }

  /** A namespace that nobody else has. */
  public String namespace(String prefix, Map<String, String> labels) {
    String name = prefix + "-" + namespaces.incrementAndGet();
    admin
        .namespaces()
        .resource(
            new NamespaceBuilder()
                .withNewMetadata()
                .withName(name)
                .withLabels(labels)
                .endMetadata()
                .build())
        .create();
    return name;
  }

  /** What was asked of the API server so far. */
  public Audit audit() {
    return new Audit(directory.resolve("audit.jsonl"));
  }

  /** Ends the API server as a crash would; {@link #startApiServer} brings it back. */
  public void stopApiServer() {
    apiServer.kill();
  }

  /** Starts it again on its port, with all it had. */
  public void startApiServer() throws IOException {
    apiServer.start();
    awaitReady();
  }

  static int freePort() throws IOException {
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  @Override
  public void close() {
    if (admin != null) {
      admin.close();
    }
    components.reversed().forEach(Component::close);
  }
}
