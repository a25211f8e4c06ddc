package dev.posthorn.dispatcher.accept;

import static org.assertj.core.api.Assertions.assertThat;

import dev.posthorn.core.config.Limits;
import dev.posthorn.core.event.EventData;
import dev.posthorn.core.event.PublishedEvent;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class StoredLimitsTest {
  private static final Limits LIMITS =
      new Limits(
          512,
          1_000,
          Limits.Tenant.DEFAULT,
          Map.of(
              "acme",
              new Limits.Tenant(1, 50, null, 1_000L),
              "none",
              new Limits.Tenant(1, 50, null, 0L)));

  private static Optional<Acceptance.Full> full(Map<String, Long> stored, String... tenants) {
    List<PublishedEvent> events = Arrays.stream(tenants).map(StoredLimitsTest::event).toList();
    return new StoredLimits(tenant -> stored.getOrDefault(tenant, 0L)).full(events, LIMITS);
  }

  private static PublishedEvent event(String tenant) {
    var data = EventData.of(new byte[600], "application/json");
    return new PublishedEvent(
        tenant, "order.paid", "/shop", null, null, Instant.EPOCH, data, null, null, Map.of());
  }

  @Test
  void whoHasRoomMayPublishAlsoBeyondIt() {
    assertThat(full(Map.of("acme", 0L), "acme")).isEmpty();
    assertThat(full(Map.of("acme", 999L), "acme", "acme")).isEmpty();
    assertThat(full(Map.of("acme", 1_000L), "acme")).isPresent();
    assertThat(full(Map.of("acme", 5_000L), "acme")).isPresent();
  }

  @Test
  void aLimitOfNothingLetsNothingIn() {
    assertThat(full(Map.of(), "none")).isPresent();
  }

  @Test
  void whoHasNoLimitIsNeverFull() {
    assertThat(full(Map.of("globex", Long.MAX_VALUE), "globex")).isEmpty();
  }

  @Test
  void oneFullTenantStopsTheBatchAndIsNamed() {
    var full = full(Map.of("globex", 1L, "acme", 1_234L), "globex", "acme").orElseThrow();
    assertThat(full.tenant()).isEqualTo("acme");
    assertThat(full.retryAfterSeconds()).isEqualTo(60);
    assertThat(full.message())
        .isEqualTo(
            "tenant acme has 1234 bytes stored, allowed are 1000 (maxStoredBytes of the Dispatcher's"
                + " limits); nothing was stored. Room comes when retention deletes its oldest"
                + " payloads or its data is erased, or raise the limit");
  }
}
