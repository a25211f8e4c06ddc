package dev.posthorn.core.signing;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * How a scheme writes the time of an attempt, and how far off a receiver lets it be.
 *
 * @param tolerance both ways, inclusive
 */
record TimestampForm(Format format, Duration tolerance) {
  private static final Pattern DIGITS = Pattern.compile("[0-9]{1,14}");
  private static final int LONGEST_RFC3339 = 40;

  /** Seconds or milliseconds since 1970, or RFC 3339 in UTC with whole seconds. */
  enum Format {
    UNIX_SECONDS("seconds", "a number of seconds since 1970 with at most 14 digits"),
    UNIX_MILLIS("milliseconds", "a number of milliseconds since 1970 with at most 14 digits"),
    RFC3339("RFC 3339", "an RFC 3339 time");

    private final String unit;
    private final String sentence;

    Format(String unit, String sentence) {
      this.unit = unit;
      this.sentence = sentence;
    }

    String unit() {
      return unit;
    }

    @Override
    public String toString() {
      return sentence;
    }
  }

  String text(Instant time) {
    return switch (format) {
      case UNIX_SECONDS -> Long.toString(notNegative(time.getEpochSecond()));
      case UNIX_MILLIS -> Long.toString(notNegative(time.toEpochMilli()));
      case RFC3339 -> time.truncatedTo(ChronoUnit.SECONDS).toString();
    };
  }

  Optional<Instant> read(String text) {
    if (format == Format.RFC3339) {
      return readRfc3339(text);
    }
    if (!DIGITS.matcher(text).matches()) {
      return Optional.empty();
    }
    long number = Long.parseLong(text);
    return Optional.of(
        format == Format.UNIX_SECONDS
            ? Instant.ofEpochSecond(number)
            : Instant.ofEpochMilli(number));
  }

  /** What is wrong with {@code time} when it is checked at {@code now}; empty if nothing. */
  Optional<String> complaint(Instant time, Instant now) {
    // Whole seconds: a timestamp has no finer unit, so the edge is exact to the second.
    long age = now.getEpochSecond() - time.getEpochSecond();
    long allowed = tolerance.toSeconds();
    if (Math.abs(age) <= allowed) {
      return Optional.empty();
    }
    return Optional.of(
        "timestamp is "
            + (age > 0 ? age + " s old" : -age + " s in the future")
            + ", outside the tolerance of "
            + allowed
            + " s: check the sender's clock"
            + (age > 0 ? ", or a queue between him and this check" : ""));
  }

  private static Optional<Instant> readRfc3339(String text) {
    if (text.length() > LONGEST_RFC3339) {
      return Optional.empty();
    }
    try {
      return Optional.of(OffsetDateTime.parse(text).toInstant());
    } catch (DateTimeException e) {
      return Optional.empty();
    }
  }

  private static long notNegative(long number) {
    if (number < 0) {
      throw new IllegalArgumentException(
          "timestamp lies before 1970 and has no form in this scheme: pass the time of the attempt");
    }
    return number;
  }
}
