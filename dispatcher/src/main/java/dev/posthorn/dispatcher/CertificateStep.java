package dev.posthorn.dispatcher;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.stream.Stream;

/** When it is told that a certificate ends. */
enum CertificateStep {
  /** It has ended. */
  ENDED(Duration.ZERO),
  /** A day is left. */
  ONE_DAY(Duration.ofDays(1)),
  /** Three days are left. */
  THREE_DAYS(Duration.ofDays(3)),
  /** Two weeks are left. */
  FOURTEEN_DAYS(Duration.ofDays(14));

  private final Duration left;

  CertificateStep(Duration left) {
    this.left = left;
  }

  /** The step that a certificate which ends at {@code notAfter} has reached; empty before all. */
  static Optional<CertificateStep> of(Instant notAfter, Instant now) {
    return Stream.of(values()).filter(step -> !now.isBefore(notAfter.minus(step.left))).findFirst();
  }
}
