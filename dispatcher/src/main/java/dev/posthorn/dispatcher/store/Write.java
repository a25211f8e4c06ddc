package dev.posthorn.dispatcher.store;

import dev.posthorn.core.config.KeyDenial;
import dev.posthorn.core.config.ResourceName;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One thing to be written. All writes of one transaction become durable together or not at all. */
public sealed interface Write {
  /**
   * Stores events with one open delivery per target; answers with {@link Written.Accepts}.
   *
   * @param events in the order of the publish; all or nothing
   * @param once under this name they are stored once and never again: a system event, whose cause
   *     is looked at more often than it happens; null for what producers publish
   */
  record Accept(List<NewEvent> events, @Nullable String once) implements Write {
    /** What a producer publishes. */
    public Accept(List<NewEvent> events) {
      this(events, null);
    }
  }

  /**
   * Logs an attempt and moves its delivery on. Nothing is written where the delivery is not open or
   * has passed this attempt already. Answers with {@link Written.Recorded}.
   *
   * @param notices system events that it causes: written with it, or not at all
   */
  @SuppressWarnings("AvoidCommonTypeNames") // Always said with its owner.
  record Record(Attempt attempt, Next next, List<Accept> notices) implements Write {
    /** An outcome that nobody is told of. */
    public Record(Attempt attempt, Next next) {
      this(attempt, next, List.of());
    }
  }

  /**
   * Gives an endpoint its number, or finds it; answers with {@link Written.Registered}.
   *
   * @param lane the lane of its tenant
   */
  record Register(ResourceName name, String tenant, int lane) implements Write {}

  /**
   * Replaces an endpoint's health; answers with {@link Written.Done}.
   *
   * @param notices system events that the change causes, written with it
   */
  record Health(int endpoint, EndpointRow.Health health, List<Accept> notices) implements Write {
    /** A change that nobody is told of. */
    public Health(int endpoint, EndpointRow.Health health) {
      this(endpoint, health, List.of());
    }
  }

  /** Replaces the times in which an endpoint got nothing; answers with {@link Written.Done}. */
  record Hold(int endpoint, Holds holds) implements Write {}

  /**
   * Takes note that an endpoint's resource is gone, or back; answers with {@link Written.Done}.
   *
   * @param time since when it is gone; null where it is back
   */
  record Removal(int endpoint, @Nullable Instant time) implements Write {}

  /**
   * Keeps a record that could not be mapped, once per source and position; answers with {@link
   * Written.Done}.
   *
   * @param notices system events that it causes, written with it
   */
  record Reject(RejectedRecord record, List<Accept> notices) implements Write {
    /** A record that nobody is told of. */
    public Reject(RejectedRecord record) {
      this(record, List.of());
    }
  }

  /**
   * Takes note of what a caller asks for; answers with {@link Written.Done}.
   *
   * @param denial the key that he revokes, which from now on may not sign; null for none
   */
  record Audit(AuditEntry entry, @Nullable KeyDenial denial) implements Write {}

  /**
   * Begins the erasure of the tenant of {@code entry}, unless one runs: destroys its key, and takes
   * note of it in the audit log. Until it is complete, publishes for the tenant are answered with
   * {@link Written.Refused} and outcomes as if their deliveries were not open. Answers with {@link
   * Written.Begun}.
   *
   * @param goneEndpoints numbers of its endpoints whose resource is gone: their names are free from
   *     now on
   * @param sources streams of that tenant alone
   */
  record Erase(AuditEntry entry, List<Integer> goneEndpoints, List<String> sources)
      implements Write {}

  /**
   * Goes on with the oldest erasure that is not complete; answers with {@link Written.Sliced}. It
   * is complete once {@link DeliveryStore#maintain} has emptied the log after the last rows went.
   *
   * @param now the present
   * @param rows how many rows it may delete, about
   */
  record EraseSlice(Instant now, int rows) implements Write {}

  /**
   * Deletes what retention no longer keeps, a slice at a time; answers with {@link
   * Written.Retained}. Open deliveries of expired payloads end first, as dead letters of class
   * {@code expired}; so do those of endpoints that are gone for {@link Retention#REMOVED}, as
   * {@code endpoint_removed}.
   *
   * @param now the present
   * @param retention what is kept
   * @param rows how many rows of each kind it may delete
   * @param notices what is told of the deliveries that it ends
   */
  record Retain(Instant now, Retention retention, int rows, EndingNotices notices)
      implements Write {
    /** The same, and nobody is told. */
    public Retain(Instant now, Retention retention, int rows) {
      this(now, retention, rows, EndingNotices.NONE);
    }
  }

  /** Opens deliveries again, or keeps account of it; answers with {@link Written.Replayed}. */
  record Replaying(ReplayWrite write) implements Write {}

  /** Gives up a lane after everything written before; answers with {@link Written.Done}. */
  record Release(int lane) implements Write {}

  /**
   * Asks the other process that sends to an endpoint to enable it; answers with {@link
   * Written.Done}.
   */
  record AskEnable(int endpoint) implements Write {}

  /**
   * Writes something that takes room and nothing else, to find out whether the store can write
   * again; answers with {@link Written.Done}.
   */
  record Probe() implements Write {}
}
