package dev.posthorn.dispatcher.send;

import dev.posthorn.core.config.OutcomeClass;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How one request ended. {@link #toString()} shows neither headers nor body.
 *
 * @param outcome the one class of the attempt
 * @param status of the answer; 0 without one
 * @param headers of the answer, in order; empty without one
 * @param excerpt the first bytes of the answer's body, at most {@value #EXCERPT_BYTES}
 * @param truncated whether the body went on after the excerpt
 * @param error what went wrong and what to do, for the tenant; null for a complete answer
 * @param platformDetail the rule that denied or the exception, for the platform's log only; one
 *     line; null for a complete answer
 * @param address the address and port really dialled, {@code 192.0.2.1:443}; null without one
 * @param timings how long each step took
 * @param certificateNotAfter when the first certificate of the receiver's chain ends; null without
 *     TLS
 * @param clockSkew the receiver's {@code Date} minus our clock, to the second; null without one
 * @param retryAfter the delay that the receiver asked for, at most 24 h; null without one
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record Exchange(
    OutcomeClass outcome,
    int status,
    List<Header> headers,
    byte[] excerpt,
    boolean truncated,
    @Nullable String error,
    @Nullable String platformDetail,
    @Nullable String address,
    Timings timings,
    @Nullable Instant certificateNotAfter,
    @Nullable Duration clockSkew,
    @Nullable Duration retryAfter) {
  /** The largest excerpt that is kept. */
  public static final int EXCERPT_BYTES = 16 * 1024;

  /**
   * Whether the receiver may have got the whole request although there is no complete answer: a
   * repeat can be a duplicate.
   */
  public boolean unknownOutcome() {
    return outcome == OutcomeClass.RESET || outcome == OutcomeClass.REQUEST_TIMEOUT;
  }

  @Override
  public String toString() {
    return "Exchange[" + outcome.wire() + ", " + status + ", " + excerpt.length + " bytes]";
  }
}
