package dev.posthorn.dispatcher.accept;

import dev.posthorn.core.event.Event;
import dev.posthorn.core.expression.EventVariables;
import dev.posthorn.core.expression.FilterOutcome;
import dev.posthorn.dispatcher.snapshot.Snapshot;
import dev.posthorn.dispatcher.snapshot.Subscriber;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.ArrayList;
import java.util.List;

/** Decides which endpoints an event goes to. Thread-safe. */
final class Matcher {
  private final Counter failed;
  private final Counter overBudget;

  Matcher(MeterRegistry meters) {
    failed = filterFailures(meters, "failed");
    overBudget = filterFailures(meters, "over_budget");
  }

  private static Counter filterFailures(MeterRegistry meters, String reason) {
    return Counter.builder("posthorn.filter.failures")
        .description("Filters that could not be evaluated on an event")
        .tag("reason", reason)
        .register(meters);
  }

  /** The numbers of the endpoints that want {@code event}. */
  List<Integer> targets(Event event, Snapshot snapshot) {
    var variables = EventVariables.of(event);
    var targets = new ArrayList<Integer>(4);
    for (Subscriber each :
        snapshot.subscribers(event.published().tenant()).of(event.published().type())) {
      if (wants(each, variables)) {
        targets.add(each.number());
      }
    }
    return targets;
  }

  /** Whether {@code subscriber} wants {@code event}. */
  boolean wants(Subscriber subscriber, Event event) {
    return subscriber.types().matches(event.published().type())
        && wants(subscriber, EventVariables.of(event));
  }

  /**
   * A filter over its budget decides nothing: the delivery is stored and waits, since the sender
   * asks the filter again before the first attempt.
   */
  private boolean wants(Subscriber subscriber, EventVariables variables) {
    if (subscriber.filter().isEmpty()) {
      return true;
    }
    return switch (subscriber.filter().get().test(variables)) {
      case FilterOutcome.Matched() -> true;
      case FilterOutcome.NotMatched() -> false;
      case FilterOutcome.Failed(var _) -> {
        failed.increment();
        yield false;
      }
      case FilterOutcome.OverBudget(var _) -> {
        overBudget.increment();
        yield true;
      }
    };
  }
}
