package dev.posthorn.dispatcher;

import dev.posthorn.dispatcher.store.DeliveryLog;
import dev.posthorn.dispatcher.store.EndpointState;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.search.Search;
import java.util.function.IntSupplier;
import java.util.function.Supplier;

/** Gauges over the store and the scheduler, and the balance of the process. */
final class StoreMeters {
  private final MeterRegistry meters;
  private final DeliveryLog log;
  private final long openAtStart;

  StoreMeters(
      MeterRegistry meters,
      DeliveryLog log,
      EndpointRegistry endpoints,
      LiveLanes lanes,
      IntSupplier sending) {
    this.meters = meters;
    this.log = log;
    this.openAtStart = log.totals().open();
    gauge("posthorn.deliveries.open", "Open deliveries", () -> log.totals().open());
    if (!lanes.areShared()) {
      // Else others accept and end deliveries too, and no process can tell alone.
      gauge(
          "posthorn.deliveries.unaccounted",
          "Deliveries that are nowhere; anything but 0 is a defect",
          () -> balance().unaccounted());
    }
    gauge("posthorn.store.bytes", "Size of the store on disk", () -> log.totals().bytes());
    gauge("posthorn.in.flight", "Attempts under way", sending::getAsInt);
    gauge("posthorn.lanes.owned", "Lanes that this process owns", lanes::count);
    for (EndpointState state : EndpointState.values()) {
      Gauge.builder("posthorn.endpoints", () -> endpoints.count(state, lanes::own))
          .description("Endpoints by state")
          .tag("state", DeliveryMeters.label(state))
          .register(meters);
    }
  }

  private void gauge(String name, String description, Supplier<Number> value) {
    Gauge.builder(name, value).description(description).register(meters);
  }

  /** What became of the deliveries of this process. */
  Balance balance() {
    DeliveryLog.Totals totals = log.totals();
    return new Balance(
        total("posthorn.deliveries.accepted"),
        openAtStart,
        ended("delivered"),
        totals.open(),
        ended("dead") + ended("expired"),
        ended("erased"));
  }

  private long ended(String end) {
    return sum(meters.find("posthorn.deliveries.ended").tag("end", end));
  }

  private long total(String name) {
    return sum(meters.find(name));
  }

  private static long sum(Search search) {
    return Math.round(search.counters().stream().mapToDouble(counter -> counter.count()).sum());
  }
}
