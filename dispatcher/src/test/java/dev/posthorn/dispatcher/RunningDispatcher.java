package dev.posthorn.dispatcher;

import static org.assertj.core.api.Assertions.assertThat;

import dev.posthorn.core.config.Configuration;
import dev.posthorn.core.config.DispatcherSettings;
import dev.posthorn.core.config.EndpointConfig;
import dev.posthorn.core.config.KeyAuthority;
import dev.posthorn.core.config.KeysConfig;
import dev.posthorn.core.config.Limits;
import dev.posthorn.core.config.ResourceName;
import dev.posthorn.core.config.Retry;
import dev.posthorn.core.config.Target;
import dev.posthorn.core.config.Tls;
import dev.posthorn.core.egress.AllowedCidr;
import dev.posthorn.core.egress.EgressPolicy;
import dev.posthorn.core.event.BodyFormat;
import dev.posthorn.core.keyring.KeyMaterial;
import dev.posthorn.core.keyring.KeyTimes;
import dev.posthorn.core.keyring.KeyVersion;
import dev.posthorn.core.keyring.Keyring;
import dev.posthorn.dispatcher.http.Listen;
import dev.posthorn.dispatcher.http.TokenFile;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A dispatcher over real sockets and a real file, for the tenant acme. */
final class RunningDispatcher implements AutoCloseable {
  static final String SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
  static final ResourceName KEYS = new ResourceName("acme", "orders-key");

  private static final String TOKEN = "test-token";
  private static final Instant PAST = Instant.parse("2026-01-01T00:00:00Z");

  private final Path data;
  private final HttpClient http = HttpClient.newHttpClient();
  private @Nullable Dispatcher running;

  /** Who gets the system events of all tenants. */
  @Nullable ResourceName alerts;

  /** What tenants may use. */
  Limits limits = Limits.DEFAULT;

  /** How far its clock is ahead. */
  volatile Duration ahead = Duration.ZERO;

  RunningDispatcher(Path data) {
    this.data = data;
  }

  void open() {
    Dispatcher.Start start =
        Dispatcher.start(
            options(new Listen("127.0.0.1", 0), data), () -> Instant.now().plus(ahead));
    assertThat(start).isInstanceOf(Dispatcher.Start.Started.class);
    running = ((Dispatcher.Start.Started) start).dispatcher();
  }

  void start(EndpointConfig... endpoints) {
    open();
    apply(endpoints);
  }

  /** With a key that signs all the time. */
  void apply(EndpointConfig... endpoints) {
    apply(keyring(version(1, SECRET, new KeyTimes(PAST, null, null))), endpoints);
  }

  void start(Keyring keyring, EndpointConfig... endpoints) {
    open();
    apply(keyring, endpoints);
  }

  void apply(Keyring keyring, EndpointConfig... endpoints) {
    var byName = new HashMap<ResourceName, EndpointConfig>();
    for (EndpointConfig each : endpoints) {
      byName.put(each.name(), each);
    }
    EgressPolicy loopback =
        EgressPolicy.DEFAULT
            .withAllowHttp(true)
            .withAllowCidrs(List.of(AllowedCidr.parse("127.0.0.0/8")));
    DispatcherSettings defaults = DispatcherSettings.DEFAULT;
    var settings =
        new DispatcherSettings(
            false,
            defaults.tenancy(),
            loopback,
            limits,
            defaults.retention(),
            defaults.log(),
            defaults.staleConfig(),
            alerts);
    var keys = new KeysConfig(KEYS, keyring, KeysConfig.Cutover.AT_OVERLAP_END);
    dispatcher().apply(new Configuration(settings, byName, Map.of(KEYS, keys), Map.of(), Map.of()));
  }

  Dispatcher dispatcher() {
    return Objects.requireNonNull(running);
  }

  static DispatcherOptions options(Listen api, Path data) {
    return new DispatcherOptions(
        data,
        Role.ALL,
        StoreOptions.embedded(),
        api,
        new Listen("127.0.0.1", 0),
        TokenFile.admin(TOKEN).callers(),
        (_, _) -> new KeyAuthority.Answer.Done(),
        "test-consumer",
        "test",
        Duration.ofSeconds(5));
  }

  static EndpointConfig endpoint(String url, String types, @Nullable String filter) {
    return endpoint("orders", url, types, filter);
  }

  static EndpointConfig endpoint(String name, String url, String types, @Nullable String filter) {
    var signature = new EndpointConfig.Signature("standard-webhooks", KEYS);
    return endpoint(name, url, types, filter, List.of(signature));
  }

  /** {@code orders}, for all events. */
  static EndpointConfig signedBy(String url, EndpointConfig.Signature... signatures) {
    return endpoint("orders", url, "*", null, List.of(signatures));
  }

  private static EndpointConfig endpoint(
      String name,
      String url,
      String types,
      @Nullable String filter,
      List<EndpointConfig.Signature> signatures) {
    return new EndpointConfig(
        new ResourceName("acme", name),
        "acme",
        new Target(url, false),
        false,
        new EndpointConfig.Events(List.of(types), filter),
        new EndpointConfig.Body(BodyFormat.ENVELOPE, null),
        signatures,
        List.of(),
        new EndpointConfig.Delivery(15, 10, EndpointConfig.Ordering.NONE, null),
        new Retry(List.of(0L, 0L, 1L), 3_600),
        new EndpointConfig.AutoDisable(432_000L, null),
        Tls.DEFAULT);
  }

  /** The id of version 1 is {@code k_000001}, and so on. */
  static KeyVersion version(int number, String secret, KeyTimes times) {
    return new KeyVersion(
        number,
        "k_00000" + number,
        KeyMaterial.of(secret.getBytes(StandardCharsets.UTF_8)),
        PAST,
        times);
  }

  static Keyring keyring(KeyVersion... versions) {
    return new Keyring("ring", versions.length, PAST, "HmacSha256", List.of(versions), List.of());
  }

  HttpResponse<String> publish(String type, String data) throws IOException, InterruptedException {
    return publish("{\"tenant\":\"acme\",\"type\":\"%s\",\"data\":%s}".formatted(type, data));
  }

  HttpResponse<String> publish(String event) throws IOException, InterruptedException {
    return post("/v1/events", event);
  }

  HttpResponse<String> post(String path, String json) throws IOException, InterruptedException {
    var request = HttpRequest.newBuilder(uri(path)).header("authorization", "Bearer " + TOKEN);
    if (!json.isEmpty()) {
      request.header("content-type", "application/json");
    }
    return http.send(
        request.POST(HttpRequest.BodyPublishers.ofString(json)).build(),
        HttpResponse.BodyHandlers.ofString());
  }

  HttpResponse<String> delete(String path) throws IOException, InterruptedException {
    var request = HttpRequest.newBuilder(uri(path)).header("authorization", "Bearer " + TOKEN);
    return http.send(request.DELETE().build(), HttpResponse.BodyHandlers.ofString());
  }

  String get(String path) throws IOException, InterruptedException {
    var request =
        HttpRequest.newBuilder(uri(path)).header("authorization", "Bearer " + TOKEN).build();
    return http.send(request, HttpResponse.BodyHandlers.ofString()).body();
  }

  private URI uri(String path) {
    return URI.create("http://" + dispatcher().api().orElseThrow() + path);
  }

  /** Of the management port; the status and the text. */
  HttpResponse<String> management(String path) throws IOException, InterruptedException {
    var request = HttpRequest.newBuilder(URI.create("http://" + dispatcher().management() + path));
    return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
  }

  @Override
  public void close() {
    if (running != null) {
      running.stop();
    }
    http.close();
  }
}
