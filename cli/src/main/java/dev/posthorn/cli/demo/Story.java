package dev.posthorn.cli.demo;

import java.io.PrintWriter;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * Turns what happens into lines for the person who watches. Everything unusual gets its line; of
 * plain deliveries only as many as can be read, the others are counted in the next one.
 * Thread-safe.
 */
final class Story {
  private static final Duration BETWEEN_PLAIN_LINES = Duration.ofMillis(1500);
  private static final int PLAIN_LINES_AT_FIRST = 4;

  private final PrintWriter out;
  private final InstantSource clock;
  private final Set<String> failedBefore = new HashSet<>();
  private final Map<String, Integer> signaturesOf = new HashMap<>();
  private Instant start = Instant.EPOCH;
  private Instant lastPlainLine = Instant.EPOCH;
  private int plainLines;
  private int untold;
  private int verified;
  private int refused;

  Story(PrintWriter out, InstantSource clock) {
    this.out = out;
    this.clock = clock;
  }

  /** Times in lines count from now. */
  synchronized void begin() {
    start = clock.instant();
  }

  /** A receiver got a request. */
  synchronized void arrived(Arrival arrival) {
    tellNewSignatures(arrival);
    if (arrival.verified()) {
      verified++;
    } else {
      refused++;
    }
    switch (arrival.reaction()) {
      case ACCEPTED -> accepted(arrival);
      case FAILED -> {
        failedBefore.add(key(arrival));
        tell(arrival, "failed", "the receiver answers 503; " + attempt(arrival));
      }
      case HUNG -> {
        failedBefore.add(key(arrival));
        tell(arrival, "hangs", "the receiver does not answer; " + attempt(arrival));
      }
      case REFUSED -> tell(arrival, "REFUSED", "the receiver could not verify the signature");
    }
  }

  /** Something that is not about one request. */
  synchronized void note(String subject, String event, String what, String detail) {
    line(subject, event, what, detail);
  }

  /** How many signatures the last request to {@code endpoint} carried; 0 before the first. */
  synchronized int signaturesOf(String endpoint) {
    return signaturesOf.getOrDefault(endpoint, 0);
  }

  /** Requests that customers' own code accepted. */
  synchronized int verified() {
    return verified;
  }

  /** Requests that it did not. */
  synchronized int refused() {
    return refused;
  }

  private void accepted(Arrival arrival) {
    if (failedBefore.remove(key(arrival))) {
      tell(arrival, "recovered", "delivered with attempt " + arrival.attempt() + ", verified");
      return;
    }
    Instant now = clock.instant();
    boolean quiet =
        plainLines >= PLAIN_LINES_AT_FIRST && now.isBefore(lastPlainLine.plus(BETWEEN_PLAIN_LINES));
    if (quiet) {
      untold++;
      return;
    }
    tell(arrival, "delivered", "verified" + (untold == 0 ? "" : "; and " + untold + " more"));
    lastPlainLine = now;
    plainLines++;
    untold = 0;
  }

  private void tellNewSignatures(Arrival arrival) {
    Integer before = signaturesOf.put(arrival.endpoint(), arrival.signatures());
    if (before != null && before < arrival.signatures()) {
      line(
          arrival.endpoint(),
          "",
          "rotated",
          "requests now carry " + arrival.signatures() + " signatures, of the old and the new key");
    }
  }

  private void tell(Arrival arrival, String what, String detail) {
    line(arrival.endpoint(), arrival.eventType(), what, detail);
  }

  private void line(String subject, String event, String what, String detail) {
    double seconds = Duration.between(start, clock.instant()).toMillis() / 1000.0;
    out.println(
        String.format(
                Locale.ROOT,
                "%6.1f s  %-12s  %-14s  %-9s  %s",
                seconds,
                subject,
                event,
                what,
                detail)
            .stripTrailing());
    out.flush();
  }

  private static String attempt(Arrival arrival) {
    return "attempt " + arrival.attempt();
  }

  private static String key(Arrival arrival) {
    return arrival.endpoint() + " " + arrival.eventId();
  }
}
