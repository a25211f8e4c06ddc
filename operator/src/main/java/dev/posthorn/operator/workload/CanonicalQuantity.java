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
  private static final List<String> DECIMAL = List.of("m", "", "k", "M", "G", "T", "P", "E");
  private static final BigInteger KIBI = BigInteger.valueOf(1024);

  /**
   * Finer than this is rounded up: {@code SetDefaults_ResourceList} of the API server does so to
   * what pods and claims ask for.
   */
  private static final int MILLI = 3;

  private CanonicalQuantity() {}

  /**
   * The form of {@code text}.
   *
   * @throws IllegalArgumentException where it is no quantity that the schema admits: an exponent,
   *     or a suffix finer than {@code m}
   */
  static Quantity of(String text) {
    Quantity given = new Quantity(text);
    String suffix = given.getFormat();
    BigDecimal value =
        new BigDecimal(given.getAmount())
            .multiply(unit(suffix))
            .setScale(MILLI, RoundingMode.CEILING)
            .stripTrailingZeros();
    if (value.signum() == 0) {
      return new Quantity("0");
    }
    boolean whole = value.scale() <= 0;
    return suffix.endsWith("i") && whole && value.compareTo(new BigDecimal(KIBI)) >= 0
        ? binary(value.toBigIntegerExact())
        : decimal(value);
  }

  /** Exactly, which the client's own reading is not. */
  private static BigDecimal unit(String suffix) {
    int binary = BINARY.indexOf(suffix);
    if (binary >= 0) {
      return new BigDecimal(KIBI.pow(binary));
    }
    int decimal = DECIMAL.indexOf(suffix);
    if (decimal < 0) {
      throw new IllegalArgumentException(
          "\"" + suffix + "\" is no suffix of a quantity; use m, k to E or Ki to Ei");
    }
    return BigDecimal.ONE.scaleByPowerOfTen(3 * (decimal - 1));
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

  private static Quantity decimal(BigDecimal value) {
    int thousands = Math.min(Math.floorDiv(-value.scale(), 3), DECIMAL.size() - 2);
    String number = value.scaleByPowerOfTen(-3 * thousands).toBigIntegerExact().toString();
    return new Quantity(number, DECIMAL.get(thousands + 1));
  }
}
