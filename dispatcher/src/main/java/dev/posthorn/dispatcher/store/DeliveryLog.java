package dev.posthorn.dispatcher.store;

import dev.posthorn.core.config.OutcomeClass;
import dev.posthorn.core.event.Event;
import dev.posthorn.core.event.EventId;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Reads what happened: events, attempts, dead letters, rejected records. Thread-safe; every query
 * is bounded in rows read, so a page may be short and yet have a cursor.
 */
public interface DeliveryLog {
  /**
   * A page of a list, newest first.
   *
   * @param items at most as many as asked for; perhaps fewer, even none, before the end
   * @param next the cursor of the next page, or null at the end
   */
  record Slice<T>(List<T> items, @Nullable String next) {}

  /**
   * Which rows of a list.
   *
   * @param limit 1..500
   * @param cursor {@link Slice#next} of the page before, or null for the first
   * @param fromTime inclusive, or null
   * @param toTime exclusive, or null
   */
  record Range(
      int limit, @Nullable String cursor, @Nullable Instant fromTime, @Nullable Instant toTime) {}

  /**
   * Which attempts.
   *
   * @param endpoint number of the endpoint, or null for all of the tenant
   * @param event the event, or null
   * @param outcome the class, or null
   */
  record AttemptFilter(
      @Nullable Integer endpoint, @Nullable EventId event, @Nullable OutcomeClass outcome) {}

  /**
   * An event as stored.
   *
   * @param targets numbers of the endpoints it went to, frozen at acceptance
   */
  record StoredEvent(long seq, Event event, List<Integer> targets) {}

  /**
   * A delivery of an event.
   *
   * @param endpoint number of the endpoint
   * @param state where it stands
   * @param attempts how many attempts it had, since a replay opened it where one did
   * @param due when the next one is due; null where none is, or it was never attempted
   */
  record DeliveryView(int endpoint, DeliveryState state, int attempts, @Nullable Instant due) {}

  /** Where a delivery stands. */
  enum DeliveryState {
    /** Open: in flight, waiting for its turn or for its retry. */
    WAITING,
    /** The receiver has it. */
    DELIVERED,
    /** Ended without success. */
    DEAD
  }

  /**
   * An attempt with its number in the log.
   *
   * @param id unique in the log, ascending
   * @param event the event's id
   * @param replay how many times its delivery had been opened again by then; 0 for its first life
   */
  record LoggedAttempt(long id, EventId event, int replay, Attempt attempt) {
    /** An attempt of a delivery's first life. */
    public LoggedAttempt(long id, EventId event, Attempt attempt) {
      this(id, event, 0, attempt);
    }
  }

  /**
   * A dead letter.
   *
   * @param time when it ended
   * @param outcome the class of its last attempt
   */
  record DeadLetter(
      DeliveryKey delivery, EventId event, String type, Instant time, OutcomeClass outcome) {}

  /** A rejected record with its number, which is the cursor. */
  record LoggedReject(long id, RejectedRecord record) {}

  /** An entry of the audit log with its number, which is the cursor. */
  record LoggedAudit(long id, AuditEntry entry) {}

  /**
   * How much an endpoint has.
   *
   * @param waiting open deliveries
   * @param deadLetters dead letters
   */
  record Counts(long waiting, long deadLetters) {}

  /** The events of a tenant, without payload bytes; {@code type} filters exactly where given. */
  Slice<StoredEvent> events(String tenant, Range range, @Nullable String type);

  /** One event of a tenant; its data is empty once retention took the payload. */
  Optional<StoredEvent> event(String tenant, EventId id);

  /**
   * An event by its sequence number, whole: what the sender loads. Empty once retention took it.
   */
  Optional<StoredEvent> load(long seq);

  /** The body frozen with the first failed attempt of a delivery, if it has one. */
  Optional<byte[]> frozenBody(DeliveryKey delivery);

  /** All deliveries of an event. */
  List<DeliveryView> deliveries(StoredEvent event);

  /** Attempts of a tenant, without headers and bodies. */
  Slice<LoggedAttempt> attempts(String tenant, Range range, AttemptFilter filter);

  /** One attempt of a tenant, whole. */
  Optional<LoggedAttempt> attempt(String tenant, long id);

  /**
   * Dead letters of a tenant, those of the newest events first; of one endpoint where its number is
   * given. The range is over the time of their end.
   */
  Slice<DeadLetter> deadLetters(String tenant, Range range, @Nullable Integer endpoint);

  /** Records of streams that could not be mapped, of all tenants. */
  Slice<LoggedReject> rejected(Range range);

  /** What callers asked for about a tenant. */
  Slice<LoggedAudit> audit(String tenant, Range range);

  /** Whether there is, or was, something of a tenant. */
  boolean knows(String tenant);

  /** The last erasure of a tenant. */
  Optional<Erasure> erasure(String tenant);

  /** Replays. */
  ReplayLog replays();

  /** How much waits for an endpoint, and how many of its deliveries ended as dead letters. */
  Counts counts(int endpoint);

  /** Totals over the whole store, for the balance line and the metrics. */
  Totals totals();

  /**
   * How many bytes the payloads of a tenant take as they are stored, the last commit included; what
   * other processes store counts within 10 s. From memory.
   */
  long storedBytes(String tenant);

  /**
   * Totals.
   *
   * @param open open deliveries
   * @param dead dead letters
   * @param bytes size of the database on disk
   */
  record Totals(long open, long dead, long bytes) {}
}
