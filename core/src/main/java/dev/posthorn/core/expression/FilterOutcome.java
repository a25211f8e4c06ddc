package dev.posthorn.core.expression;

/** What a filter says about one event. */
public sealed interface FilterOutcome {

  /** The endpoint wants the event. */
  record Matched() implements FilterOutcome {}

  /** The endpoint does not want it. */
  record NotMatched() implements FilterOutcome {}

  /**
   * The filter does not fit this event, for example because it names a member that the data does
   * not have: no match, to be counted.
   *
   * @param reason for people; quotes the expression, never the event
   */
  record Failed(String reason) implements FilterOutcome {}

  /**
   * The filter did more than a filter may: a fault of the expression, so nobody knows whether the
   * endpoint wants the event. The delivery waits until the filter is mended.
   *
   * @param reason for people, with the cure
   */
  record OverBudget(String reason) implements FilterOutcome {}
}
