package dev.posthorn.dispatcher;

import dev.posthorn.core.config.OutcomeClass;
import dev.posthorn.dispatcher.EndpointNotice.GivenUp;
import dev.posthorn.dispatcher.EndpointNotice.Kind;
import dev.posthorn.dispatcher.lane.HealthNotice;
import dev.posthorn.dispatcher.lane.Tried;
import dev.posthorn.dispatcher.store.Attempt;
import dev.posthorn.dispatcher.store.EndingNotices.Ending;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;

/** Finds the words for what happened to an endpoint and its deliveries. */
final class EndpointNotices {
  private static final String NOTHING_TO_DO = "nothing to do";

  /**
   * What is known of an endpoint.
   *
   * @param name for people
   * @param lastError class of its last failure; null for none
   * @param disableAfter how long nothing may succeed; null for ever, and where it is gone
   * @param maxAge how long a delivery is tried; null where the endpoint is gone
   * @param payload how long events are kept
   * @param waits open deliveries
   * @param nextStep the sentence about it
   */
  record Facts(
      String name,
      @Nullable OutcomeClass lastError,
      @Nullable Duration disableAfter,
      @Nullable Duration maxAge,
      Duration payload,
      long waits,
      String nextStep) {}

  private EndpointNotices() {}

  /** Its health changed, or is about to. */
  static EndpointNotice health(HealthNotice notice, Facts facts, Instant now) {
    return switch (notice.kind()) {
      case FAILING -> failing(notice.since(), facts, now);
      case DISABLING_SOON -> disablingSoon(notice.since(), facts, now);
      case DISABLED -> disabled(notice.since(), facts, now);
      case ENABLED ->
          well(Kind.ENABLED, "was enabled: deliveries continue, oldest first", notice, facts, now);
      case RECOVERED -> well(Kind.RECOVERED, "recovered: deliveries continue", notice, facts, now);
    };
  }

  private static EndpointNotice failing(Instant since, Facts facts, Instant now) {
    Instant deadline = plus(since, facts.disableAfter());
    String what =
        "%s is failing since %s: one delivery at a time probes it, the rest waits"
            .formatted(facts.name(), time(since));
    String end =
        deadline == null ? "" : "; it is disabled if nothing succeeds by " + time(deadline);
    return down(Kind.FAILING, since, deadline, plus(since, facts.maxAge()), what + end, facts, now);
  }

  private static EndpointNotice disablingSoon(Instant since, Facts facts, Instant now) {
    Instant deadline = plus(since, facts.disableAfter());
    String when = deadline == null ? "soon" : "at " + time(deadline);
    String what =
        "%s has taken nothing since %s: it is disabled %s"
            .formatted(facts.name(), time(since), when);
    Instant until = plus(since, facts.maxAge());
    return down(Kind.DISABLING_SOON, since, deadline, until, what, facts, now);
  }

  private static EndpointNotice disabled(Instant since, Facts facts, Instant now) {
    Instant until = since.plus(facts.payload());
    String what = facts.name() + " is disabled: its deliveries wait until somebody enables it";
    return down(Kind.DISABLED, since, until, until, what, facts, now);
  }

  private static EndpointNotice down(
      Kind kind,
      Instant since,
      @Nullable Instant deadline,
      @Nullable Instant until,
      String message,
      Facts facts,
      Instant now) {
    String cure = facts.lastError() == null ? "look at the delivery log" : facts.lastError().cure();
    return new EndpointNotice(
        kind,
        now,
        since,
        facts.lastError(),
        0,
        deadline,
        facts.waits(),
        until,
        null,
        kind == Kind.DISABLED ? cure + ", then enable it" : cure,
        facts.nextStep(),
        message);
  }

  private static EndpointNotice well(
      Kind kind, String what, HealthNotice notice, Facts facts, Instant now) {
    return new EndpointNotice(
        kind,
        now,
        notice.since(),
        facts.lastError(),
        0,
        null,
        facts.waits(),
        null,
        null,
        NOTHING_TO_DO,
        facts.nextStep(),
        facts.name() + " " + what);
  }

  /** A delivery was given up after an attempt. */
  static EndpointNotice exhausted(
      Attempt attempt, @Nullable Tried event, Facts facts, Instant now) {
    String type = event == null ? "an event" : event.type();
    String attempts = attempt.n() == 1 ? "1 attempt" : attempt.n() + " attempts";
    return new EndpointNotice(
        Kind.EXHAUSTED,
        now,
        event == null ? null : event.accepted(),
        attempt.outcome(),
        attempt.status(),
        event == null ? null : event.accepted().plus(facts.payload()),
        facts.waits(),
        null,
        event == null ? new GivenUp(1, null, null) : new GivenUp(1, event.id(), event.type()),
        attempt.outcome().cure() + ", then posthorn replay --select DeadLetters",
        facts.nextStep(),
        "a delivery of %s to %s was given up after %s".formatted(type, facts.name(), attempts));
  }

  /** Deliveries were given up together, without an attempt. */
  static EndpointNotice exhausted(Ending ending, Facts facts) {
    String what =
        ending.deliveries() == 1
            ? "1 delivery to %s was given up"
            : ending.deliveries() + " deliveries to %s were given up";
    return new EndpointNotice(
        Kind.EXHAUSTED,
        ending.time(),
        null,
        ending.outcome(),
        0,
        null,
        facts.waits(),
        null,
        new GivenUp(ending.deliveries(), null, null),
        ending.outcome().cure(),
        facts.nextStep(),
        what.formatted(facts.name()) + ": " + ending.outcome().meaning());
  }

  /** A certificate ends at {@code notAfter}, or has ended. */
  static EndpointNotice certificate(Instant notAfter, Facts facts, Instant now) {
    boolean over = !now.isBefore(notAfter);
    String what =
        over
            ? "the certificate of %s ended at %s: nothing is sent to it until that is renewed"
            : "the certificate of %s ends at %s: nothing is sent to it from then on";
    return new EndpointNotice(
        Kind.CERTIFICATE_EXPIRING,
        now,
        null,
        OutcomeClass.TLS_EXPIRED,
        0,
        notAfter,
        facts.waits(),
        null,
        null,
        OutcomeClass.TLS_EXPIRED.cure(),
        facts.nextStep(),
        what.formatted(facts.name(), time(notAfter)));
  }

  private static @Nullable Instant plus(Instant time, @Nullable Duration duration) {
    return duration == null ? null : time.plus(duration);
  }

  private static String time(Instant time) {
    return time.truncatedTo(ChronoUnit.SECONDS).toString();
  }
}
