package dev.posthorn.dispatcher;

import dev.posthorn.core.config.ConfigJson;
import dev.posthorn.core.config.ConfigObject;
import dev.posthorn.core.config.Configuration;
import dev.posthorn.core.config.DispatcherSettings;
import dev.posthorn.core.config.ResourceName;
import dev.posthorn.core.egress.AllowedCidr;
import dev.posthorn.core.egress.EgressPolicy;
import dev.posthorn.core.expression.Expressions;
import dev.posthorn.dispatcher.http.Listen;
import dev.posthorn.dispatcher.snapshot.ConfigWatch;
import dev.posthorn.dispatcher.snapshot.Staleness;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.okhttp.OkHttpClientFactory;
import io.fabric8.kubernetes.client.server.mock.KubernetesCrudDispatcher;
import io.fabric8.kubernetes.client.server.mock.KubernetesMockServer;
import io.fabric8.mockwebserver.Context;
import io.fabric8.mockwebserver.MockWebServer;
import io.fabric8.mockwebserver.http.MockResponse;
import io.fabric8.mockwebserver.http.RecordedRequest;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** An API server of the kind that remembers, an operator's pen, and a dispatcher beside it. */
final class Cluster implements AutoCloseable, InstantSource {
  static final String NAMESPACE = "posthorn-system";
  static final String OPERATOR = "operator-token-7f3a9c";

  private final KubernetesMockServer server;
  private final Wire wire;
  private final KubernetesClient pen;
  private final HttpClient http = HttpClient.newHttpClient();
  private volatile Duration ahead = Duration.ZERO;
  private @Nullable ClusterDispatcher running;

  Cluster() throws IOException {
    server =
        new KubernetesMockServer(
            new Context(), new MockWebServer(), new HashMap<>(), new LettingIn(), false);
    server.init();
    wire = Wire.to(server.getPort());
    pen = client(server.getPort());
  }

  private static KubernetesClient client(int port) {
    return new KubernetesClientBuilder()
        .withHttpClientFactory(new OkHttpClientFactory())
        .withConfig(
            new ConfigBuilder()
                .withMasterUrl("http://127.0.0.1:" + port + "/")
                .withRequestRetryBackoffLimit(0)
                .withWatchReconnectInterval(100)
                .build())
        .build();
  }

  void start(Path data) {
    var options =
        new ClusterOptions(
            "default",
            NAMESPACE,
            data,
            Role.ALL,
            StoreOptions.embedded(),
            new Listen("127.0.0.1", 0),
            new Listen("127.0.0.1", 0),
            "pod-0",
            "test",
            Duration.ofSeconds(5));
    ClusterDispatcher.Start start = ClusterDispatcher.start(options, client(wire.port()), this);
    running = ((ClusterDispatcher.Start.Started) start).dispatcher();
  }

  /** A watch alone, which tells {@code applied} of each configuration. */
  ConfigWatch watch(Consumer<Configuration> applied) {
    var listener =
        new ConfigWatch.Listener() {
          @Override
          public boolean configured(Configuration configuration, @Nullable String token) {
            applied.accept(configuration);
            return true;
          }

          @Override
          public void looked(Staleness staleness) {}
        };
    return new ConfigWatch(
        pen, NAMESPACE, "default", new Expressions(System::nanoTime), listener, this, _ -> {});
  }

  ClusterDispatcher dispatcher() {
    return Objects.requireNonNull(running);
  }

  /** The time of the machine, and what the test added. */
  @Override
  public Instant instant() {
    return InstantSource.system().instant().plus(ahead);
  }

  void advance(Duration time) {
    ahead = ahead.plus(time);
  }

  void cut() {
    wire.cut();
  }

  void mend() {
    wire.mend();
  }

  /** Writes a config object as the operator does; gives the resourceVersion. */
  long write(ConfigObject kind, ResourceName name, Record config) {
    return write(kind, name, ConfigJson.write(config));
  }

  long write(ConfigObject kind, ResourceName name, byte[] json) {
    var data = new HashMap<String, String>();
    data.put(ConfigObject.ENTRY, Base64.getEncoder().encodeToString(json));
    if (kind == ConfigObject.SETTINGS) {
      data.put(
          ConfigObject.TOKEN_ENTRY,
          Base64.getEncoder().encodeToString(OPERATOR.getBytes(StandardCharsets.UTF_8)));
    }
    var secret =
        new SecretBuilder()
            .withNewMetadata()
            .withNamespace(NAMESPACE)
            .withName(kind.secretName(name))
            .withLabels(Map.of(ConfigObject.LABEL, kind.word()))
            .endMetadata()
            .withType(ConfigObject.TYPE)
            .withData(data)
            .build();
    var at = pen.secrets().inNamespace(NAMESPACE).resource(secret);
    var written = at.get() == null ? at.create() : at.update();
    return Long.parseLong(written.getMetadata().getResourceVersion());
  }

  void delete(ConfigObject kind, ResourceName name) {
    pen.secrets().inNamespace(NAMESPACE).withName(kind.secretName(name)).delete();
  }

  /** Settings that let loopback be reached. */
  long settings(DispatcherSettings.StaleConfig stale) {
    DispatcherSettings defaults = DispatcherSettings.DEFAULT;
    EgressPolicy loopback =
        EgressPolicy.DEFAULT
            .withAllowHttp(true)
            .withAllowCidrs(List.of(AllowedCidr.parse("127.0.0.0/8")));
    return write(
        ConfigObject.SETTINGS,
        new ResourceName(NAMESPACE, "default"),
        new DispatcherSettings(
            false,
            defaults.tenancy(),
            loopback,
            defaults.limits(),
            defaults.retention(),
            defaults.log(),
            stale));
  }

  HttpResponse<String> management(String path, @Nullable String token)
      throws IOException, InterruptedException {
    return send(dispatcher().management(), path, token, null);
  }

  String internal(String path) throws IOException, InterruptedException {
    return management(path, OPERATOR).body();
  }

  HttpResponse<String> post(String path, String json) throws IOException, InterruptedException {
    return send(dispatcher().api().orElseThrow(), path, "a-service-account", json);
  }

  private HttpResponse<String> send(
      Listen where, String path, @Nullable String token, @Nullable String json)
      throws IOException, InterruptedException {
    var request = HttpRequest.newBuilder(URI.create("http://" + where + path));
    if (token != null) {
      request.header("authorization", "Bearer " + token);
    }
    if (json != null) {
      request.header("content-type", "application/json");
      request.POST(HttpRequest.BodyPublishers.ofString(json));
    }
    return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
  }

  @Override
  public void close() throws IOException {
    if (running != null) {
      running.stop();
    }
    pen.close();
    wire.close();
    server.destroy();
    http.close();
  }

  /** Any token is this user's, and he may do everything; the rest is kept as it is written. */
  private static final class LettingIn extends KubernetesCrudDispatcher {
    @Override
    public MockResponse handleCreate(RecordedRequest request) {
      String path = String.valueOf(request.getPath());
      if (path.endsWith("/tokenreviews")) {
        return created("{\"status\":{\"authenticated\":true,\"user\":{\"username\":\"shop\"}}}");
      }
      return path.endsWith("/subjectaccessreviews")
          ? created("{\"status\":{\"allowed\":true}}")
          : super.handleCreate(request);
    }

    private static MockResponse created(String json) {
      return new MockResponse()
          .setResponseCode(201)
          .setHeader("content-type", "application/json")
          .setBody(json);
    }
  }
}
