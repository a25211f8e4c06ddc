package dev.posthorn.dispatcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.posthorn.core.config.EndpointConfig;
import dev.posthorn.core.config.Limits;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code maxStoredBytes} of the whole dispatcher, over real sockets and a real file. */
class StoredLimitTest {
  private static final EndpointConfig NOWHERE =
      RunningDispatcher.endpoint("http://127.0.0.1:9/", "*", null).withSuspended(true);

  private final RunningDispatcher at;

  StoredLimitTest(@TempDir Path directory) {
    at = new RunningDispatcher(directory);
    at.limits = limited(1_000);
  }

  @AfterEach
  void stop() {
    at.close();
  }

  private static Limits limited(long bytes) {
    var acme = new Limits.Tenant(1, 50, null, bytes);
    return new Limits(512, 262_144, Limits.Tenant.DEFAULT, Map.of("acme", acme));
  }

  private static String event(String tenant) {
    return "{\"tenant\":\"%s\",\"type\":\"a\",\"data\":\"%s\"}".formatted(tenant, "x".repeat(100));
  }

  private int status(String tenant) throws IOException, InterruptedException {
    return at.publish(event(tenant)).statusCode();
  }

  /** Publishes until that is refused. */
  private HttpResponse<String> fill() throws IOException, InterruptedException {
    HttpResponse<String> answer = at.publish(event("acme"));
    for (int i = 0; answer.statusCode() == 202; i++) {
      assertThat(i).as("events of 100 bytes in 1000").isLessThan(10);
      answer = at.publish(event("acme"));
    }
    return answer;
  }

  @Test
  void aFullTenantIsToldAndMayPublishAgainAfterRetention() throws Exception {
    at.start(NOWHERE);
    HttpResponse<String> refused = fill();
    assertThat(refused.statusCode()).isEqualTo(429);
    assertThat(refused.headers().firstValue("retry-after")).contains("60");
    assertThat(refused.body())
        .contains("problems/tenant-quota", "tenant acme has 1", "allowed are 1000")
        .contains("maxStoredBytes", "retention", "erased", "raise the limit");
    assertThat(status("globex")).isEqualTo(202);
    String metrics = at.management("/metrics").body();
    assertThat(metrics)
        .contains("posthorn_events_rejected_total{reason=\"quota\"} 1.0")
        .doesNotContain("acme");
    at.ahead = Duration.ofDays(31);
    await().until(() -> status("acme") == 202);
  }

  @Test
  void itIsFullAfterARestartAndHasRoomOnceTheLimitIsRaised() throws Exception {
    at.start(NOWHERE);
    fill();
    at.dispatcher().stop();
    at.start(NOWHERE);
    assertThat(status("acme")).isEqualTo(429);
    at.limits = limited(10_000);
    at.apply(NOWHERE);
    assertThat(status("acme")).isEqualTo(202);
  }

  @Test
  void itMayPublishAgainAfterItsErasure() throws Exception {
    at.start(NOWHERE);
    fill();
    assertThat(at.delete("/v1/tenants/acme/data").statusCode()).isIn(200, 202);
    await().until(() -> status("acme") == 202);
  }

  @Test
  void whatAFullTenantIsToldOfItselfIsStored() throws Exception {
    try (var receiver = Receiver.start(_ -> 410)) {
      at.start(NOWHERE);
      fill();
      at.apply(
          RunningDispatcher.endpoint(receiver.url(), "*", null),
          RunningDispatcher.endpoint("alerts", receiver.url(), "posthorn.endpoint.disabled", null));
      await().until(() -> at.get("/v1/tenants/acme/events").contains("posthorn.endpoint.disabled"));
      assertThat(status("acme")).isEqualTo(429);
    }
  }
}
