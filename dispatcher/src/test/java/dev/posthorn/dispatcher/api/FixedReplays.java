package dev.posthorn.dispatcher.api;

import dev.posthorn.dispatcher.store.DeliveryKey;
import dev.posthorn.dispatcher.store.ReplayAnswer;
import dev.posthorn.dispatcher.store.ReplayWrite;
import dev.posthorn.dispatcher.store.SqliteDeliveryStore;
import dev.posthorn.dispatcher.store.StoreUnavailableException;
import dev.posthorn.dispatcher.store.Write;
import dev.posthorn.dispatcher.store.Written;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Deliveries asked for again, written to a real store without a thread of its own. */
final class FixedReplays implements ReplayDesk {
  final Set<DeliveryKey> inFlight = new HashSet<>();
  volatile boolean away;

  private final SqliteDeliveryStore store;

  FixedReplays(SqliteDeliveryStore store) {
    this.store = store;
  }

  @Override
  public boolean inFlight(DeliveryKey delivery) {
    return inFlight.contains(delivery);
  }

  @Override
  public ReplayAnswer write(ReplayWrite write) {
    if (away) {
      throw new StoreUnavailableException("disk full", false, new IllegalStateException("test"));
    }
    var written = (Written.Replayed) store.write(List.of(new Write.Replaying(write))).getFirst();
    return written.answer();
  }
}
