package dev.posthorn.core.expression;

/** A compiled filter. Immutable, safe for any thread. */
public final class Filter {
  private static final FilterOutcome MATCHED = new FilterOutcome.Matched();
  private static final FilterOutcome NOT_MATCHED = new FilterOutcome.NotMatched();

  private final CelProgram program;

  Filter(CelProgram program) {
    this.program = program;
  }

  /** Whether the endpoint wants {@code event}. Never throws for what the event holds. */
  public FilterOutcome test(EventVariables event) {
    return switch (program.evaluate("event", event.fields())) {
      case CelProgram.Evaluation.Value(Boolean matched) -> matched ? MATCHED : NOT_MATCHED;
      case CelProgram.Evaluation.Value(Object other) ->
          new FilterOutcome.Failed("the result is no bool; compare it with something");
      case CelProgram.Evaluation.Failed(String reason) -> new FilterOutcome.Failed(reason);
      case CelProgram.Evaluation.OverBudget(String reason) -> new FilterOutcome.OverBudget(reason);
    };
  }
}
