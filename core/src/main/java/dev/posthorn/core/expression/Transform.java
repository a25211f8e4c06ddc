package dev.posthorn.core.expression;

/** A compiled transform. Immutable, safe for any thread. */
public final class Transform {
  private final CelProgram program;

  Transform(CelProgram program) {
    this.program = program;
  }

  /** The body that {@code event} becomes. Never throws for what the event holds. */
  public TransformOutcome apply(EventVariables event) {
    return switch (program.evaluate("event", event.fields())) {
      case CelProgram.Evaluation.Value(Object value) -> JsonOutput.write(value);
      case CelProgram.Evaluation.Failed(String reason) -> new TransformOutcome.Failed(reason);
      case CelProgram.Evaluation.OverBudget(String reason) ->
          new TransformOutcome.OverBudget(reason);
    };
  }
}
