package dev.posthorn.cli.terminal;

/**
 * A command cannot go on, and the person who typed it can change that. The message is one line that
 * says what is wrong, where, and what to do; it is printed without a stack trace.
 */
public final class Refusal extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final int exitCode;

  private Refusal(int exitCode, String message) {
    super(message);
    this.exitCode = exitCode;
  }

  /** The command cannot start as it was typed: exit code 2. */
  public static Refusal cannotStart(String message) {
    return new Refusal(ExitCode.CANNOT_START, message);
  }

  /** The command was understood and the answer is no: exit code 1. */
  public static Refusal no(String message) {
    return new Refusal(ExitCode.NO, message);
  }

  /** What the process ends with. */
  public int exitCode() {
    return exitCode;
  }
}
