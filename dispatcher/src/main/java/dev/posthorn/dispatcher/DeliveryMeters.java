package dev.posthorn.dispatcher;

import dev.posthorn.core.config.OutcomeClass;
import dev.posthorn.core.event.TypePattern;
import dev.posthorn.dispatcher.accept.EventAcceptor;
import dev.posthorn.dispatcher.accept.SystemEvents;
import dev.posthorn.dispatcher.store.Attempt;
import dev.posthorn.dispatcher.store.Committed;
import dev.posthorn.dispatcher.store.EndpointState;
import dev.posthorn.dispatcher.store.Next;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;

/**
 * Counts attempts and ends; called on the scheduler's thread, cheap; commits are counted on the
 * store's.
 */
final class DeliveryMeters {
  private final Map<OutcomeClass, Counter> attempts = new EnumMap<>(OutcomeClass.class);
  private final Timer duration;
  private final Counter delivered;
  private final Counter dead;
  private final Counter expired;
  private final Counter erased;
  private final Counter accepted;
  private final Counter systemEvents;

  DeliveryMeters(MeterRegistry meters) {
    for (OutcomeClass each : OutcomeClass.values()) {
      attempts.put(
          each,
          Counter.builder("posthorn.attempts")
              .description("Attempts by outcome class")
              .tag("class", each.wire())
              .register(meters));
    }
    duration =
        Timer.builder("posthorn.attempt.duration")
            .description("Time from the start of an attempt to its end")
            .serviceLevelObjectives(
                Duration.ofMillis(5),
                Duration.ofMillis(50),
                Duration.ofMillis(500),
                Duration.ofSeconds(5),
                Duration.ofSeconds(30))
            .register(meters);
    delivered = ended(meters, "delivered");
    dead = ended(meters, "dead");
    expired = ended(meters, "expired");
    erased = ended(meters, "erased");
    accepted = EventAcceptor.deliveries(meters);
    systemEvents = EventAcceptor.events(meters, SystemEvents.SOURCE);
  }

  private static Counter ended(MeterRegistry meters, String end) {
    return Counter.builder("posthorn.deliveries.ended")
        .description("Deliveries that ended, by how")
        .tag("end", end)
        .register(meters);
  }

  /** An attempt ended, and this follows. */
  void attempt(Attempt attempt, Next next) {
    Counter counter = attempts.get(attempt.outcome());
    if (counter != null) {
      counter.increment();
    }
    long total = attempt.detail().timings().total();
    if (total >= 0) {
      duration.record(Duration.ofNanos(total * 1_000));
    }
    switch (next) {
      case Next.Delivered() -> delivered.increment();
      case Next.Dead() -> (attempt.outcome() == OutcomeClass.EXPIRED ? expired : dead).increment();
      case Next.Retry _ -> {
        // Still open.
      }
    }
  }

  /** Open deliveries went with their tenant. */
  void erased(long deliveries) {
    erased.increment((double) deliveries);
  }

  /**
   * What retention ended had no attempt that was counted. A delivery that a replay opened is
   * accepted once more: it ends once more. System events come from nobody who could count them.
   */
  void committed(Committed committed) {
    expired.increment(committed.expired());
    long opened = committed.due().stream().filter(due -> due.before() == null).count();
    accepted.increment((double) opened);
    for (Committed.AcceptedEvent each : committed.accepted()) {
      if (each.event().published().type().startsWith(TypePattern.SYSTEM_PREFIX)) {
        systemEvents.increment();
        accepted.increment(each.targets().size());
      }
    }
  }

  /** The metric's label for an endpoint's state. */
  static String label(EndpointState state) {
    return switch (state) {
      case HEALTHY -> "healthy";
      case FAILING -> "failing";
      case DISABLED -> "disabled";
    };
  }
}
