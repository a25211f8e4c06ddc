package dev.posthorn.dispatcher.store;

import dev.posthorn.dispatcher.store.DeliveryLog.Range;
import dev.posthorn.dispatcher.store.DeliveryLog.Slice;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads replays, and what they are to look at. Thread-safe; bounded as {@link DeliveryLog}. */
public interface ReplayLog {
  /** Replays of a tenant, newest first; the range is over the time they were asked for. */
  Slice<ReplayRow> list(String tenant, Range range);

  /** One replay of a tenant. */
  Optional<ReplayRow> find(String tenant, long number);

  /** One replay, whose ever it is. */
  Optional<ReplayRow> find(long number);

  /** The numbers of all that run, oldest first. */
  List<Long> running();

  /**
   * The next events that a replay may be about, in the order of its cursor. What is accepted at
   * {@code settled} or later is not shown yet, since it may still be on its way to the store.
   */
  Candidates candidates(ReplayRow replay, int limit, Instant settled);

  /**
   * Events to look at.
   *
   * @param next the cursor behind all of them
   * @param end whether nothing follows
   */
  record Candidates(List<Candidate> events, String next, boolean end) {}

  /**
   * An event, and what became of it at the replay's endpoint.
   *
   * @param mark the cursor behind it
   * @param seq its number; -1 where the tenant has no such event
   * @param accepted its acceptance; null where there is no such event
   * @param kept whether its data is there
   */
  record Candidate(
      String mark,
      long seq,
      String type,
      @Nullable Instant accepted,
      boolean kept,
      Standing standing) {}

  /** Where an event stands at an endpoint. */
  enum Standing {
    /** It never was to go there. */
    NOWHERE,
    /** Open, on its way to its first attempt. */
    FRESH,
    /** Open, and due at a time. */
    RETRY,
    /** Ended without success. */
    DEAD,
    /** The receiver has it. */
    DELIVERED
  }
}
