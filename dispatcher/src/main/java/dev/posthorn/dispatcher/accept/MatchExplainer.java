package dev.posthorn.dispatcher.accept;

import dev.posthorn.dispatcher.store.DeliveryLog.StoredEvent;
import java.util.List;

/** Says why an event did or did not go to each endpoint of its tenant. Thread-safe. */
public interface MatchExplainer {
  /**
   * One endpoint's answer.
   *
   * @param endpoint its name
   * @param matched whether the event went there
   * @param reason one sentence for people: the type pattern or filter that decided, or that the
   *     endpoint came later
   */
  record Match(String endpoint, boolean matched, String reason) {}

  /** One answer per endpoint of the event's tenant, by name. */
  List<Match> explain(StoredEvent event);
}
