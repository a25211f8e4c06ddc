package dev.posthorn.dispatcher.replay;

import dev.posthorn.dispatcher.snapshot.Subscriber;
import dev.posthorn.dispatcher.store.DeliveryLog;
import dev.posthorn.dispatcher.store.DeliveryLog.StoredEvent;
import dev.posthorn.dispatcher.store.ReplayAnswer;
import dev.posthorn.dispatcher.store.ReplayLog.Candidates;
import dev.posthorn.dispatcher.store.ReplayRow;
import dev.posthorn.dispatcher.store.ReplayWrite;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** Takes a replay one slice further, from what the store shows to one write. Blocks on both. */
public final class ReplayStep {
  /** Events that a slice looks at. */
  private static final int LOOK = 500;

  /** The same where each must be read whole for its filter. */
  private static final int LOOK_WHOLE = 100;

  /** So long an accepted event may take to the store; younger ones are not looked at yet. */
  private static final Duration SETTLE = Duration.ofSeconds(2);

  /** Until something may have changed that the replay waits for. */
  private static final long WAIT_MILLIS = 500;

  /** What endpoints want now. */
  @FunctionalInterface
  public interface Subscriptions {
    /** What the endpoint of this number wants; empty while it is not configured. */
    Optional<Subscriber> find(String tenant, int endpoint);
  }

  private final Subscriptions subscriptions;
  private final DeliveryLog log;
  private final Function<ReplayWrite, ReplayAnswer> store;

  /**
   * Creates it.
   *
   * @param store writes and answers once that is durable
   */
  public ReplayStep(
      Subscriptions subscriptions, DeliveryLog log, Function<ReplayWrite, ReplayAnswer> store) {
    this.subscriptions = subscriptions;
    this.log = log;
    this.store = store;
  }

  /**
   * Does the next slice.
   *
   * @param replay as it is in the store
   * @return when the one after it may follow, in milliseconds
   * @throws dev.posthorn.dispatcher.store.StoreUnavailableException where the store does not answer
   */
  public long advance(ReplayRow replay, Instant now) {
    Optional<Subscriber> subscriber = subscriptions.find(replay.tenant(), replay.wish().endpoint());
    if (subscriber.isEmpty()) {
      return WAIT_MILLIS; // the configuration may be behind: absence parks, as everywhere
    }
    var selection =
        new Selection(
            replay.wish(), subscriber.get(), seq -> log.load(seq).map(StoredEvent::event));
    boolean whole =
        replay.wish().select().bySubscription() && subscriber.get().filter().isPresent();
    Candidates candidates =
        log.replays().candidates(replay, whole ? LOOK_WHOLE : LOOK, now.minus(SETTLE));
    SlicePlan plan = SlicePlan.of(candidates, replay.wish().ratePerSecond(), selection::of);
    if (plan.cursor().equals(replay.cursor()) && !plan.end()) {
      return WAIT_MILLIS;
    }
    var answer = (ReplayAnswer.Advanced) store.apply(write(replay, plan, now));
    return SlicePlan.pauseMillis(answer.moved(), replay.wish().ratePerSecond());
  }

  /** Ends a replay that cannot go on because of a defect; false where it has ended already. */
  boolean fail(ReplayRow replay, Instant now) {
    var end =
        new ReplayWrite.Advance(
            replay.number(),
            replay.cursor(),
            replay.cursor(),
            null,
            List.of(),
            0,
            ReplayRow.State.FAILED,
            now);
    return ((ReplayAnswer.Advanced) store.apply(end)).applied();
  }

  private static ReplayWrite write(ReplayRow replay, SlicePlan plan, Instant now) {
    return new ReplayWrite.Advance(
        replay.number(),
        replay.cursor(),
        plan.cursor(),
        plan.reached(),
        plan.seqs(),
        plan.expired(),
        plan.end() ? ReplayRow.State.DONE : null,
        now);
  }
}
