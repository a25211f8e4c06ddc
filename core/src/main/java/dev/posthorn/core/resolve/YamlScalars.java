package dev.posthorn.core.resolve;

import java.math.BigInteger;
import java.util.Locale;

/** The values of plain YAML 1.1 scalars, with the exceptions that Kubernetes makes. */
final class YamlScalars {
  /** Longer ones are no number that anybody means. */
  private static final int MAX_DIGITS = 80;

  private YamlScalars() {}

  static Boolean bool(String text) {
    return switch (text.toLowerCase(Locale.ROOT)) {
      case "true", "yes", "on", "y" -> true;
      default -> false;
    };
  }

  /** A Long; a Double where it is larger; the text itself for base 60, as {@code 1:30}. */
  static Object integer(String text) {
    String digits = text.replace("_", "");
    if (digits.length() > MAX_DIGITS) {
      return text;
    }
    boolean negative = digits.startsWith("-");
    if (negative || digits.startsWith("+")) {
      digits = digits.substring(1);
    }
    try {
      BigInteger value = unsigned(digits);
      BigInteger signed = negative ? value.negate() : value;
      return signed.bitLength() < Long.SIZE ? (Object) signed.longValue() : signed.doubleValue();
    } catch (NumberFormatException notDecimal) {
      return text;
    }
  }

  private static BigInteger unsigned(String digits) {
    if (digits.startsWith("0b")) {
      return new BigInteger(digits.substring(2), 2);
    }
    if (digits.startsWith("0x")) {
      return new BigInteger(digits.substring(2), 16);
    }
    boolean octal = digits.length() > 1 && digits.startsWith("0");
    return octal ? new BigInteger(digits.substring(1), 8) : new BigInteger(digits);
  }

  /** A Double; the text itself for base 60 and for what is no number in JSON. */
  static Object number(String text) {
    try {
      double value = Double.parseDouble(text.replace("_", ""));
      return Double.isFinite(value) ? (Object) value : text;
    } catch (NumberFormatException notDecimal) {
      return text;
    }
  }
}
