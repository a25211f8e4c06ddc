package dev.posthorn.dispatcher;

import dev.posthorn.core.config.OutcomeClass;
import dev.posthorn.dispatcher.lane.Command;
import dev.posthorn.dispatcher.lane.Message;
import dev.posthorn.dispatcher.lane.Tried;
import dev.posthorn.dispatcher.store.Attempt;
import dev.posthorn.dispatcher.store.EndpointRow;
import dev.posthorn.dispatcher.store.EndpointState;
import dev.posthorn.dispatcher.store.Next;
import dev.posthorn.dispatcher.store.StoreThread;
import dev.posthorn.dispatcher.store.Write;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Does what the scheduler decides. Called on the scheduler's thread, it hands everything on: tries
 * to virtual threads, writes to the store thread.
 */
final class CommandRunner implements Consumer<Command> {
  private static final Logger LOG = LoggerFactory.getLogger(CommandRunner.class);

  private static final int UNAUTHORIZED = 401;
  private static final int FORBIDDEN = 403;

  /** What ends a try before its request. */
  private static final Set<OutcomeClass> UNSENDABLE =
      EnumSet.of(
          OutcomeClass.PAYLOAD_ERROR, OutcomeClass.SIGNING_UNAVAILABLE, OutcomeClass.POLICY_DENIED);

  private final DeliveryAttempts attempts;
  private final StoreThread store;
  private final EndpointRegistry endpoints;
  private final DeliveryMeters meters;
  private final InFlight inFlight;
  private final EndpointAnnouncer announcer;
  private final Consumer<Message> scheduler;
  private final Map<String, CompletableFuture<@Nullable Void>> stopping = new ConcurrentHashMap<>();
  private final CountDownLatch drained = new CountDownLatch(1);

  CommandRunner(
      DeliveryAttempts attempts,
      StoreThread store,
      EndpointRegistry endpoints,
      DeliveryMeters meters,
      InFlight inFlight,
      EndpointAnnouncer announcer,
      Consumer<Message> scheduler) {
    this.attempts = attempts;
    this.store = store;
    this.endpoints = endpoints;
    this.meters = meters;
    this.inFlight = inFlight;
    this.announcer = announcer;
    this.scheduler = scheduler;
  }

  /** Waits until nothing is in flight any more, after the scheduler was told to drain. */
  void awaitDrained(Duration most) {
    try {
      if (!drained.await(most.toMillis(), TimeUnit.MILLISECONDS)) {
        LOG.atInfo().log("Stopping with requests in flight; their deliveries stay open.");
      }
    } catch (InterruptedException hurry) {
      Thread.currentThread().interrupt();
    }
  }

  /** Completes when the scheduler, told to stop a tenant, has done so. */
  CompletableFuture<@Nullable Void> whenStopped(String tenant) {
    return stopping.computeIfAbsent(tenant, _ -> new CompletableFuture<>());
  }

  @Override
  public void accept(Command command) {
    switch (command) {
      case Command.Send send -> {
        inFlight.began(send.delivery());
        Thread.ofVirtual().start(() -> send(send));
      }
      case Command.RecordAttempt(var attempt, var next, var event) -> record(attempt, next, event);
      case Command.ReadPage(var request) -> store.page(request);
      case Command.SaveHealth save -> save(save);
      case Command.SaveHolds(var endpoint, var holds) -> {
        endpoints.holds(endpoint, holds);
        store.holds(endpoint, holds);
      }
      case Command.TenantStopped(var tenant) -> {
        CompletableFuture<@Nullable Void> waiting = stopping.remove(tenant);
        if (waiting != null) {
          waiting.complete(null);
        }
      }
      case Command.ReleaseLane(var lane) -> store.release(lane);
      case Command.Drained() -> drained.countDown();
    }
  }

  private void send(Command.Send send) {
    Message.Result result = attempts.attempt(send.delivery(), send.n());
    inFlight.finished(send.delivery(), result);
    scheduler.accept(new Message.Finished(send.delivery(), result));
  }

  private void record(Attempt attempt, Next next, @Nullable Tried event) {
    meters.attempt(attempt, next);
    if (next instanceof Next.Delivered) {
      endpoints.delivered(attempt.delivery().endpoint(), attempt.time());
    }
    if (attempt.status() == UNAUTHORIZED || attempt.status() == FORBIDDEN) {
      endpoints.refused(attempt.delivery().endpoint(), attempt.time());
    }
    String error = attempt.error();
    if (error != null && attempt.status() == 0 && UNSENDABLE.contains(attempt.outcome())) {
      endpoints.unsendable(attempt.delivery().endpoint(), error);
    }
    if (LOG.isDebugEnabled()) {
      LOG.atDebug()
          .addKeyValue("endpoint", endpoints.row(attempt.delivery().endpoint()).name())
          .addKeyValue("n", attempt.n())
          .addKeyValue("class", attempt.outcome().wire())
          .addKeyValue("status", attempt.status())
          .log("attempt");
    }
    store.record(new Write.Record(attempt, next, announcer.outcome(attempt, next, event)));
  }

  private void save(Command.SaveHealth save) {
    EndpointState state = save.health().state();
    if (state == save.before()) {
      store.health(new Write.Health(save.endpoint(), save.health(), announcer.health(save)));
      return;
    }
    EndpointRow row = endpoints.health(save.endpoint(), save.health());
    store.health(new Write.Health(save.endpoint(), save.health(), announcer.health(save)));
    endpoints.saved(row);
    (state == EndpointState.HEALTHY ? LOG.atInfo() : LOG.atWarn())
        .addKeyValue("endpoint", row.name())
        .addKeyValue("before", save.before())
        .addKeyValue("state", state)
        .addKeyValue("class", save.health().lastError())
        .log(NextStep.transition(save.before(), state));
  }
}
