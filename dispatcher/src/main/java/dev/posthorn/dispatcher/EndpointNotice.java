package dev.posthorn.dispatcher;

import dev.posthorn.core.config.OutcomeClass;
import dev.posthorn.core.event.EventId;
import dev.posthorn.core.event.TypePattern;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What people are told of an endpoint: the data of a system event.
 *
 * @param kind what
 * @param time when it happened
 * @param since when what led to it began; null where that means nothing
 * @param cause the class of the failure; null where nothing failed
 * @param status HTTP status of the failure, 0 for none
 * @param deadline until when there is time to act; null where there is no such time
 * @param waits how many deliveries wait now
 * @param waitUntil when the first of them is given up if nothing changes, at the earliest; null
 *     where nothing is given up
 * @param given what was given up; null for other kinds
 * @param action what to do
 * @param nextStep the sentence about the endpoint, as everywhere
 * @param message one sentence for people about what happened
 */
record EndpointNotice(
    Kind kind,
    Instant time,
    @Nullable Instant since,
    @Nullable OutcomeClass cause,
    int status,
    @Nullable Instant deadline,
    long waits,
    @Nullable Instant waitUntil,
    @Nullable GivenUp given,
    String action,
    String nextStep,
    String message) {

  /**
   * Deliveries that were given up.
   *
   * @param deliveries how many
   * @param event the event's id; null where there are several
   * @param type the event's type; null where there are several
   */
  record GivenUp(int deliveries, @Nullable EventId event, @Nullable String type) {}

  /** What a notice says. */
  enum Kind {
    /** Deliveries became dead letters. */
    EXHAUSTED(
        "delivery.exhausted",
        "A delivery became a dead letter; one for all of an endpoint that end together at the end of their retention, or with the endpoint.",
        "Until when it can be delivered again (`retention.payloadDays`)."),
    /** Only probes are sent. */
    FAILING(
        "endpoint.failing",
        "Ten attempts in a row failed: one delivery at a time probes the endpoint, the rest waits.",
        "When the endpoint is disabled; absent with `autoDisable.mode: Never`."),
    /** It is disabled soon. */
    DISABLING_SOON(
        "endpoint.disabling-soon",
        "Nothing succeeded, and three quarters of `autoDisable.afterFailingSeconds` are over, or all but a day.",
        "When the endpoint is disabled."),
    /** It gets nothing more. */
    DISABLED(
        "endpoint.disabled",
        "Nothing succeeded for `autoDisable.afterFailingSeconds`, or the receiver answered 410: nothing is sent until somebody enables the endpoint.",
        "When the first delivery that waits is given up (`retention.payloadDays`)."),
    /** Somebody re-enabled it. */
    ENABLED(
        "endpoint.enabled",
        "Somebody enabled the endpoint, by the call or by `autoDisable.ignoreFailuresBefore`: deliveries continue, oldest first.",
        "None."),
    /** A delivery succeeded. */
    RECOVERED(
        "endpoint.recovered",
        "A delivery to a failing endpoint succeeded: deliveries continue.",
        "None."),
    /** The receiver's certificate ends soon, or has ended. */
    CERTIFICATE_EXPIRING(
        "endpoint.certificate-expiring",
        "An attempt saw a certificate that ends in less than 14 days, 3 days or 1 day, or has ended: once for each of these and each certificate.",
        "When the certificate ends.");

    private final String eventType;
    private final String told;
    private final String deadline;

    Kind(String eventType, String told, String deadline) {
      this.eventType = TypePattern.SYSTEM_PREFIX + eventType;
      this.told = told;
      this.deadline = deadline;
    }

    /** The type of the system event. */
    String eventType() {
      return eventType;
    }

    /** When it is told, for the documentation. */
    String told() {
      return told;
    }

    /** What its deadline is, for the documentation. */
    String deadline() {
      return deadline;
    }
  }
}
