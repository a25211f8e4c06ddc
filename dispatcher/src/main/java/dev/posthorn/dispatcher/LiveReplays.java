package dev.posthorn.dispatcher;

import dev.posthorn.dispatcher.api.ReplayDesk;
import dev.posthorn.dispatcher.store.DeliveryKey;
import dev.posthorn.dispatcher.store.ReplayAnswer;
import dev.posthorn.dispatcher.store.ReplayWrite;
import dev.posthorn.dispatcher.store.StoreThread;
import dev.posthorn.dispatcher.store.StoreUnavailableException;
import dev.posthorn.dispatcher.store.TenantErasingException;
import java.util.concurrent.CompletionException;

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
    try {
      return store.replay(write).join();
    } catch (CompletionException failed) {
      if (failed.getCause() instanceof StoreUnavailableException unavailable) {
        throw unavailable;
      }
      if (failed.getCause() instanceof TenantErasingException erasing) {
        throw erasing;
      }
      throw failed;
    }
  }
}
