package dev.posthorn.dispatcher.store;

import dev.posthorn.dispatcher.store.Committed.AcceptedEvent;
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
  private final List<Committed.DueNow> due = new ArrayList<>();
  private final List<Runnable> answers = new ArrayList<>();

  /** Takes note of the answer to a task. */
  void add(StoreTask task, Written answer) {
    switch (task) {
      case StoreTask.Accept accept -> {
        var accepts = (Written.Accepts) answer;
        stored(accept.write().events(), accepts.answers());
        answers.add(() -> accept.done().complete(accepts.answers()));
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
      case StoreTask.Replaying replaying -> {
        var done = (Written.Replayed) answer;
        due.addAll(done.due());
        answers.add(() -> replaying.done().complete(done.answer()));
      }
      case StoreTask.Health _, StoreTask.Hold _ -> {}
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
    for (Written.Ended ended : retained.ended()) {
      supersede(ended.delivery());
      recorded.add(
          new Recorded(ended.delivery(), ended.n(), new Next.Dead(), ended.acceptedMillis(), true));
    }
  }

  Committed committed(List<Page> pages, boolean reopened) {
    return new Committed(
        List.copyOf(accepted), List.copyOf(recorded), List.copyOf(due), pages, reopened);
  }

  /** Tells those who wait; only after the listener knows. */
  void answer() {
    answers.forEach(Runnable::run);
  }
}
