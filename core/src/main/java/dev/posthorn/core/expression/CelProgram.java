package dev.posthorn.core.expression;

import dev.cel.common.CelErrorCode;
import dev.cel.runtime.CelEvaluationException;
import dev.cel.runtime.CelRuntime;
import dev.cel.runtime.CelUnknownSet;
import dev.cel.runtime.CelVariableResolver;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A checked expression, ready to run within its {@link Budget}. Immutable, safe for any thread.
 *
 * <p>CEL's own messages may quote the data ({@code For input string: "..."}), so reasons are made
 * from the error's code and the text of the expression.
 */
record CelProgram(
    CelRuntime.Program program, String text, Set<Long> searchOperands, LongSupplier nanoTime) {
  private static final Pattern OFFSET = Pattern.compile("<input>:(\\d+)");
  private static final int QUOTED = 40;

  /** What an evaluation gave. */
  sealed interface Evaluation {
    /** A value of CEL's. */
    record Value(Object value) implements Evaluation {}

    record Failed(String reason) implements Evaluation {}

    record OverBudget(String reason) implements Evaluation {}
  }

  Evaluation evaluate(String variable, Object value) {
    var budget = new Budget(searchOperands, nanoTime);
    CelVariableResolver variables =
        name -> name.equals(variable) ? Optional.of(value) : Optional.empty();
    Evaluation evaluation;
    try {
      Object result = program.trace(variables, budget);
      evaluation =
          result instanceof CelUnknownSet
              ? new Evaluation.Failed("the result is unknown; test members with has(...)")
              : new Evaluation.Value(result);
    } catch (CelEvaluationException failure) {
      evaluation = failed(failure);
    } catch (RuntimeException unexpected) {
      evaluation = new Evaluation.Failed("the expression does not fit the types of this event");
    }
    return budget.exceeded().<Evaluation>map(CelProgram::overBudget).orElse(evaluation);
  }

  private Evaluation failed(CelEvaluationException failure) {
    if (failure.getErrorCode() == CelErrorCode.ITERATION_BUDGET_EXCEEDED) {
      return overBudget("more than " + Expressions.MAX_ITERATIONS + " iterations");
    }
    return new Evaluation.Failed(cause(failure.getErrorCode()) + place(failure));
  }

  private static Evaluation overBudget(String bound) {
    return new Evaluation.OverBudget("needs " + bound + "; simplify the expression");
  }

  private static String cause(CelErrorCode code) {
    return switch (code) {
      case ATTRIBUTE_NOT_FOUND -> "no such member; test it first with has(...)";
      case INDEX_OUT_OF_BOUNDS -> "no such element; test size(...) first";
      case OVERLOAD_NOT_FOUND, AMBIGUOUS_OVERLOAD ->
          "an operator or function does not take the types it was given";
      case DIVIDE_BY_ZERO, NUMERIC_OVERFLOW -> "a calculation has no result";
      case BAD_FORMAT, INVALID_ARGUMENT -> "a conversion or pattern does not fit its value";
      case DUPLICATE_ATTRIBUTE -> "a map has the same key twice";
      case INTERNAL_ERROR, TYPE_NOT_FOUND, ITERATION_BUDGET_EXCEEDED ->
          "the expression does not fit this event";
    };
  }

  /** Where in the expression: its own text, which is configuration and no payload. */
  private String place(CelEvaluationException failure) {
    String message = failure.getMessage();
    Matcher offset = OFFSET.matcher(message == null ? "" : message);
    if (!offset.find()) {
      return "";
    }
    int[] codePoints =
        text.codePoints().skip(Long.parseLong(offset.group(1))).limit(QUOTED).toArray();
    return " (at \"" + new String(codePoints, 0, codePoints.length) + "\")";
  }
}
