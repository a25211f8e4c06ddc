package dev.posthorn.dispatcher.store;

import dev.posthorn.core.config.OutcomeClass;
import dev.posthorn.core.config.ResourceName;
import dev.posthorn.core.event.Event;
import dev.posthorn.core.event.EventData;
import dev.posthorn.core.event.EventId;
import dev.posthorn.core.event.IdempotencyKey;
import dev.posthorn.core.event.PublishedEvent;
import dev.posthorn.dispatcher.store.AttemptDetail.Header;
import dev.posthorn.dispatcher.store.AttemptDetail.Message;
import dev.posthorn.dispatcher.store.AttemptDetail.Timings;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Values for tests: same numbers, same values. */
final class Samples {
  static final Instant T0 = Instant.parse("2026-01-02T03:04:05.678901234Z");

  private static final Random RANDOM = new Random(1);

  private Samples() {}

  static NewEvent event(String tenant, Instant accepted, Integer... targets) {
    return event(tenant, "order.created", null, accepted, targets);
  }

  static NewEvent keyed(String tenant, String id, Instant accepted, Integer... targets) {
    return event(tenant, "order.created", id, accepted, targets);
  }

  static NewEvent event(
      String tenant,
      String type,
      @org.jspecify.annotations.Nullable String id,
      Instant accepted,
      Integer... targets) {
    var published =
        new PublishedEvent(
            tenant,
            type,
            "/shop",
            id,
            "order/1",
            T0.minusNanos(7),
            EventData.of(bytes("{\"canary\":\"ca-na-ry payload\"}"), "application/json"),
            "https://example.com/schema",
            "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
            Map.of("region", "eu"));
    byte[] key = IdempotencyKey.of(published).map(IdempotencyKey::bytes).orElse(new byte[0]);
    return new NewEvent(
        new Event(EventId.next(accepted, RANDOM), accepted, published), key, List.of(targets));
  }

  static Attempt delivered(DeliveryKey key, int n, Instant time) {
    return new Attempt(key, n, time, OutcomeClass.DELIVERED, 200, null, true, null, detail());
  }

  static Attempt failed(DeliveryKey key, int n, Instant time, Instant next) {
    return new Attempt(
        key, n, time, OutcomeClass.HTTP_5XX, 500, "ca-na-ry error", false, next, detail());
  }

  static Attempt dead(DeliveryKey key, int n, Instant time) {
    return new Attempt(
        key, n, time, OutcomeClass.HTTP_4XX, 404, "ca-na-ry error", true, null, detail());
  }

  static AttemptDetail detail() {
    return new AttemptDetail(
        "203.0.113.7:443",
        List.of("key-2", "key-1"),
        new Timings(100, 200, -1, 400, 500),
        new Message(List.of(new Header("x-a", "ca-na-ry header")), bytes("ca-na-ry sent"), false),
        new Message(List.of(new Header("date", "now")), bytes("ca-na-ry answer"), true),
        T0,
        -3L);
  }

  static RejectedRecord rejected(String position, Instant time) {
    return new RejectedRecord(
        "default/orders", position, time, "mapping", "no type", bytes("ca-na-ry record"));
  }

  static Write.Register register(String name, String tenant) {
    return new Write.Register(new ResourceName(tenant, name), tenant, 1);
  }

  static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
