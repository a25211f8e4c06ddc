package dev.posthorn.crds;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A number of bytes as Kubernetes writes quantities: {@code 8Gi}, {@code 500M}, {@code 1.5Gi} or a
 * plain number.
 *
 * @param text as the user wrote it
 */
public record ByteCount(@JsonValue String text) {
  private static final Pattern FORM =
      Pattern.compile("([0-9]{1,18}(?:\\.[0-9]{1,9})?)([kMGTPE]i?|Ki)?");
  private static final Map<String, Integer> POWERS =
      Map.of("k", 1, "K", 1, "M", 2, "G", 3, "T", 4, "P", 5, "E", 6);

  /** Keeps text as it is: {@link #bytes()} judges it. */
  @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
  public ByteCount {}

  /** A plain number, as YAML may have it. */
  @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
  public static ByteCount of(long bytes) {
    return new ByteCount(Long.toString(bytes));
  }

  /**
   * The count, rounded up.
   *
   * @throws IllegalArgumentException for text that is no such quantity or does not fit 63 bits
   */
  public long bytes() {
    var parts = FORM.matcher(text);
    if (!parts.matches() || "ki".equals(parts.group(2))) {
      throw unreadable();
    }
    var count = new BigDecimal(parts.group(1)).multiply(unit(parts.group(2)));
    try {
      return count.setScale(0, RoundingMode.CEILING).longValueExact();
    } catch (ArithmeticException e) {
      throw unreadable();
    }
  }

  private static BigDecimal unit(@Nullable String suffix) {
    if (suffix == null) {
      return BigDecimal.ONE;
    }
    var thousand = BigDecimal.valueOf(suffix.endsWith("i") ? 1024 : 1000);
    return thousand.pow(POWERS.getOrDefault(suffix.substring(0, 1), 0));
  }

  private IllegalArgumentException unreadable() {
    return new IllegalArgumentException(
        "byte count '%s' cannot be read: write a number with Ki, Mi, Gi or Ti, such as 8Gi"
            .formatted(text));
  }

  @Override
  public String toString() {
    return text;
  }
}
