package dev.posthorn.dispatcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.posthorn.core.config.EndpointConfig;
import dev.posthorn.core.keyring.KeyTimes;
import dev.posthorn.core.keyring.Keyring;
import java.nio.file.Path;
import java.time.Instant;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Erasing a tenant of the whole dispatcher, over real sockets and a real file. */
class ErasureTest {
  private static final String DATA = "/v1/tenants/acme/data";

  private final RunningDispatcher at;

  ErasureTest(@TempDir Path directory) {
    at = new RunningDispatcher(directory);
  }

  @AfterEach
  void stop() {
    at.close();
  }

  private static Keyring keyring() {
    var times = new KeyTimes(Instant.EPOCH, null, null);
    return RunningDispatcher.keyring(RunningDispatcher.version(1, RunningDispatcher.SECRET, times));
  }

  private void accounted() {
    await().untilAsserted(() -> assertThat(at.dispatcher().balance().unaccounted()).isZero());
  }

  @Test
  void whatWaitsIsNotSentAndTheTenantBeginsAnew() throws Exception {
    try (var receiver = Receiver.start(_ -> 204)) {
      EndpointConfig endpoint = RunningDispatcher.endpoint(receiver.url(), "*", null);
      at.start(endpoint.withSuspended(true));
      for (int i = 0; i < 20; i++) {
        assertThat(at.publish("order.created", "1").statusCode()).isEqualTo(202);
      }
      assertThat(at.delete(DATA).statusCode()).isEqualTo(200);
      assertThat(at.get(DATA)).contains("\"Completed\"", "\"deliveries\":20");
      at.apply(keyring(), endpoint);
      String id = "{\"tenant\":\"acme\",\"type\":\"a\",\"id\":\"1\",\"source\":\"s\",\"data\":2}";
      assertThat(at.publish(id).statusCode()).isEqualTo(202);
      await().until(() -> at.dispatcher().balance().delivered() == 1);
      assertThat(receiver.requests()).hasSize(1);
      assertThat(at.dispatcher().balance().erased()).isEqualTo(20);
      accounted();
    }
  }

  @Test
  void anAttemptInFlightLeavesNothingWhenItEnds() throws Exception {
    var answering = new CountDownLatch(1);
    try (var receiver =
        Receiver.start(_ -> {
          try {
            return answering.await(20, TimeUnit.SECONDS) ? 204 : 500;
          } catch (InterruptedException e) {
            return 500;
          }
        })) {
      at.start(RunningDispatcher.endpoint(receiver.url(), "*", null));
      at.publish("order.created", "1");
      await().until(() -> receiver.requests().size() == 1);
      assertThat(at.delete(DATA).statusCode()).isEqualTo(200);
      at.publish("order.created", "2");
      answering.countDown();
      await().until(() -> at.dispatcher().balance().delivered() == 1);
      await().until(() -> at.management("/metrics").body().contains("posthorn_in_flight 0.0"));
      assertThat(at.get("/v1/tenants/acme/attempts").split("\"delivered\"", -1)).hasSize(2);
      assertThat(at.dispatcher().balance().erased()).isEqualTo(1);
      accounted();
    }
  }

  @Test
  void anEndpointWhoseResourceIsGoneGoesAndComesBackAsANewOne() throws Exception {
    try (var receiver = Receiver.start(_ -> 410)) {
      EndpointConfig endpoint = RunningDispatcher.endpoint(receiver.url(), "*", null);
      at.start(endpoint);
      at.publish("order.created", "1");
      await().until(() -> at.get("/v1/tenants/acme/endpoints/orders").contains("\"Disabled\""));
      at.delete(DATA);
      assertThat(at.get("/v1/tenants/acme/endpoints/orders"))
          .as("declared, it stays disabled")
          .contains("\"Disabled\"", "\"waiting\":0");
      at.apply(keyring());
      assertThat(at.delete(DATA).body()).contains("\"endpoints\":1");
    }
    try (var receiver = Receiver.start(_ -> 204)) {
      at.apply(keyring(), RunningDispatcher.endpoint(receiver.url(), "*", null));
      at.publish("order.created", "1");
      await().until(() -> at.dispatcher().balance().delivered() == 1);
    }
  }

  @Test
  void aTenantThatWasNeverHeardOfIsNotFound() throws Exception {
    at.start();
    assertThat(at.delete("/v1/tenants/nobody/data").statusCode()).isEqualTo(404);
  }
}
