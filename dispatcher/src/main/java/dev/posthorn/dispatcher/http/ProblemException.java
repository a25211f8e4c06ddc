package dev.posthorn.dispatcher.http;

import java.io.Serial;

/**
 * Ends a call with a {@link Problem}. It is the caller's answer and no fault of the program, so it
 * has no stack trace and is never logged.
 */
public final class ProblemException extends RuntimeException {
  @Serial private static final long serialVersionUID = 1;

  private final transient Problem problem;

  ProblemException(Problem problem) {
    super(problem.detail(), null, false, false);
    this.problem = problem;
  }

  /** The answer to give. */
  public Problem problem() {
    return problem;
  }
}
