package dev.posthorn.dispatcher.store;

import dev.posthorn.dispatcher.store.Committed.AcceptedEvent;
import dev.posthorn.dispatcher.store.Committed.Erased;
import dev.posthorn.dispatcher.store.Committed.Recorded;
import java.util.ArrayList;
import java.util.List;

/**
 * What a committed transaction brought: the message for the listener, then the answers for those
 * who wait. Made on the store thread, used once.
 */
final class Turn {
  private final List<AcceptedEvent> accepted = new ArrayList<>();
  private final List<Recorded> recorded = new ArrayList<>();
  private final List<Erased> erased = new ArrayList<>();
  private final List<Committed.DueNow> due = new ArrayList<>();
  private final List<Integer> givenUp = new ArrayList<>();
  private final List<Runnable> answers = new ArrayList<>();
  private int expired;

  /** Takes note of system events that were written with their cause, and gives the answers. */
  List<Written> noted(List<Written> answers) {
    var plain = new ArrayList<Written>(answers.size());
    for (Written each : answers) {
      if (each instanceof Written.Noticed(var answer, var notices)) {
        accepted.addAll(notices);
        plain.add(answer);
      } else {
        plain.add(each);
      }
    }
    return plain;
  }

  /** Takes note of the answer to a task. */
  void add(StoreTask task, Written answer) {
    switch (task) {
      case StoreTask.Accept accept -> accepted(accept, answer);
      case StoreTask.Erase erase -> {
        erased.add(new Erased(erase.write().entry().tenant(), true, 0, null));
        answers.add(() -> erase.done().complete((Written.Begun) answer));
      }
      case StoreTask.Outcome outcome -> {
        var done = (Written.Recorded) answer;
        Attempt attempt = outcome.write().attempt();
        if (done.applied()) {
          supersede(attempt.delivery());
        }
        recorded.add(
            new Recorded(
                attempt.delivery(),
                attempt.n(),
                outcome.write().next(),
                done.acceptedMillis(),
                done.applied()));
      }
      case StoreTask.Register register -> {
        EndpointRow row = ((Written.Registered) answer).row();
        answers.add(() -> register.done().complete(row));
      }
      case StoreTask.Reject reject -> answers.add(() -> reject.done().complete(null));
      case StoreTask.Audit audit -> answers.add(() -> audit.done().complete(null));
      case StoreTask.Replaying replaying -> replayed(replaying, answer);
      case StoreTask.Plain(Write.Release(int lane)) -> givenUp.add(lane);
      case StoreTask.Health _, StoreTask.Hold _, StoreTask.Removal _, StoreTask.Plain _ -> {}
    }
  }

  private void replayed(StoreTask.Replaying replaying, Written answer) {
    if (answer instanceof Written.Refused(String tenant)) {
      answers.add(() -> replaying.fail(new TenantErasingException(tenant)));
    } else {
      var done = (Written.Replayed) answer;
      due.addAll(done.due());
      answers.add(() -> replaying.done().complete(done.answer()));
    }
  }

  private void accepted(StoreTask.Accept accept, Written answer) {
    if (answer instanceof Written.Refused(String tenant)) {
      answers.add(() -> accept.fail(new TenantErasingException(tenant)));
    } else {
      var accepts = (Written.Accepts) answer;
      stored(accept.write().events(), accepts.answers());
      answers.add(() -> accept.done().complete(accepts.answers()));
    }
  }

  private void stored(List<NewEvent> events, List<Accepted> answers) {
    for (int i = 0; i < events.size(); i++) {
      if (answers.get(i) instanceof Accepted.Stored stored) {
        NewEvent event = events.get(i);
        accepted.add(new AcceptedEvent(stored.seq(), event.event(), event.targets()));
      }
    }
  }

  /** What was due before the outcome in this transaction is so no more. */
  private void supersede(DeliveryKey delivery) {
    due.removeIf(
        each -> each.endpoint() == delivery.endpoint() && each.row().seq() == delivery.seq());
  }

  /** Takes note of what retention ended. */
  void add(Written.Retained retained) {
    expired += retained.ended().size();
    for (Written.Ended ended : retained.ended()) {
      supersede(ended.delivery());
      recorded.add(
          new Recorded(ended.delivery(), ended.n(), new Next.Dead(), ended.acceptedMillis(), true));
    }
  }

  /** Takes note of how an erasure went on. */
  void add(Written.Sliced sliced) {
    String tenant = sliced.tenant();
    if (tenant != null && (sliced.deliveries() > 0 || sliced.completed() != null)) {
      erased.add(new Erased(tenant, false, sliced.deliveries(), sliced.completed()));
    }
  }

  /** Takes note of an erasure that ended earlier, unheard. */
  void add(Erasure completed) {
    erased.add(new Erased(completed.tenant(), false, 0, completed));
  }

  Committed committed(Round round, boolean reopened) {
    return new Committed(
        List.copyOf(accepted),
        List.copyOf(recorded),
        expired,
        List.copyOf(due),
        round.pages(),
        reopened,
        List.copyOf(erased),
        round.shared().after(givenUp));
  }

  /** Tells those who wait; only after the listener knows. */
  void answer() {
    answers.forEach(Runnable::run);
  }
}
