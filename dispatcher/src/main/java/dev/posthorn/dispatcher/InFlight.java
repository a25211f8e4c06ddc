package dev.posthorn.dispatcher;

import dev.posthorn.core.config.OutcomeClass;
import dev.posthorn.dispatcher.lane.Message;
import dev.posthorn.dispatcher.store.Committed;
import dev.posthorn.dispatcher.store.DeliveryKey;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The deliveries of which an attempt is under way, or its outcome not written yet, for those who
 * are not the scheduler. Thread-safe.
 */
final class InFlight {
  private final Set<DeliveryKey> keys = ConcurrentHashMap.newKeySet();

  void began(DeliveryKey delivery) {
    keys.add(delivery);
  }

  /** A try that never was has no outcome to wait for. */
  void finished(DeliveryKey delivery, Message.Result result) {
    if (result.outcome() == OutcomeClass.SHUTDOWN) {
      keys.remove(delivery);
    }
  }

  void committed(Committed committed) {
    committed.recorded().forEach(recorded -> keys.remove(recorded.delivery()));
  }

  boolean contains(DeliveryKey delivery) {
    return keys.contains(delivery);
  }
}
