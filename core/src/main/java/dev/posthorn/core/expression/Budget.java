package dev.posthorn.core.expression;

import dev.cel.common.ast.CelExpr;
import dev.cel.common.values.CelByteString;
import dev.cel.runtime.CelEvaluationListener;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * What one evaluation may cost. CEL bounds iterations only; a thousand iterations over a large
 * payload can still build gigabytes or run for minutes. This listener sees every step and stops the
 * evaluation at the first that goes too far. One per evaluation, one thread.
 */
final class Budget implements CelEvaluationListener {
  /** Steps: an expression of 4,096 characters has about 1,000, and 1,000 iterations of 100. */
  static final int MAX_STEPS = 100_000;

  /** Characters, bytes or elements that concatenations and conversions may make in all. */
  static final int MAX_BUILT = 2_097_152;

  /** Characters of each operand of a search: one call can be quadratic, and nothing stops it. */
  static final int MAX_SEARCHED = 16_384;

  /** The functions whose cost is more than linear in their operands. */
  static final Set<String> SEARCHES = Set.of("matches", "contains");

  /** Wall time, for what steps do not measure (comparing large values a thousand times). */
  static final long MAX_NANOS = 250_000_000L;

  private static final int STEPS_PER_CLOCK = 16;
  private static final Set<String> BUILDERS = Set.of("_+_", "string", "bytes");

  private final Set<Long> searchOperands;
  private final LongSupplier nanoTime;
  private final long started;
  private int steps;
  private long built;
  private @Nullable String exceeded;

  Budget(Set<Long> searchOperands, LongSupplier nanoTime) {
    this.searchOperands = searchOperands;
    this.nanoTime = nanoTime;
    this.started = nanoTime.getAsLong();
  }

  /** Which bound was exceeded; empty while none was. CEL may swallow the exception, not this. */
  Optional<String> exceeded() {
    return Optional.ofNullable(exceeded);
  }

  @Override
  public void callback(CelExpr expr, Object value) {
    if (exceeded == null) {
      exceeded = judge(expr, value);
    }
    if (exceeded != null) {
      throw new Stop();
    }
  }

  private @Nullable String judge(CelExpr expr, @Nullable Object value) {
    if (++steps > MAX_STEPS) {
      return "more than " + MAX_STEPS + " steps";
    }
    if ((steps % STEPS_PER_CLOCK == 0 || searchOperands.contains(expr.id()))
        && nanoTime.getAsLong() - started > MAX_NANOS) {
      return "more than " + MAX_NANOS / 1_000_000 + " ms";
    }
    if (expr.getKind() == CelExpr.ExprKind.Kind.CALL && BUILDERS.contains(expr.call().function())) {
      built += size(value);
      if (built > MAX_BUILT) {
        return "more than " + MAX_BUILT + " characters or elements built";
      }
    }
    if (searchOperands.contains(expr.id()) && size(value) > MAX_SEARCHED) {
      return "a search in more than " + MAX_SEARCHED + " characters";
    }
    return null;
  }

  private static long size(@Nullable Object value) {
    return switch (value) {
      case String text -> text.length();
      case CelByteString bytes -> bytes.size();
      case List<?> list -> list.size();
      case null, default -> 1;
    };
  }

  /** Ends the evaluation. Carries nothing: the budget knows why. */
  private static final class Stop extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Stop() {
      super("over budget", null, false, false);
    }
  }
}
