package dev.posthorn.dispatcher;

import dev.posthorn.dispatcher.api.ReplayDesk;
import dev.posthorn.dispatcher.store.DeliveryKey;
import dev.posthorn.dispatcher.store.ReplayAnswer;
import dev.posthorn.dispatcher.store.ReplayWrite;
import dev.posthorn.dispatcher.store.StoreAnswer;
import dev.posthorn.dispatcher.store.StoreThread;

/** Deliveries that are asked for again, on their way to the store. Thread-safe. */
final class LiveReplays implements ReplayDesk {
  private final StoreThread store;
  private final InFlight inFlight;
  private final Runnable started;

  /**
   * Creates it.
   *
   * @param started is told of each replay that was written
   */
  LiveReplays(StoreThread store, InFlight inFlight, Runnable started) {
    this.store = store;
    this.inFlight = inFlight;
    this.started = started;
  }

  @Override
  public boolean inFlight(DeliveryKey delivery) {
    return inFlight.contains(delivery);
  }

  @Override
  public ReplayAnswer write(ReplayWrite write) {
    ReplayAnswer answer = durable(store, write);
    if (answer instanceof ReplayAnswer.Started) {
      started.run();
    }
    return answer;
  }

  /** Writes and waits. */
  static ReplayAnswer durable(StoreThread store, ReplayWrite write) {
    return StoreAnswer.await(store.replay(write));
  }
}
