package dev.posthorn.dispatcher;

import static org.assertj.core.api.Assertions.assertThat;

import dev.posthorn.core.config.Configuration;
import dev.posthorn.core.config.ResourceName;
import dev.posthorn.core.config.StreamConfig;
import dev.posthorn.core.event.EventData;
import dev.posthorn.core.expression.Expressions;
import dev.posthorn.core.signing.BuiltInSchemes;
import dev.posthorn.dispatcher.accept.SystemEvents;
import dev.posthorn.dispatcher.snapshot.Snapshot;
import dev.posthorn.dispatcher.snapshot.SnapshotCompiler;
import dev.posthorn.dispatcher.store.NewEvent;
import dev.posthorn.dispatcher.store.RejectedRecord;
import dev.posthorn.dispatcher.store.Write;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class StreamAnnouncerTest {
  private static final Instant NOON = Instant.parse("2026-11-29T12:00:00Z");

  private final Snapshot snapshot =
      new SnapshotCompiler(new Expressions(System::nanoTime), BuiltInSchemes.load())
          .compile(Configuration.EMPTY, Map.of(), null);
  private final StreamAnnouncer announcer =
      new StreamAnnouncer(
          new SystemEvents(() -> snapshot, () -> NOON, new Random(1), new SimpleMeterRegistry()),
          () -> snapshot);

  private static StreamConfig stream(@Nullable String tenant) {
    return new StreamConfig(
        new ResourceName("acme", "orders"),
        false,
        tenant,
        false,
        new StreamConfig.Redis(
            "redis:6379", false, null, "orders", "posthorn", StreamConfig.StartFrom.END),
        StreamConfig.Format.JSON,
        null,
        null);
  }

  private static RejectedRecord record(String reason, Duration after) {
    return new RejectedRecord(
        "acme/orders",
        "1-0",
        NOON.plus(after),
        reason,
        "\"type\" is missing: add it",
        "{}".getBytes(StandardCharsets.UTF_8));
  }

  private List<String> names(StreamConfig stream, RejectedRecord... records) {
    return List.of(records).stream()
        .flatMap(record -> announcer.rejected(stream, record).stream())
        .map(Write.Accept::once)
        .toList();
  }

  @Test
  void theTenantOfAStreamIsToldWhatWhyAndWhatToDo() {
    List<Write.Accept> told = announcer.rejected(stream("acme"), record("mapping", Duration.ZERO));
    assertThat(told).hasSize(1);
    NewEvent event = told.getFirst().events().getFirst();
    assertThat(event.event().published().tenant()).isEqualTo("acme");
    assertThat(event.event().published().type()).isEqualTo("posthorn.source.rejecting");
    EventData data = event.event().published().data();
    assertThat(new String(data.bytes(), StandardCharsets.UTF_8))
        .contains(
            "\"stream\":\"orders\"",
            "\"reason\":\"mapping\"",
            "is missing: add it",
            "\"position\":\"1-0\"",
            "GET /v1/rejected",
            "a record of orders was put aside (mapping)");
  }

  /** The store keeps the name: what is prepared again is not stored again. */
  @Test
  void onceADayForEachReasonHoweverTheyComeAndGo() {
    assertThat(
            names(
                stream("acme"),
                record("mapping", Duration.ZERO),
                record("unreadable", Duration.ofSeconds(1)),
                record("mapping", Duration.ofSeconds(2)),
                record("unreadable", Duration.ofSeconds(3)),
                record("mapping", Duration.ofHours(13))))
        .containsExactly(
            "stream/acme/orders/rejecting/mapping/2026-11-29",
            "stream/acme/orders/rejecting/unreadable/2026-11-29",
            "stream/acme/orders/rejecting/mapping/2026-11-30");
  }

  @Test
  void ofAStreamThatTenantsShareNobodyIsToldWhereThePlatformDoesNotWantTo() {
    assertThat(names(stream(null), record("mapping", Duration.ZERO))).isEmpty();
  }
}
