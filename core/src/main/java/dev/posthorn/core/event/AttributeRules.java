package dev.posthorn.core.event;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Optional;

/** What the attributes of an event may look like, as predicates and parsers over text. */
final class AttributeRules {
  private static final int MAX_TENANT = 63;
  private static final int MAX_EXTENSION_NAME = 64;
  private static final int TRACEPARENT = 55;

  private AttributeRules() {}

  /** {@code [A-Za-z0-9][A-Za-z0-9._-]{0,62}}. */
  static boolean isTenant(String text) {
    if (text.isEmpty() || text.length() > MAX_TENANT || !isAlphanumeric(text.charAt(0))) {
      return false;
    }
    for (int i = 1; i < text.length(); i++) {
      char c = text.charAt(i);
      if (!isAlphanumeric(c) && c != '.' && c != '_' && c != '-') {
        return false;
      }
    }
    return true;
  }

  private static boolean isAlphanumeric(char c) {
    return (c >= '0' && c <= '9') || isLower(c) || (c >= 'A' && c <= 'Z');
  }

  private static boolean isLower(char c) {
    return c >= 'a' && c <= 'z';
  }

  /** No control character, no line separator, no half of a surrogate pair. */
  static boolean isPrintable(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (Character.isISOControl(c) || c == '\u2028' || c == '\u2029') {
        return false;
      }
    }
    return hasWholeCharacters(text);
  }

  /** No half of a surrogate pair, which JSON can escape and UTF-8 cannot hold. */
  static boolean hasWholeCharacters(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (Character.isSurrogate(text.charAt(i))) {
        if (i + 1 == text.length()
            || !Character.isSurrogatePair(text.charAt(i), text.charAt(i + 1))) {
          return false;
        }
        i++;
      }
    }
    return true;
  }

  /** Lower-case letters and digits (CloudEvents 1.0.2, naming conventions). */
  static boolean isExtensionName(String text) {
    return !text.isEmpty()
        && text.length() <= MAX_EXTENSION_NAME
        && text.chars().allMatch(c -> isLower((char) c) || (c >= '0' && c <= '9'));
  }

  /**
   * RFC 3339, to the nanosecond, between the years 0 and 9999 in UTC. Leap seconds are no instant
   * to Java and are refused.
   */
  static Optional<Instant> time(String text) {
    if (!hasRfc3339Shape(text)) {
      return Optional.empty();
    }
    try {
      OffsetDateTime time = OffsetDateTime.parse(text).withOffsetSameInstant(ZoneOffset.UTC);
      boolean fourDigits = time.getYear() >= 0 && time.getYear() <= 9999;
      return fourDigits ? Optional.of(time.toInstant()) : Optional.empty();
    } catch (DateTimeException unreadable) {
      return Optional.empty();
    }
  }

  /** Java also takes times without seconds, and offsets without minutes or with seconds. */
  private static boolean hasRfc3339Shape(String text) {
    int length = text.length();
    if (length < 20 || length > 35 || text.charAt(4) != '-' || text.charAt(16) != ':') {
      return false;
    }
    char last = text.charAt(length - 1);
    char sign = text.charAt(length - 6);
    return last == 'Z'
        || last == 'z'
        || ((sign == '+' || sign == '-') && text.charAt(length - 3) == ':' && length >= 25);
  }

  /** Version 00 of W3C Trace Context: {@code 00-<32 hex>-<16 hex>-<2 hex>}, ids not all zero. */
  static boolean isTraceparent(String text) {
    if (text.length() != TRACEPARENT || !text.startsWith("00-")) {
      return false;
    }
    for (int i = 3; i < TRACEPARENT; i++) {
      char c = text.charAt(i);
      boolean dash = i == 35 || i == 52;
      if (dash ? c != '-' : !((c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'))) {
        return false;
      }
    }
    return !text.startsWith("0".repeat(32), 3) && !text.startsWith("0".repeat(16), 36);
  }
}
