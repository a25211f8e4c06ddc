package dev.posthorn.dispatcher;

import dev.posthorn.core.config.OutcomeClass;
import dev.posthorn.core.event.Event;
import dev.posthorn.dispatcher.lane.Message;
import dev.posthorn.dispatcher.lane.Tried;
import dev.posthorn.dispatcher.send.Exchange;
import dev.posthorn.dispatcher.send.FrozenBody;
import dev.posthorn.dispatcher.send.Preparation;
import dev.posthorn.dispatcher.send.Prepared;
import dev.posthorn.dispatcher.send.Transport;
import dev.posthorn.dispatcher.snapshot.Destination;
import dev.posthorn.dispatcher.snapshot.Snapshot;
import dev.posthorn.dispatcher.store.AttemptDetail;
import dev.posthorn.dispatcher.store.DeliveryKey;
import dev.posthorn.dispatcher.store.DeliveryLog;
import dev.posthorn.dispatcher.store.StoreUnavailableException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One try of a delivery, from its key to its result: find the event, prepare the request, send it.
 * Runs on a virtual thread of its own and blocks there.
 */
final class DeliveryAttempts {
  private static final Logger LOG = LoggerFactory.getLogger(DeliveryAttempts.class);

  /**
   * Between two tries of a delivery while the store is away. The try is under way meanwhile, so
   * that it keeps its place among those that are limited.
   */
  private static final Duration STORE_PAUSE = Duration.ofSeconds(1);

  private final Supplier<@Nullable Snapshot> snapshots;
  private final EventCache cache;
  private final DeliveryLog log;
  private final Preparation preparation;
  private final Transport transport;
  private final BooleanSupplier maySend;
  private final Runnable unsignable;
  private final InstantSource clock;
  private final Consumer<Duration> sleep;

  /**
   * Creates the pipeline.
   *
   * @param maySend whether a request may be started: no other process can have its delivery yet
   * @param unsignable is told of each try that found no key: whether endpoints have one must be
   *     looked at again; must not block
   * @param sleep waits on the calling thread
   */
  DeliveryAttempts(
      Supplier<@Nullable Snapshot> snapshots,
      EventCache cache,
      DeliveryLog log,
      Preparation preparation,
      Transport transport,
      BooleanSupplier maySend,
      Runnable unsignable,
      InstantSource clock,
      Consumer<Duration> sleep) {
    this.snapshots = snapshots;
    this.cache = cache;
    this.log = log;
    this.preparation = preparation;
    this.transport = transport;
    this.maySend = maySend;
    this.unsignable = unsignable;
    this.clock = clock;
    this.sleep = sleep;
  }

  /**
   * Tries a delivery.
   *
   * <p>Where the store cannot be read this try never was: the delivery is put back, after a pause.
   *
   * <p>What nobody foresaw fails this one delivery, visibly and on its schedule: one event that
   * breaks an expression or a codec must not stop all tenants.
   */
  Message.Result attempt(DeliveryKey delivery, int n) {
    long start = clock.millis();
    try {
      return attempt(delivery, n, start);
    } catch (StoreUnavailableException away) {
      LOG.atDebug()
          .addKeyValue("endpoint", delivery.endpoint())
          .addKeyValue("seq", delivery.seq())
          .addKeyValue("error", away.getMessage())
          .log("The store cannot be read; the delivery waits.");
      Message.Result never = unsent(start, OutcomeClass.SHUTDOWN, null);
      sleep.accept(STORE_PAUSE);
      return never;
    } catch (RuntimeException unexpected) {
      return unforeseen(delivery, start, unexpected);
    }
  }

  private Message.Result attempt(DeliveryKey delivery, int n, long start) {
    Snapshot snapshot = snapshots.get();
    Optional<Destination> to =
        snapshot == null ? Optional.empty() : snapshot.destination(delivery.endpoint());
    if (snapshot == null || to.isEmpty() || !maySend.getAsBoolean()) {
      return unsent(start, OutcomeClass.SHUTDOWN, null);
    }
    Optional<Event> event = event(delivery);
    if (event.isEmpty()) {
      return unsent(start, OutcomeClass.EXPIRED, "the event is older than retention.payloadDays");
    }
    Message.Result result;
    try {
      result = attempt(delivery, event.get(), n, to.get(), snapshot, start);
    } catch (StoreUnavailableException away) {
      throw away;
    } catch (RuntimeException unexpected) {
      result = unforeseen(delivery, start, unexpected);
    }
    return result.of(Tried.of(event.get()));
  }

  /** Waits on the calling thread. */
  static void sleep(Duration pause) {
    try {
      TimeUnit.MILLISECONDS.sleep(pause.toMillis());
    } catch (InterruptedException hurry) {
      Thread.currentThread().interrupt();
    }
  }

  private Message.Result unforeseen(DeliveryKey delivery, long start, RuntimeException why) {
    LOG.atError()
        .setCause(why)
        .addKeyValue("endpoint", delivery.endpoint())
        .addKeyValue("seq", delivery.seq())
        .log("An attempt failed in an unforeseen way; it is retried. Please report this.");
    return unsent(
        start, OutcomeClass.PAYLOAD_ERROR, "internal error; the dispatcher's log has the cause");
  }

  private Message.Result attempt(
      DeliveryKey delivery, Event event, int n, Destination to, Snapshot snapshot, long start) {
    FrozenBody frozen =
        n == 1 ? null : log.frozenBody(delivery).map(FrozenBody::parse).orElse(null);
    Prepared prepared =
        preparation.prepare(event, to, n, frozen, snapshot.guard(), clock.instant());
    return switch (prepared) {
      case Prepared.Unsendable(var outcome, var reason) ->
          outcome == OutcomeClass.SIGNING_UNAVAILABLE
              ? unsigned(start)
              : unsent(start, outcome, reason);
      case Prepared.Ready ready -> send(start, ready, to, snapshot, frozen == null);
    };
  }

  private Message.Result send(
      long start, Prepared.Ready ready, Destination to, Snapshot snapshot, boolean freeze) {
    Exchange exchange =
        transport.send(ready.request(), () -> mayStillSend(snapshot, to.number(), ready.keyIds()));
    return exchange.outcome() == OutcomeClass.SIGNING_UNAVAILABLE
        ? unsigned(start)
        : sent(start, ready, exchange, to, snapshot, freeze);
  }

  private boolean mayStillSend(Snapshot signedBy, int endpoint, List<String> keyIds) {
    Snapshot present = snapshots.get();
    boolean signed =
        present == signedBy
            || (present != null
                && present.destination(endpoint).filter(to -> to.hasKeys(keyIds)).isPresent());
    return signed && maySend.getAsBoolean();
  }

  /** No key may sign now, or not that one any more: the delivery waits, this try never was. */
  private Message.Result unsigned(long start) {
    unsignable.run();
    return unsent(start, OutcomeClass.SHUTDOWN, null);
  }

  private Optional<Event> event(DeliveryKey delivery) {
    Optional<Event> cached = cache.take(delivery.seq());
    return cached.isPresent()
        ? cached
        : log.load(delivery.seq()).map(DeliveryLog.StoredEvent::event);
  }

  private Message.Result unsent(long start, OutcomeClass outcome, @Nullable String reason) {
    return new Message.Result(
        start, clock.millis(), outcome, 0, reason, 0, null, AttemptDetail.NONE);
  }

  private Message.Result sent(
      long start,
      Prepared.Ready ready,
      Exchange exchange,
      Destination to,
      Snapshot snapshot,
      boolean freeze) {
    if (exchange.outcome() == OutcomeClass.POLICY_DENIED) {
      LOG.atWarn()
          .addKeyValue("endpoint", to.config().name())
          .addKeyValue("rule", exchange.platformDetail())
          .log("Egress denied. Correct the URL, or allow the destination in the Dispatcher.");
    }
    boolean delivered = exchange.outcome() == OutcomeClass.DELIVERED;
    return new Message.Result(
        start,
        clock.millis(),
        exchange.outcome(),
        exchange.status(),
        exchange.error(),
        exchange.retryAfter() == null ? 0 : exchange.retryAfter().toMillis(),
        freeze && !delivered ? ready.frozen().toBytes() : null,
        AttemptLog.detail(ready, exchange, to.config(), snapshot.settings().log()));
  }
}
