package dev.posthorn.dispatcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.standardwebhooks.Webhook;
import dev.posthorn.core.config.Configuration;
import dev.posthorn.core.config.EndpointConfig;
import java.net.http.HttpHeaders;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The whole dispatcher over real sockets and a real file. */
class DispatcherTest {
  private final Path data;
  private final RunningDispatcher at;

  DispatcherTest(@TempDir Path directory) {
    data = directory;
    at = new RunningDispatcher(directory);
  }

  @AfterEach
  void stop() {
    at.close();
  }

  @Test
  void theCallsOfAnOperatorAreThereInAClusterOnly() throws Exception {
    at.start();
    assertThat(at.management("/internal/config").statusCode()).isEqualTo(404);
    assertThat(at.management("/internal/endpoints").statusCode()).isEqualTo(404);
  }

  @Test
  void deliversAPublishedEventSigned() throws Exception {
    try (var receiver = Receiver.start(_ -> 204)) {
      at.start(RunningDispatcher.endpoint(receiver.url(), "order.*", null));
      assertThat(at.publish("order.created", "{\"amount\": 12}").statusCode()).isEqualTo(202);
      await().until(() -> receiver.requests().size() == 1);
      Receiver.Request request = receiver.requests().getFirst();
      new Webhook(RunningDispatcher.SECRET).verify(text(request), webhookHeaders(request));
      assertThat(text(request)).contains("\"type\":\"order.created\"", "\"data\":{\"amount\": 12}");
      assertThat(request.header("posthorn-attempt")).isEqualTo("1");
      await().until(() -> at.dispatcher().balance().delivered() == 1);
      assertThat(at.dispatcher().balance().unaccounted()).isZero();
    }
  }

  @Test
  void carriesTheSignaturesOfBothSchemesWhileAReceiverChangesOver() throws Exception {
    try (var receiver = Receiver.start(_ -> 204)) {
      at.start(
          RunningDispatcher.signedBy(
              receiver.url(),
              new EndpointConfig.Signature("standard-webhooks", RunningDispatcher.KEYS),
              new EndpointConfig.Signature("github", RunningDispatcher.KEYS)));
      at.publish("order.created", "{\"amount\": 12}");
      await().until(() -> receiver.requests().size() == 1);
      Receiver.Request request = receiver.requests().getFirst();
      new Webhook(RunningDispatcher.SECRET).verify(text(request), webhookHeaders(request));
      var mac = Mac.getInstance("HmacSHA256");
      mac.init(
          new SecretKeySpec(
              RunningDispatcher.SECRET.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
      assertThat(request.header("x-hub-signature-256"))
          .isEqualTo("sha256=" + HexFormat.of().formatHex(mac.doFinal(request.body())));
      assertThat(request.header("x-github-delivery")).isEqualTo(request.header("webhook-id"));
    }
  }

  @Test
  void sendsOnlyWhatTypesAndFilterLetThrough() throws Exception {
    try (var receiver = Receiver.start(_ -> 204)) {
      at.start(RunningDispatcher.endpoint(receiver.url(), "order.*", "event.data.amount > 10"));
      at.publish("order.created", "{\"amount\": 5}");
      at.publish("invoice.paid", "{\"amount\": 50}");
      at.publish("order.created", "{\"amount\": 50}");
      await().until(() -> receiver.requests().size() == 1);
      assertThat(text(receiver.requests().getFirst())).contains("\"amount\": 50");
      assertThat(at.dispatcher().balance().accepted()).isEqualTo(1);
    }
  }

  @Test
  void retriesWithTheSameIdAndTheSameBytes() throws Exception {
    var calls = new AtomicInteger();
    try (var receiver = Receiver.start(_ -> calls.incrementAndGet() < 3 ? 500 : 204)) {
      at.start(RunningDispatcher.endpoint(receiver.url(), "*", null));
      at.publish("order.created", "{\"amount\": 1}");
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
      EndpointConfig endpoint = RunningDispatcher.endpoint(receiver.url(), "*", null);
      at.start(endpoint.withSuspended(true));
      at.publish("order.created", "{\"amount\": 1}");
      at.dispatcher().stop();
      at.start(endpoint);
      await().until(() -> receiver.requests().size() == 1);
      await().until(() -> at.dispatcher().balance().delivered() == 1);
      assertThat(at.dispatcher().balance().openAtStart()).isEqualTo(1);
      assertThat(at.dispatcher().balance().unaccounted()).isZero();
    }
  }

  @Test
  void whatRetentionEndsIsAccountedFor() throws Exception {
    at.start(RunningDispatcher.endpoint("http://127.0.0.1:9/", "*", null).withSuspended(true));
    at.publish("order.created", "{\"amount\": 1}");
    await().until(() -> at.dispatcher().balance().waiting() == 1);
    at.ahead = Duration.ofDays(31);
    await().until(() -> at.dispatcher().balance().waiting() == 0);
    await().until(() -> at.dispatcher().balance().dead() == 1);
    assertThat(at.dispatcher().balance().unaccounted()).isZero();
  }

  @Test
  void whatWaitsForARemovedEndpointWaitsAWeek() throws Exception {
    try (var receiver = Receiver.start(_ -> 204)) {
      EndpointConfig endpoint = RunningDispatcher.endpoint(receiver.url(), "*", null);
      at.start(endpoint.withSuspended(true));
      at.publish("order.created", "1");
      at.apply();
      at.ahead = Duration.ofDays(6);
      at.apply(endpoint);
      await().until(() -> at.dispatcher().balance().delivered() == 1);

      at.apply(endpoint.withSuspended(true));
      at.publish("order.created", "2");
      at.apply();
      at.ahead = Duration.ofDays(14);
      await().until(() -> at.dispatcher().balance().dead() == 1);
      assertThat(at.dispatcher().balance().unaccounted()).isZero();
      assertThat(receiver.requests()).hasSize(1);
    }
  }

  @Test
  void aPublishWithAKnownIdIsADuplicate() throws Exception {
    try (var receiver = Receiver.start(_ -> 204)) {
      at.start(RunningDispatcher.endpoint(receiver.url(), "*", null));
      String body = "{\"tenant\":\"acme\",\"type\":\"a\",\"id\":\"1\",\"source\":\"s\",\"data\":1}";
      String first = at.publish(body).body();
      String second = at.publish(body).body();
      assertThat(second).contains("\"duplicate\":true");
      assertThat(second.replace("true", "false")).isEqualTo(first);
      await().until(() -> at.dispatcher().balance().delivered() == 1);
      assertThat(receiver.requests()).hasSize(1);
    }
  }

  @Test
  void disabledByGoneItIsEnabledThroughTheApi() throws Exception {
    var gone = new AtomicInteger(410);
    try (var receiver = Receiver.start(_ -> gone.get())) {
      at.start(RunningDispatcher.endpoint(receiver.url(), "*", null));
      at.publish("order.created", "1");
      await().until(() -> at.get("/v1/tenants/acme/endpoints/orders").contains("\"Disabled\""));
      gone.set(204);
      String enabled = at.post("/v1/tenants/acme/endpoints/orders/enable", "").body();
      assertThat(enabled).contains("\"Healthy\"");
      assertThat(at.get("/v1/tenants/acme/audit"))
          .contains("\"endpoints.enable\"", "\"WebhookEndpoint/orders\"");
      await().until(() -> at.dispatcher().balance().delivered() == 1);
    }
  }

  @Test
  void isNotReadyBeforeItsFirstConfiguration() throws Exception {
    at.open();
    assertThat(at.management("/readyz").statusCode()).isEqualTo(503);
    assertThat(at.publish("order.created", "1").statusCode()).isEqualTo(503);
    at.dispatcher().apply(Configuration.EMPTY);
    assertThat(at.management("/readyz").statusCode()).isEqualTo(200);
  }

  @Test
  void aTakenPortIsOneSentence() throws Exception {
    at.open();
    Dispatcher.Start second =
        Dispatcher.start(
            RunningDispatcher.options(at.dispatcher().api().orElseThrow(), data.resolve("second")),
            InstantSource.system());
    assertThat(second).isInstanceOf(Dispatcher.Start.Failed.class);
    assertThat(((Dispatcher.Start.Failed) second).message()).contains("the port is taken");
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
