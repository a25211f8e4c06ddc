package dev.posthorn.dispatcher.lane;

import dev.posthorn.dispatcher.store.Attempt;
import dev.posthorn.dispatcher.store.Committed;
import dev.posthorn.dispatcher.store.Next;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.random.RandomGenerator;

/** A defect that an engine could have, and that the simulation must find. */
enum Mutant {
  /** The engine as it is. */
  NONE,
  /** What the store tells arrives in another order. */
  REPLIES_REORDERED,
  /** A delivery is forgotten when its outcome is known, not when it is stored. */
  FORGOTTEN_BEFORE_COMMIT,
  /** After a commit whose outcome nobody knows it goes on with what it has in memory. */
  DOUBT_IGNORED,
  /** A publish is answered before it is stored. */
  ACKNOWLEDGED_BEFORE_COMMIT,
  /** Deliveries of an endpoint that is not configured now are taken for done. */
  UNKNOWN_ENDPOINT_ENDS,
  /** Where an order was asked for, the next delivery does not wait for a failing one. */
  ORDER_IGNORED,
  /** A delivery that is asked for again is offered although it is open, and known already. */
  OFFERED_THOUGH_OPEN,
  /** What people are told of is written after its cause, not with it. */
  TOLD_APART,
  /** A publish is stored without the key that tells it from another. */
  KEYS_IGNORED;

  /** A turn of the store thread is told. */
  void stored(Committed committed, Deque<Message> inbox, RandomGenerator random) {
    switch (this) {
      case REPLIES_REORDERED -> {
        var all = new ArrayList<>(inbox);
        all.add(random.nextInt(all.size() + 1), new Message.Stored(committed));
        inbox.clear();
        inbox.addAll(all);
      }
      case FORGOTTEN_BEFORE_COMMIT ->
          inbox.addLast(new Message.Stored(with(committed, List.of(), committed.reopened())));
      case DOUBT_IGNORED ->
          inbox.addLast(new Message.Stored(with(committed, committed.recorded(), false)));
      case NONE,
          ACKNOWLEDGED_BEFORE_COMMIT,
          UNKNOWN_ENDPOINT_ENDS,
          ORDER_IGNORED,
          OFFERED_THOUGH_OPEN,
          TOLD_APART,
          KEYS_IGNORED ->
          inbox.addLast(new Message.Stored(committed));
    }
  }

  /** An outcome goes to the store thread. */
  void recording(Attempt attempt, Next next, Deque<Message> inbox) {
    if (this == FORGOTTEN_BEFORE_COMMIT) {
      var recorded = new Committed.Recorded(attempt.delivery(), attempt.n(), next, 1_000_000, true);
      inbox.addFirst(
          new Message.Stored(new Committed(List.of(), List.of(recorded), List.of(), false)));
    }
  }

  private static Committed with(
      Committed committed, List<Committed.Recorded> recorded, boolean reopened) {
    return new Committed(
        committed.accepted(),
        recorded,
        committed.expired(),
        committed.due(),
        committed.pages(),
        reopened,
        committed.erased());
  }
}
