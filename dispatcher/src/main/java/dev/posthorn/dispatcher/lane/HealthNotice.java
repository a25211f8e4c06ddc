package dev.posthorn.dispatcher.lane;

import java.time.Instant;

/**
 * Something about an endpoint's health that people should know.
 *
 * @param kind what
 * @param since when the failures began that it is about
 */
public record HealthNotice(Kind kind, Instant since) {
  /** What is told. */
  public enum Kind {
    /** So many attempts failed in a row that only probes are sent. */
    FAILING,
    /** It is disabled soon if nothing succeeds. */
    DISABLING_SOON,
    /** It gets nothing more. */
    DISABLED,
    /** Somebody re-enabled it. */
    ENABLED,
    /** A delivery succeeded. */
    RECOVERED
  }
}
