package dev.posthorn.cli.terminal;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;

/** A time as people and log files write it. */
public final class Moment {
  private static final long LATEST = 253_402_300_799L; // 9999-12-31T23:59:59Z

  private Moment() {}

  /** Reads Unix seconds or RFC 3339; {@code option} names it in the refusal. */
  public static Instant parse(String option, String text) {
    if (text.matches("[0-9]{1,12}") && Long.parseLong(text) <= LATEST) {
      return Instant.ofEpochSecond(Long.parseLong(text));
    }
    try {
      return OffsetDateTime.parse(text).toInstant();
    } catch (DateTimeException e) {
      throw Refusal.cannotStart(
          option
              + ": \""
              + text
              + "\" is not a time; write Unix seconds or RFC 3339 like 2026-11-22T10:00:00Z");
    }
  }
}
