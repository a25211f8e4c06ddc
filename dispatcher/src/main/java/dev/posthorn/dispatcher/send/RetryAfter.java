package dev.posthorn.dispatcher.send;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import org.jspecify.annotations.Nullable;

/** Times in an answer's headers (RFC 9110, 5.6.7 and 10.2.3). */
final class RetryAfter {
  private static final Duration LONGEST = Duration.ofHours(24);

  private RetryAfter() {}

  /**
   * The delay that {@code value} asks for, in seconds (decimals are cut) or as a date, from {@code
   * now}: never below 0 nor above 24 h. Null for what is neither.
   */
  static @Nullable Duration parse(@Nullable String value, Instant now) {
    if (value == null) {
      return null;
    }
    var text = value.strip();
    if (text.matches("[0-9]{1,18}(\\.[0-9]*)?")) {
      int point = text.indexOf('.');
      return clamp(Duration.ofSeconds(Long.parseLong(point < 0 ? text : text.substring(0, point))));
    }
    var date = date(text);
    return date == null ? null : clamp(Duration.between(now, date));
  }

  /** An HTTP date, or null for another text. */
  static @Nullable Instant date(@Nullable String value) {
    if (value == null) {
      return null;
    }
    try {
      return DateTimeFormatter.RFC_1123_DATE_TIME.parse(value.strip(), Instant::from);
    } catch (DateTimeException e) {
      return null;
    }
  }

  private static Duration clamp(Duration delay) {
    if (delay.isNegative()) {
      return Duration.ZERO;
    }
    return delay.compareTo(LONGEST) > 0 ? LONGEST : delay;
  }
}
