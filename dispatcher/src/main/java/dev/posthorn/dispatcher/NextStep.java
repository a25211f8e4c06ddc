package dev.posthorn.dispatcher;

import dev.posthorn.core.config.OutcomeClass;
import dev.posthorn.dispatcher.store.EndpointRow;
import dev.posthorn.dispatcher.store.EndpointState;
import dev.posthorn.dispatcher.store.Retention;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;

/**
 * One sentence for people about an endpoint: since when, why, how much waits, what happens next,
 * what to do. The same in the API, the portal, notices and the command line.
 */
final class NextStep {
  private NextStep() {}

  /**
   * An endpoint that gets its deliveries.
   *
   * @param dead deliveries that were given up before
   */
  static String healthy(EndpointRow.Health health, long waiting, long dead) {
    return waiting > 0 || dead == 0
        ? of(health, waiting)
        : "%s given up, everything else was delivered: once the receiver is well, posthorn replay --select DeadLetters delivers what was given up."
            .formatted(dead == 1 ? "1 delivery was" : dead + " deliveries were");
  }

  /** An endpoint that gets its deliveries, or would if its receiver answered. */
  static String of(EndpointRow.Health health, long waiting) {
    String since = time(health.since());
    return switch (health.state()) {
      case HEALTHY ->
          waiting == 0
              ? "Everything accepted was delivered; nothing to do."
              : waits(waiting) + ", on its way or until its retry; nothing to do.";
      case FAILING ->
          "Failing since %s (%s): %s while one delivery at a time probes it; %s."
              .formatted(since, meaning(health), waits(waiting), cure(health));
      case DISABLED ->
          "Disabled since %s (%s): %s until it is enabled; %s, then enable it."
              .formatted(since, meaning(health), waits(waiting), cure(health));
    };
  }

  /** An endpoint to which the last request could not be made. */
  static String unsendable(String reason, long waiting) {
    return "%s: the last request could not be made: %s. It is retried on its schedule."
        .formatted(waits(waiting), reason);
  }

  /** An endpoint whose receiver refuses what is signed, after a key of it has ended. */
  static String formerKey(String keyId, Instant end, long waiting) {
    return "Refused with 401 or 403 after %s ended at %s: %s; the receiver needs the present key (posthorn reveal)."
        .formatted(keyId, time(end), waits(waiting));
  }

  /** An endpoint whose resource says {@code suspend: true}. */
  static String suspended(long waiting) {
    return "Suspended: %s until spec.suspend is removed.".formatted(waits(waiting));
  }

  /**
   * An endpoint without a key that may sign now.
   *
   * @param successor the key that waits to be acknowledged; null where there is none
   */
  static String paused(@Nullable String successor, long waiting) {
    return successor == null
        ? "Paused, since no key may sign: %s until its SigningSecret has one; put a new key into the Secret that it refers to."
            .formatted(waits(waiting))
        : "Paused, since its key was revoked: %s; give %s to the receiver (posthorn reveal), then acknowledge it."
            .formatted(waits(waiting), successor);
  }

  /**
   * An endpoint that gets nothing because the configuration may be too old.
   *
   * @param since since when its changes do not arrive
   */
  static String stale(Instant since, long waiting) {
    return "Held: changes of the configuration have not arrived since %s, so a revocation may be missing: %s until the Kubernetes API server answers the dispatcher again; the platform team looks at the dispatcher's log."
        .formatted(time(since), waits(waiting));
  }

  /** An endpoint whose resource is gone. */
  static String gone(long waiting) {
    return "Its resource is gone: %s until it is created again, for %d days."
        .formatted(waits(waiting), Retention.REMOVED.toDays());
  }

  /** The line of the log when the state changes. */
  static String transition(EndpointState before, EndpointState after) {
    return switch (after) {
      case HEALTHY ->
          before == EndpointState.DISABLED
              ? "Endpoint enabled: deliveries continue, oldest first."
              : "Endpoint recovered: deliveries continue.";
      case FAILING -> "Endpoint failing: one delivery at a time probes it, the rest waits.";
      case DISABLED -> "Endpoint disabled: its deliveries wait until somebody enables it.";
    };
  }

  private static String waits(long waiting) {
    return waiting == 1 ? "1 delivery waits" : waiting + " deliveries wait";
  }

  private static String meaning(EndpointRow.Health health) {
    OutcomeClass last = health.lastError();
    return last == null ? "no answer yet" : last.wire() + ": " + last.meaning();
  }

  private static String cure(EndpointRow.Health health) {
    OutcomeClass last = health.lastError();
    return last == null ? "look at the delivery log" : last.cure();
  }

  private static String time(Instant time) {
    return time.truncatedTo(ChronoUnit.SECONDS).toString();
  }
}
