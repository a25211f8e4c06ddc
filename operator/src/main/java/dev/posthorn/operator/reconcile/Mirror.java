package dev.posthorn.operator.reconcile;

import dev.posthorn.crds.WebhookEndpointStatus.Delivery;
import dev.posthorn.operator.pods.EndpointReport;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What of an endpoint's health goes into its status, and when: a receiver that comes and goes must
 * not become a stream of writes. Counts and times are in metrics and the API. Pure.
 *
 * @param delivery what the status says
 * @param again when to look again; null = when the health changes
 * @param written whether {@code delivery} differs from the status before, and counts as a write
 */
record Mirror(@Nullable Delivery delivery, @Nullable Instant again, boolean written) {
  private static final Duration BETWEEN_WRITES = Duration.ofSeconds(60);
  private static final Duration HELD = Duration.ofSeconds(60);
  private static final String DISABLED = "Disabled";

  /**
   * Decides.
   *
   * @param status what the status says now; null while it says nothing
   * @param report what the dispatcher says; null while it has not
   * @param lastWrite of this endpoint's health; null for none
   * @param turn whether one more write is within the limit of all endpoints
   */
  static Mirror of(
      @Nullable Delivery status,
      @Nullable EndpointReport report,
      @Nullable Instant lastWrite,
      boolean turn,
      Instant now) {
    if (report == null || report.isSaidBy(status)) {
      return new Mirror(status, null, false);
    }
    boolean urgent =
        report.state().equals(DISABLED) || (status != null && status.state().equals(DISABLED));
    if (!urgent) {
      Instant due = due(report, lastWrite, now);
      if (due.isAfter(now)) {
        return new Mirror(status, due, false);
      }
      if (!turn) {
        return new Mirror(status, now.plusSeconds(1), false);
      }
    }
    return new Mirror(delivery(report), null, true);
  }

  private static Instant due(EndpointReport report, @Nullable Instant lastWrite, Instant now) {
    Instant due = lastWrite == null ? now : lastWrite.plus(BETWEEN_WRITES);
    boolean mustHold = report.state().equals("Failing") || report.state().equals("Healthy");
    Instant held = mustHold ? since(report, now).plus(HELD) : now;
    return held.isAfter(due) ? held : due;
  }

  private static Instant since(EndpointReport report, Instant now) {
    try {
      return report.since() == null ? Instant.MIN : Instant.parse(report.since());
    } catch (DateTimeException e) {
      return now;
    }
  }

  private static Delivery delivery(EndpointReport report) {
    return new Delivery(
        report.state(),
        report.since(),
        report.lastErrorClass(),
        report.nextStep(),
        report.deadLettersAtLeast());
  }
}
