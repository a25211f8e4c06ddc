package dev.posthorn.dispatcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.standardwebhooks.Webhook;
import dev.posthorn.core.config.Configuration;
import dev.posthorn.core.config.DispatcherSettings;
import dev.posthorn.core.config.EndpointConfig;
import dev.posthorn.core.config.KeysConfig;
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
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The whole dispatcher over real sockets and a real file. */
class DispatcherTest {
  private static final String TOKEN = "test-token";
  private static final String SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
  private static final ResourceName KEYS = new ResourceName("acme", "orders-key");

  @TempDir private Path data;
  private final HttpClient http = HttpClient.newHttpClient();
  private @Nullable Dispatcher running;

  @AfterEach
  void stop() {
    if (running != null) {
      running.stop();
    }
  }

  @Test
  void deliversAPublishedEventSigned() throws Exception {
    try (var receiver = Receiver.start(_ -> 204)) {
      start(endpoint(receiver.url(), "order.*", null));
      assertThat(publish("order.created", "{\"amount\": 12}").statusCode()).isEqualTo(202);
      await().until(() -> receiver.requests().size() == 1);
      Receiver.Request request = receiver.requests().getFirst();
      new Webhook(SECRET).verify(text(request), webhookHeaders(request));
      assertThat(text(request)).contains("\"type\":\"order.created\"", "\"data\":{\"amount\": 12}");
      assertThat(request.header("posthorn-attempt")).isEqualTo("1");
      await().until(() -> dispatcher().balance().delivered() == 1);
      assertThat(dispatcher().balance().unaccounted()).isZero();
    }
  }

  @Test
  void carriesTheSignaturesOfBothSchemesWhileAReceiverChangesOver() throws Exception {
    try (var receiver = Receiver.start(_ -> 204)) {
      start(
          endpoint(
              receiver.url(),
              "*",
              null,
              new EndpointConfig.Signature("standard-webhooks", KEYS),
              new EndpointConfig.Signature("github", KEYS)));
      publish("order.created", "{\"amount\": 12}");
      await().until(() -> receiver.requests().size() == 1);
      Receiver.Request request = receiver.requests().getFirst();
      new Webhook(SECRET).verify(text(request), webhookHeaders(request));
      var mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(SECRET.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
      assertThat(request.header("x-hub-signature-256"))
          .isEqualTo("sha256=" + HexFormat.of().formatHex(mac.doFinal(request.body())));
      assertThat(request.header("x-github-delivery")).isEqualTo(request.header("webhook-id"));
    }
  }

  @Test
  void sendsOnlyWhatTypesAndFilterLetThrough() throws Exception {
    try (var receiver = Receiver.start(_ -> 204)) {
      start(endpoint(receiver.url(), "order.*", "event.data.amount > 10"));
      publish("order.created", "{\"amount\": 5}");
      publish("invoice.paid", "{\"amount\": 50}");
      publish("order.created", "{\"amount\": 50}");
      await().until(() -> receiver.requests().size() == 1);
      assertThat(text(receiver.requests().getFirst())).contains("\"amount\": 50");
      assertThat(dispatcher().balance().accepted()).isEqualTo(1);
    }
  }

  @Test
  void retriesWithTheSameIdAndTheSameBytes() throws Exception {
    var calls = new AtomicInteger();
    try (var receiver = Receiver.start(_ -> calls.incrementAndGet() < 3 ? 500 : 204)) {
      start(endpoint(receiver.url(), "*", null));
      publish("order.created", "{\"amount\": 1}");
      await().until(() -> receiver.requests().size() == 3);
      assertThat(receiver.requests())
          .extracting(DispatcherTest::text)
          .containsOnly(text(receiver.requests().getFirst()));
      assertThat(receiver.requests())
          .extracting(request -> request.header("webhook-id"))
          .containsOnly(receiver.requests().getFirst().header("webhook-id"));
      assertThat(receiver.requests())
          .extracting(request -> request.header("posthorn-attempt"))
          .containsExactly("1", "2", "3");
    }
  }

  @Test
  void goesOnAfterARestartWithWhatWasLeft() throws Exception {
    try (var receiver = Receiver.start(_ -> 204)) {
      EndpointConfig endpoint = endpoint(receiver.url(), "*", null);
      start(endpoint.withSuspended(true));
      publish("order.created", "{\"amount\": 1}");
      dispatcher().stop();
      start(endpoint);
      await().until(() -> receiver.requests().size() == 1);
      await().until(() -> dispatcher().balance().delivered() == 1);
      assertThat(dispatcher().balance().openAtStart()).isEqualTo(1);
      assertThat(dispatcher().balance().unaccounted()).isZero();
    }
  }

  @Test
  void aPublishWithAKnownIdIsADuplicate() throws Exception {
    try (var receiver = Receiver.start(_ -> 204)) {
      start(endpoint(receiver.url(), "*", null));
      String body = "{\"tenant\":\"acme\",\"type\":\"a\",\"id\":\"1\",\"source\":\"s\",\"data\":1}";
      String first = post(body).body();
      String second = post(body).body();
      assertThat(second).contains("\"duplicate\":true");
      assertThat(second.replace("true", "false")).isEqualTo(first);
      await().until(() -> dispatcher().balance().delivered() == 1);
      assertThat(receiver.requests()).hasSize(1);
    }
  }

  @Test
  void disabledByGoneItIsEnabledThroughTheApi() throws Exception {
    var gone = new AtomicInteger(410);
    try (var receiver = Receiver.start(_ -> gone.get())) {
      start(endpoint(receiver.url(), "*", null));
      publish("order.created", "1");
      await().until(() -> get("/v1/tenants/acme/endpoints/orders").contains("\"Disabled\""));
      gone.set(204);
      var enable =
          HttpRequest.newBuilder(uri("/v1/tenants/acme/endpoints/orders/enable"))
              .header("authorization", "Bearer " + TOKEN)
              .POST(HttpRequest.BodyPublishers.noBody())
              .build();
      String enabled = http.send(enable, HttpResponse.BodyHandlers.ofString()).body();
      assertThat(enabled).contains("\"Healthy\"");
      await().until(() -> dispatcher().balance().delivered() == 1);
    }
  }

  @Test
  void isNotReadyBeforeItsFirstConfiguration() throws Exception {
    open();
    var ready =
        HttpRequest.newBuilder(URI.create("http://" + dispatcher().management() + "/readyz"));
    assertThat(http.send(ready.build(), HttpResponse.BodyHandlers.ofString()).statusCode())
        .isEqualTo(503);
    assertThat(publish("order.created", "1").statusCode()).isEqualTo(503);
    dispatcher().apply(Configuration.EMPTY);
    assertThat(http.send(ready.build(), HttpResponse.BodyHandlers.ofString()).statusCode())
        .isEqualTo(200);
  }

  @Test
  void aTakenPortIsOneSentence() throws Exception {
    open();
    Dispatcher.Start second =
        Dispatcher.start(
            options(dispatcher().api(), data.resolve("second")), InstantSource.system());
    assertThat(second).isInstanceOf(Dispatcher.Start.Failed.class);
    assertThat(((Dispatcher.Start.Failed) second).message()).contains("the port is taken");
  }

  private void start(EndpointConfig... endpoints) {
    open();
    var byName = new HashMap<ResourceName, EndpointConfig>();
    Arrays.stream(endpoints).forEach(each -> byName.put(each.name(), each));
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
            defaults.limits(),
            defaults.retention(),
            defaults.log());
    dispatcher()
        .apply(new Configuration(settings, byName, Map.of(KEYS, keys()), Map.of(), Map.of()));
  }

  private Dispatcher dispatcher() {
    return Objects.requireNonNull(running);
  }

  private void open() {
    Dispatcher.Start start =
        Dispatcher.start(options(new Listen("127.0.0.1", 0), data), InstantSource.system());
    assertThat(start).isInstanceOf(Dispatcher.Start.Started.class);
    running = ((Dispatcher.Start.Started) start).dispatcher();
  }

  private static DispatcherOptions options(Listen api, Path data) {
    return new DispatcherOptions(
        data,
        api,
        new Listen("127.0.0.1", 0),
        TokenFile.admin(TOKEN).callers(),
        "test-consumer",
        "test",
        Duration.ofSeconds(5));
  }

  private static EndpointConfig endpoint(String url, String types, @Nullable String filter) {
    return endpoint(url, types, filter, new EndpointConfig.Signature("standard-webhooks", KEYS));
  }

  private static EndpointConfig endpoint(
      String url, String types, @Nullable String filter, EndpointConfig.Signature... signatures) {
    return new EndpointConfig(
        new ResourceName("acme", "orders"),
        "acme",
        new Target(url, false),
        false,
        new EndpointConfig.Events(List.of(types), filter),
        new EndpointConfig.Body(BodyFormat.ENVELOPE, null),
        List.of(signatures),
        List.of(),
        new EndpointConfig.Delivery(15, 10, EndpointConfig.Ordering.NONE, null),
        new Retry(List.of(0L, 0L, 1L), 3_600),
        new EndpointConfig.AutoDisable(432_000L, null),
        Tls.DEFAULT);
  }

  private static KeysConfig keys() {
    Instant past = Instant.parse("2026-01-01T00:00:00Z");
    var version =
        new KeyVersion(
            1,
            "k_000001",
            KeyMaterial.of(SECRET.getBytes(StandardCharsets.UTF_8)),
            past,
            new KeyTimes(past, null, null));
    return new KeysConfig(
        KEYS,
        new Keyring("ring", 1, past, "HmacSha256", List.of(version), List.of()),
        KeysConfig.Cutover.AT_OVERLAP_END);
  }

  private HttpResponse<String> publish(String type, String data)
      throws IOException, InterruptedException {
    return post("{\"tenant\":\"acme\",\"type\":\"%s\",\"data\":%s}".formatted(type, data));
  }

  private HttpResponse<String> post(String body) throws IOException, InterruptedException {
    var request =
        HttpRequest.newBuilder(uri("/v1/events"))
            .header("authorization", "Bearer " + TOKEN)
            .header("content-type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(body))
            .build();
    return http.send(request, HttpResponse.BodyHandlers.ofString());
  }

  private String get(String path) throws IOException, InterruptedException {
    var request =
        HttpRequest.newBuilder(uri(path)).header("authorization", "Bearer " + TOKEN).build();
    return http.send(request, HttpResponse.BodyHandlers.ofString()).body();
  }

  private URI uri(String path) {
    return URI.create("http://" + dispatcher().api() + path);
  }

  private static String text(Receiver.Request request) {
    return new String(request.body(), StandardCharsets.UTF_8);
  }

  private static HttpHeaders webhookHeaders(Receiver.Request request) {
    var headers = new HashMap<String, List<String>>();
    for (String name : List.of("webhook-id", "webhook-timestamp", "webhook-signature")) {
      headers.put(name, List.of(request.header(name)));
    }
    return HttpHeaders.of(headers, (_, _) -> true);
  }
}
