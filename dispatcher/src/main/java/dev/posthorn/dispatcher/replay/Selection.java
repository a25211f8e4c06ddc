package dev.posthorn.dispatcher.replay;

import dev.posthorn.core.event.Event;
import dev.posthorn.core.event.Subscription;
import dev.posthorn.core.expression.EventVariables;
import dev.posthorn.core.expression.FilterOutcome;
import dev.posthorn.dispatcher.snapshot.Subscriber;
import dev.posthorn.dispatcher.store.ReplayLog.Candidate;
import dev.posthorn.dispatcher.store.ReplayLog.Standing;
import dev.posthorn.dispatcher.store.ReplayWish;
import java.time.Instant;
import java.util.Optional;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/**
 * Decides which events a replay is about, by what became of them and by the present subscription.
 */
final class Selection {
  /** What is to be done with an event. */
  enum Verdict {
    /** The replay is not about it. */
    OTHER,
    /** It is to be delivered again. */
    AGAIN,
    /** It would be, and its data is gone. */
    EXPIRED
  }

  private final ReplayWish wish;
  private final Subscriber subscriber;
  private final LongFunction<Optional<Event>> load;
  private final @Nullable Subscription types;

  /**
   * A selection.
   *
   * @param load an event with its data, by its number; asked only where a filter needs it
   */
  Selection(ReplayWish wish, Subscriber subscriber, LongFunction<Optional<Event>> load) {
    this.wish = wish;
    this.subscriber = subscriber;
    this.load = load;
    this.types = wish.types().isEmpty() ? null : Subscription.parse(wish.types());
  }

  Verdict of(Candidate event) {
    Instant accepted = event.accepted();
    if (accepted == null) {
      return Verdict.EXPIRED;
    }
    boolean about =
        within(accepted)
            && (types == null || types.matches(event.type()))
            && stands(event.standing())
            && (!wish.select().bySubscription() || subscriber.types().matches(event.type()));
    if (!about) {
      return Verdict.OTHER;
    }
    if (!event.kept()) {
      return Verdict.EXPIRED;
    }
    return wish.select().bySubscription() && subscriber.filter().isPresent()
        ? filtered(event.seq())
        : Verdict.AGAIN;
  }

  private boolean within(Instant accepted) {
    Instant from = wish.fromTime();
    return (from == null || !accepted.isBefore(from)) && accepted.isBefore(wish.toTime());
  }

  private boolean stands(Standing standing) {
    return switch (wish.select()) {
      case DEAD_LETTERS -> standing == Standing.DEAD;
      case FAILED -> standing == Standing.DEAD || standing == Standing.RETRY;
      case MISSING -> standing == Standing.NOWHERE;
      case ALL -> true;
    };
  }

  private Verdict filtered(long seq) {
    return load.apply(seq)
        .map(event -> wants(event) ? Verdict.AGAIN : Verdict.OTHER)
        .orElse(Verdict.EXPIRED);
  }

  /** As at acceptance: a filter over its budget decides nothing, and the sender asks it again. */
  private boolean wants(Event event) {
    return subscriber
        .filter()
        .map(filter -> filter.test(EventVariables.of(event)))
        .map(outcome ->
            outcome instanceof FilterOutcome.Matched || outcome instanceof FilterOutcome.OverBudget)
        .orElse(true);
  }
}
