package dev.posthorn.dispatcher;

import dev.posthorn.dispatcher.store.Committed;
import dev.posthorn.dispatcher.store.ErasedKind;
import dev.posthorn.dispatcher.store.Erasure;
import java.util.HashMap;
import java.util.Map;

/**
 * How many open deliveries went with their tenants in this process: slice by slice, and at the end
 * those of slices that nobody heard of. Store thread only.
 */
final class ErasedDeliveries {
  private final Map<String, Long> known = new HashMap<>();

  /** An erasure that an earlier process began, as far as that one came. */
  void before(Erasure running) {
    known.put(running.tenant(), running.deleted(ErasedKind.DELIVERIES));
  }

  /** How many more went. */
  long more(Committed.Erased erased) {
    long counted = known.merge(erased.tenant(), erased.deliveries(), Long::sum);
    Erasure completed = erased.completed();
    if (completed == null) {
      return erased.deliveries();
    }
    known.remove(erased.tenant());
    return erased.deliveries() + completed.deleted(ErasedKind.DELIVERIES) - counted;
  }
}
