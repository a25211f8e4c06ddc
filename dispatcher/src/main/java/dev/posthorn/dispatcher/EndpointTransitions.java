package dev.posthorn.dispatcher;

import dev.posthorn.core.config.ResourceName;
import dev.posthorn.dispatcher.api.EndpointStatus;
import dev.posthorn.dispatcher.api.OperatorView.Changes;
import dev.posthorn.dispatcher.api.OperatorView.EndpointHealth;
import dev.posthorn.dispatcher.snapshot.Destination;
import dev.posthorn.dispatcher.snapshot.Snapshot;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Which endpoints changed since somebody asked. It looks when it is asked, at memory only: a few
 * milliseconds for ten thousand endpoints. A change there and back between two looks is not seen.
 */
final class EndpointTransitions {
  private static final long[] BUCKETS = {10_000, 1_000, 100, 10, 1};

  private final Supplier<@Nullable Snapshot> snapshots;
  private final LiveEndpoints endpoints;
  private final Predicate<String> own;
  private final InstantSource clock;
  private final String process;
  private Map<Integer, Seen> seen = new HashMap<>(); // guarded by this
  private long changes; // guarded by this

  /** What is worth telling. */
  record Shown(EndpointStatus.State state, @Nullable String lastErrorClass, long deadLetters) {}

  /**
   * @param change its number; 0 for an endpoint of which nothing is known
   * @param time when it was seen first
   */
  private record Seen(Shown shown, long change, Instant time) {}

  /**
   * Nothing was seen yet.
   *
   * @param own whether this process sends for a tenant: others tell of theirs
   * @param process tells the cursors of this process from those of others
   */
  EndpointTransitions(
      Supplier<@Nullable Snapshot> snapshots,
      LiveEndpoints endpoints,
      Predicate<String> own,
      InstantSource clock,
      String process) {
    this.snapshots = snapshots;
    this.endpoints = endpoints;
    this.own = own;
    this.clock = clock;
    this.process = process;
  }

  /** The changes after the one that {@code cursor} names. */
  synchronized Changes since(@Nullable String cursor) {
    Snapshot snapshot = snapshots.get();
    if (snapshot != null) {
      look(snapshot);
    }
    long after = number(cursor);
    return new Changes(
        process + "-" + changes, snapshot == null ? List.of() : told(snapshot, after));
  }

  private void look(Snapshot snapshot) {
    Instant now = clock.instant();
    var next = new HashMap<Integer, Seen>();
    for (Destination each : snapshot.destinations()) {
      if (!own.test(each.config().tenant())) {
        continue;
      }
      Shown shown = endpoints.shown(each);
      Seen before = seen.get(each.number());
      boolean same = before != null && before.shown().equals(shown);
      next.put(each.number(), same ? before : new Seen(shown, number(before, shown), now));
    }
    seen = next;
  }

  private long number(@Nullable Seen before, Shown shown) {
    boolean news = before != null || shown.state() != EndpointStatus.State.UNKNOWN;
    return news ? ++changes : 0;
  }

  private List<EndpointHealth> told(Snapshot snapshot, long after) {
    Predicate<Destination> told =
        each -> {
          Seen known = seen.get(each.number());
          return known != null && known.change() > after;
        };
    return snapshot.destinations().stream()
        .filter(told)
        .sorted(Comparator.comparing(each -> each.config().name()))
        .map(this::health)
        .toList();
  }

  private EndpointHealth health(Destination destination) {
    Seen known = seen.get(destination.number());
    if (known == null) {
      throw new IllegalStateException("an endpoint is told of that was not looked at");
    }
    ResourceName name = destination.config().name();
    EndpointStatus status = endpoints.status(destination);
    Instant since = status.since();
    boolean unknown = since == null || since.equals(Instant.EPOCH);
    Shown shown = known.shown();
    return new EndpointHealth(
        name.namespace(),
        name.name(),
        shown.state(),
        unknown ? known.time() : since,
        shown.lastErrorClass(),
        status.nextStep(),
        shown.deadLetters());
  }

  /** 0, so everything, for what is no cursor of this process. */
  private long number(@Nullable String cursor) {
    if (cursor == null || !cursor.startsWith(process + "-")) {
      return 0;
    }
    String digits = cursor.substring(process.length() + 1);
    return digits.matches("[0-9]{1,18}") ? Long.parseLong(digits) : 0;
  }

  /** The largest bucket that {@code count} fills. */
  static long bucket(long count) {
    for (long bucket : BUCKETS) {
      if (count >= bucket) {
        return bucket;
      }
    }
    return 0;
  }
}
