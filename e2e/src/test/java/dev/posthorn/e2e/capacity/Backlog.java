package dev.posthorn.e2e.capacity;

import dev.posthorn.core.event.Event;
import dev.posthorn.core.event.EventData;
import dev.posthorn.core.event.EventId;
import dev.posthorn.core.event.PublishedEvent;
import dev.posthorn.dispatcher.store.DeliveryStore;
import dev.posthorn.dispatcher.store.NewEvent;
import dev.posthorn.dispatcher.store.SqliteDeliveryStore;
import dev.posthorn.dispatcher.store.Write;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Fills the store of a process that does not run, through the store's own interface and as fast as
 * that goes: transactions of many small events, each with one open delivery that nobody has tried.
 */
final class Backlog {
  private static final int TRANSACTION = 5_000;
  private static final int MAINTENANCE = 10;

  private Backlog() {}

  /** Stores {@code events} for an endpoint that the store knows; {@code data.n} counts from 0. */
  static void fill(Path data, String tenant, int events) {
    var random = new SplittableRandom(1);
    try (DeliveryStore store = SqliteDeliveryStore.open(data)) {
      List<Integer> targets = List.of(endpointOf(store, tenant));
      int transactions = 0;
      for (int n = 0; n < events; n += TRANSACTION) {
        var some = new ArrayList<NewEvent>();
        for (int i = n; i < Math.min(events, n + TRANSACTION); i++) {
          some.add(new NewEvent(event(tenant, i, random), new byte[0], targets));
        }
        store.write(List.of(new Write.Accept(some)));
        if (++transactions % MAINTENANCE == 0) {
          store.maintain(true);
        }
      }
      store.maintain(true);
    }
  }

  private static int endpointOf(DeliveryStore store, String tenant) {
    return store.endpoints().stream()
        .filter(row -> row.tenant().equals(tenant))
        .findFirst()
        .orElseThrow()
        .number();
  }

  private static Event event(String tenant, int n, SplittableRandom random) {
    byte[] data = ("{\"n\": " + n + "}").getBytes(StandardCharsets.UTF_8);
    var published =
        PublishedEvent.of(tenant, "order.paid", EventData.of(data, EventData.JSON_TYPE));
    Instant now = Instant.now();
    return new Event(EventId.next(now, random), now, published);
  }
}
