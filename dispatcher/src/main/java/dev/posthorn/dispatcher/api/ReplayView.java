package dev.posthorn.dispatcher.api;

import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import dev.posthorn.dispatcher.store.ReplayRow;
import dev.posthorn.dispatcher.store.ReplayWish;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A replay as answered.
 *
 * @param events how many events it names; null where it names none
 * @param reachedTime acceptance of the event looked at last
 * @param selected wanted so far: the sum of the next three
 * @param expired those of {@code skipped} whose data is gone
 * @param nextStep one sentence for people: what happens next, what to do
 */
@JsonPropertyOrder({
  "id",
  "endpoint",
  "select",
  "types",
  "fromTime",
  "toTime",
  "events",
  "ratePerSecond",
  "createdTime",
  "createdBy",
  "state",
  "since",
  "reachedTime",
  "selected",
  "opened",
  "hastened",
  "skipped",
  "expired",
  "nextStep"
})
record ReplayView(
    String id,
    String endpoint,
    String select,
    @Nullable List<String> types,
    @Nullable Instant fromTime,
    Instant toTime,
    @Nullable Integer events,
    int ratePerSecond,
    Instant createdTime,
    String createdBy,
    String state,
    Instant since,
    @Nullable Instant reachedTime,
    long selected,
    long opened,
    long hastened,
    long skipped,
    long expired,
    String nextStep) {

  /**
   * The view.
   *
   * @param declared the endpoint as it is now; empty where it is not declared
   */
  static ReplayView of(ReplayRow replay, String endpoint, Optional<EndpointStatus> declared) {
    ReplayWish wish = replay.wish();
    ReplayRow.Counts counts = replay.counts();
    return new ReplayView(
        Long.toString(replay.number()),
        endpoint,
        wish.select().wire(),
        wish.types().isEmpty() ? null : wish.types(),
        wish.fromTime(),
        wish.toTime(),
        wish.events().isEmpty() ? null : wish.events().size(),
        wish.ratePerSecond(),
        replay.created(),
        replay.caller(),
        replay.state().wire(),
        replay.since(),
        replay.reached(),
        counts.selected(),
        counts.opened(),
        counts.hastened(),
        counts.skipped(),
        counts.expired(),
        nextStep(replay, declared));
  }

  private static String nextStep(ReplayRow replay, Optional<EndpointStatus> declared) {
    return switch (replay.state()) {
      case RUNNING ->
          declared
              .map(endpoint -> running(replay, endpoint))
              .orElse(
                  "Waits, since the endpoint is not declared any more: declare it again, or DELETE"
                      + " this replay.");
      case DONE -> done(replay.counts());
      case CANCELLED ->
          "Cancelled: what it had opened goes on; start another one from reachedTime to go on.";
      case FAILED ->
          "Ended by an internal error, which the dispatcher's log has: report it, then start"
              + " another one from reachedTime.";
    };
  }

  private static String running(ReplayRow replay, EndpointStatus endpoint) {
    String pace =
        "Goes on with at most %d deliveries a second, until all are looked at; DELETE cancels it."
            .formatted(replay.wish().ratePerSecond());
    return endpoint.state() == EndpointStatus.State.HEALTHY
            || endpoint.state() == EndpointStatus.State.UNKNOWN
        ? pace
        : pace + " What it opens waits for its endpoint. " + endpoint.nextStep();
  }

  private static String done(ReplayRow.Counts counts) {
    String gone =
        counts.expired() == 0
            ? ""
            : " The data of %d is not kept any more: publish those again."
                .formatted(counts.expired());
    return counts.selected() == 0
        ? "Done, and nothing was selected: check select, types and times."
        : "Done: the delivery log shows what comes of its deliveries." + gone;
  }

  /** What was asked for, in a line for the audit log. */
  static String summary(ReplayWish wish) {
    var parts = new ArrayList<String>();
    parts.add(wish.select().wire());
    if (!wish.types().isEmpty()) {
      parts.add("types " + String.join(" ", wish.types()));
    }
    if (wish.fromTime() != null) {
      parts.add("from " + wish.fromTime());
    }
    parts.add("to " + wish.toTime());
    if (!wish.events().isEmpty()) {
      parts.add(wish.events().size() + " events");
    }
    parts.add(wish.ratePerSecond() + "/s");
    return String.join(", ", parts);
  }
}
