package dev.posthorn.operator.workload;

import io.fabric8.kubernetes.api.model.Quantity;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.List;

/**
 * A resource quantity in the form in which the API server keeps it: no fraction, and the largest
 * suffix of its family that loses nothing ({@code 1024Mi} is {@code 1Gi}, {@code 0.5} is {@code
 * 500m}). Anything else would differ from what is stored and be applied again for ever. As {@code
 * resource.Quantity} of Kubernetes' apimachinery does it. Pure.
 */
final class CanonicalQuantity {
  private static final List<String> BINARY = List.of("", "Ki", "Mi", "Gi", "Ti", "Pi", "Ei");
  private static final List<String> DECIMAL =
      List.of("n", "u", "m", "", "k", "M", "G", "T", "P", "E");
  private static final BigInteger KIBI = BigInteger.valueOf(1024);

  /** Finer than this is rounded up. */
  private static final int NANO = 9;

  private CanonicalQuantity() {}

  /**
   * The form of {@code text}.
   *
   * @throws IllegalArgumentException where it is no quantity
   */
  static Quantity of(String text) {
    Quantity given = new Quantity(text);
    String suffix = given.getFormat();
    BigDecimal value =
        new BigDecimal(given.getAmount())
            .multiply(unit(suffix))
            .setScale(NANO, RoundingMode.CEILING)
            .stripTrailingZeros();
    if (value.signum() == 0) {
      return new Quantity("0");
    }
    boolean whole = value.scale() <= 0;
    if (suffix.endsWith("i") && whole && value.abs().compareTo(BigDecimal.valueOf(1024)) >= 0) {
      return binary(value.toBigIntegerExact());
    }
    return decimal(value, isExponent(suffix));
  }

  /** Exactly, which the client's own reading is not. */
  private static BigDecimal unit(String suffix) {
    if (isExponent(suffix)) {
      return BigDecimal.ONE.scaleByPowerOfTen(Integer.parseInt(suffix.substring(1)));
    }
    int binary = BINARY.indexOf(suffix);
    if (binary >= 0) {
      return new BigDecimal(KIBI.pow(binary));
    }
    int decimal = DECIMAL.indexOf(suffix);
    if (decimal < 0) {
      throw new IllegalArgumentException("no suffix of a quantity: " + suffix);
    }
    return BigDecimal.ONE.scaleByPowerOfTen(3 * (decimal - 3));
  }

  private static boolean isExponent(String suffix) {
    return suffix.matches("[eE][+-]?[0-9]+");
  }

  private static Quantity binary(BigInteger value) {
    BigInteger number = value;
    int power = 0;
    while (power < BINARY.size() - 1 && number.mod(KIBI).signum() == 0) {
      number = number.divide(KIBI);
      power++;
    }
    return new Quantity(number.toString(), BINARY.get(power));
  }

  private static Quantity decimal(BigDecimal value, boolean exponential) {
    int thousands = Math.min(Math.floorDiv(-value.scale(), 3), DECIMAL.size() - 4);
    String number = value.scaleByPowerOfTen(-3 * thousands).toBigIntegerExact().toString();
    if (exponential) {
      return new Quantity(number, thousands == 0 ? "" : "e" + 3 * thousands);
    }
    return new Quantity(number, DECIMAL.get(thousands + 3));
  }
}
