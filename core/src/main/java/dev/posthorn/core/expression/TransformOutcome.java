package dev.posthorn.core.expression;

/** What a transform made of one event. */
public sealed interface TransformOutcome {

  /**
   * The body.
   *
   * @param json one JSON value in UTF-8, at most {@link Expressions#MAX_OUTPUT_BYTES} long
   */
  @SuppressWarnings("ArrayRecordComponent") // bodies are sent, not compared
  record Transformed(byte[] json) implements TransformOutcome {
    @Override
    public String toString() {
      return "Transformed[" + json.length + " bytes]";
    }
  }

  /**
   * The transform does not fit this event.
   *
   * @param reason for people; quotes the expression, never the event
   */
  record Failed(String reason) implements TransformOutcome {}

  /**
   * The transform did more than it may.
   *
   * @param reason for people, with the cure
   */
  record OverBudget(String reason) implements TransformOutcome {}
}
