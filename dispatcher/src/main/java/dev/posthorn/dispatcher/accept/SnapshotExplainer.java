package dev.posthorn.dispatcher.accept;

import dev.posthorn.core.expression.EventVariables;
import dev.posthorn.core.expression.FilterOutcome;
import dev.posthorn.dispatcher.snapshot.Snapshot;
import dev.posthorn.dispatcher.snapshot.Subscriber;
import dev.posthorn.dispatcher.store.DeliveryLog.StoredEvent;
import java.util.Comparator;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Explains matches by the snapshot of the moment. Thread-safe. */
public final class SnapshotExplainer implements MatchExplainer {
  private final Supplier<@Nullable Snapshot> snapshots;

  /** Creates an explainer over the present snapshot; null before the first. */
  public SnapshotExplainer(Supplier<@Nullable Snapshot> snapshots) {
    this.snapshots = snapshots;
  }

  @Override
  public List<Match> explain(StoredEvent event) {
    Snapshot snapshot = snapshots.get();
    if (snapshot == null) {
      return List.of();
    }
    var variables = EventVariables.of(event.event());
    return snapshot.subscribers(event.event().published().tenant()).all().stream()
        .map(each -> match(each, event, variables))
        .sorted(Comparator.comparing(Match::endpoint))
        .toList();
  }

  private static Match match(Subscriber endpoint, StoredEvent event, EventVariables variables) {
    boolean went = event.targets().contains(endpoint.number());
    String type = event.event().published().type();
    String now =
        !endpoint.types().matches(type)
            ? "no entry of events.types matches " + type
            : endpoint.filter().map(filter -> say(filter.test(variables))).orElse("type matches");
    return new Match(endpoint.name().name(), went, now);
  }

  private static String say(FilterOutcome outcome) {
    return switch (outcome) {
      case FilterOutcome.Matched() -> "type and filter match";
      case FilterOutcome.NotMatched() -> "type matches, the filter says no";
      case FilterOutcome.Failed(var reason) -> "the filter failed: " + reason;
      case FilterOutcome.OverBudget(var reason) -> "the filter was stopped: " + reason;
    };
  }
}
