package dev.posthorn.dispatcher.source;

import dev.posthorn.core.config.StreamConfig;
import dev.posthorn.core.egress.EgressGuard;
import dev.posthorn.core.event.PublishedEvent;
import dev.posthorn.dispatcher.accept.Acceptance;
import dev.posthorn.dispatcher.accept.Acceptor;
import dev.posthorn.dispatcher.store.RejectedRecord;
import dev.posthorn.dispatcher.store.StoreUnavailableException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BiFunction;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import redis.clients.jedis.exceptions.JedisAccessControlException;
import redis.clients.jedis.exceptions.JedisDataException;
import redis.clients.jedis.exceptions.JedisException;

/**
 * Reads one Redis stream as a member of its consumer group, for ever: connect, take up what an
 * earlier life left, then read, store, acknowledge. A server that is away is tried again without
 * end; a store that cannot write holds the stream up, and nothing is acknowledged. Entries of a
 * tenant that is being erased stay unacknowledged, those of others go on, and the former are read
 * again until that is done. Where a tenant has as much stored as it may, its own stream waits, and
 * its records of a shared one are rejected.
 */
final class StreamReader implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(StreamReader.class);
  private static final int WAIT_MILLIS = 1_000;
  private static final long TAKE_OVER_MILLIS = 15_000;
  private static final long HELD_MILLIS = 5_000;
  private static final long FIRST_PAUSE_MILLIS = 100;
  private static final long LONGEST_PAUSE_MILLIS = 5_000;
  private static final String QUOTA = "quota";

  /**
   * What readers share.
   *
   * @param consumer this process's name in consumer groups, the same in its next life
   * @param reject keeps a record that is no event
   * @param maxPayloadBytes the largest data of one event, as configured now
   */
  record Parts(
      String consumer,
      Acceptor acceptor,
      BiFunction<StreamConfig, RejectedRecord, CompletableFuture<Void>> reject,
      IntSupplier maxPayloadBytes,
      SourceMeters meters,
      InstantSource clock) {}

  private final StreamConfig config;
  private final @Nullable EgressGuard guard;
  private final EntryReader entries;
  private final Parts parts;
  private final CountDownLatch stopped = new CountDownLatch(1);
  private final Thread thread;
  private volatile StreamState state = StreamState.CONNECTING;
  private volatile @Nullable RedisConnection open;
  private boolean groupMade;
  private long takenOver;

  /** Whether entries are left unacknowledged, and since when. */
  private boolean holding;

  private long holdingSince;

  StreamReader(StreamConfig config, @Nullable EgressGuard guard, EntryReader entries, Parts parts) {
    this.config = config;
    this.guard = guard;
    this.entries = entries;
    this.parts = parts;
    this.thread = Thread.ofVirtual().name("posthorn-stream-" + config.name()).unstarted(this::run);
  }

  void start() {
    thread.start();
  }

  StreamConfig config() {
    return config;
  }

  /** Whether it reads just this, judged by just that policy. */
  boolean serves(@Nullable StreamConfig wanted, EgressGuard judge) {
    return config.equals(wanted) && (guard == null || guard.policy().equals(judge.policy()));
  }

  StreamState state() {
    return state;
  }

  private void run() {
    long pause = FIRST_PAUSE_MILLIS;
    while (stopped.getCount() > 0) {
      try (var connection = RedisConnection.open(config, guard, parts.consumer())) {
        open = connection;
        connection.createGroup(from());
        groupMade = true;
        move(StreamState.CONNECTED, null);
        pause = FIRST_PAUSE_MILLIS;
        readAll(connection);
      } catch (JedisException failed) {
        if (stopped.getCount() > 0) {
          move(stateAfter(failed), failed);
        }
      } finally {
        open = null;
      }
      waitFor(pause);
      pause = Math.min(LONGEST_PAUSE_MILLIS, pause * 2);
    }
  }

  /** A group that vanished while it was read is made from the beginning: skipping would lose. */
  private String from() {
    boolean end = config.redis().startFrom() == StreamConfig.StartFrom.END && !groupMade;
    return end ? "$" : "0";
  }

  private static StreamState stateAfter(JedisException failed) {
    boolean denied =
        failed instanceof JedisAccessControlException
            || (failed instanceof JedisDataException
                && String.valueOf(failed.getMessage()).startsWith("NOAUTH"));
    return denied ? StreamState.AUTHENTICATION_FAILED : StreamState.UNREACHABLE;
  }

  private void move(StreamState next, @Nullable JedisException cause) {
    if (next == state) {
      return;
    }
    state = next;
    (next == StreamState.CONNECTED ? LOG.atInfo() : LOG.atWarn())
        .addKeyValue("stream", config.name())
        .addKeyValue("address", config.redis().address())
        .addKeyValue("cause", cause(cause))
        .log(
            switch (next) {
              case CONNECTED -> "Stream connected.";
              case CONNECTING -> "Connecting to the stream.";
              case AUTHENTICATION_FAILED ->
                  "Stream refuses the login: mend the Secret that credentialsRef names. Trying on.";
              case UNREACHABLE ->
                  cause instanceof DeniedBrokerException
                      ? "The egress guard denies the stream's server: open it in the Dispatcher's"
                          + " egress, or have its owner name another. Trying on."
                      : "Stream unreachable: check address, network and server. Trying on.";
            });
  }

  /** What a guard says is for this log only; other messages may hold anything. */
  private static @Nullable String cause(@Nullable JedisException cause) {
    return switch (cause) {
      case null -> null;
      case DeniedBrokerException denied -> denied.getMessage();
      default -> cause.getClass().getSimpleName();
    };
  }

  private void readAll(RedisConnection connection) {
    readOwnPending(connection, false);
    takenOver = 0;
    while (stopped.getCount() > 0) {
      long now = parts.clock().millis();
      if (now - takenOver >= TAKE_OVER_MILLIS) {
        takenOver = now;
        store(connection, connection.takeOver());
      }
      if (holding && now - holdingSince >= HELD_MILLIS) {
        holding = false;
        readOwnPending(connection, true);
      }
      store(connection, connection.next(WAIT_MILLIS));
    }
  }

  /**
   * Reads what was read before and never acknowledged.
   *
   * @param untilHeld whether to stop at the first entries that have to wait longer, so that many of
   *     them do not hold up what comes next
   */
  private void readOwnPending(RedisConnection connection, boolean untilHeld) {
    String after = "0";
    while (stopped.getCount() > 0) {
      List<StreamEntry> pending = connection.ownPending(after);
      if (pending.isEmpty()) {
        return;
      }
      store(connection, pending);
      if (untilHeld && holding) {
        return;
      }
      after = pending.getLast().id();
    }
  }

  /** Stores a batch and acknowledges it; tries until that worked or the reader is stopped. */
  private void store(RedisConnection connection, List<StreamEntry> batch) {
    if (batch.isEmpty()) {
      return;
    }
    var events = new LinkedHashMap<String, PublishedEvent>();
    var rejected = new ArrayList<RejectedRecord>();
    for (StreamEntry entry : batch) {
      read(entry, events, rejected);
    }
    var held = new HashSet<String>();
    while (stopped.getCount() > 0) {
      if (stored(events, held, rejected)) {
        acknowledge(connection, batch.stream().filter(each -> !held.contains(each.id())).toList());
        hold(!held.isEmpty());
        return;
      }
    }
  }

  private static void acknowledge(RedisConnection connection, List<StreamEntry> entries) {
    if (!entries.isEmpty()) {
      connection.acknowledge(entries);
    }
  }

  private void hold(boolean some) {
    if (some && !holding) {
      holding = true;
      holdingSince = parts.clock().millis();
    }
  }

  private void read(
      StreamEntry entry, Map<String, PublishedEvent> events, List<RejectedRecord> rejected) {
    switch (entries.read(entry, parts.clock().instant(), parts.maxPayloadBytes().getAsInt())) {
      case EntryReading.Mapped(var event) -> events.put(entry.id(), event);
      case EntryReading.Filtered() -> parts.meters().filtered();
      case EntryReading.Trimmed() -> parts.meters().trimmed();
      case EntryReading.Unmappable(var reason, var message, var payload) ->
          rejected.add(rejected(entry.id(), reason, message, payload));
    }
  }

  private RejectedRecord rejected(String id, String reason, String message, byte[] payload) {
    parts.meters().rejected(reason);
    return new RejectedRecord(
        config.name().toString(), id, parts.clock().instant(), reason, message, payload);
  }

  /** A tenant that is full does not hold up the others: its records are noted, not kept. */
  private void reject(
      Acceptance.Full full, Map<String, PublishedEvent> events, List<RejectedRecord> rejected) {
    events
        .entrySet()
        .removeIf(entry -> {
          boolean over = entry.getValue().tenant().equals(full.tenant());
          if (over) {
            rejected.add(rejected(entry.getKey(), QUOTA, full.message(), new byte[0]));
          }
          return over;
        });
  }

  private boolean stored(
      Map<String, PublishedEvent> events, Set<String> held, List<RejectedRecord> rejected) {
    if (!events.isEmpty()) {
      switch (parts.acceptor().accept(List.copyOf(events.values()), "redis")) {
        case Acceptance.Durable _ -> {}
        case Acceptance.Erasing(String tenant) -> {
          events.forEach((id, event) -> {
            if (event.tenant().equals(tenant)) {
              held.add(id);
            }
          });
          events.keySet().removeAll(held);
          return false;
        }
        case Acceptance.Full full -> {
          if (config.tenant() == null) {
            reject(full, events, rejected);
          } else {
            waitFor(HELD_MILLIS);
          }
          return false;
        }
        case Acceptance.Refused(var _, var _, int retryAfterSeconds) -> {
          waitFor(TimeUnit.SECONDS.toMillis(Math.max(1, retryAfterSeconds)));
          return false;
        }
      }
    }
    try {
      CompletableFuture.allOf(
              rejected.stream()
                  .map(record -> parts.reject().apply(config, record))
                  .toArray(CompletableFuture[]::new))
          .join();
      return true;
    } catch (CompletionException failed) {
      if (failed.getCause() instanceof StoreUnavailableException) {
        waitFor(WAIT_MILLIS);
        return false;
      }
      throw failed;
    }
  }

  private void waitFor(long millis) {
    try {
      if (stopped.await(millis, TimeUnit.MILLISECONDS)) {
        return;
      }
    } catch (InterruptedException stop) {
      stopped.countDown();
    }
  }

  /** Stops reading; what is not acknowledged is read again in the next life. */
  @Override
  public void close() {
    stopped.countDown();
    RedisConnection connection = open;
    if (connection != null) {
      connection.close();
    }
    try {
      thread.join(TimeUnit.SECONDS.toMillis(5));
    } catch (InterruptedException hurry) {
      Thread.currentThread().interrupt();
    }
  }
}
