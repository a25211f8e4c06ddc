package dev.posthorn.cli.terminal;

/** What a command leaves behind for scripts. */
public final class ExitCode {
  /** Done, or the answer is yes. */
  public static final int OK = 0;

  /** The answer is no: a finding, a signature that does not verify, an event that was refused. */
  public static final int NO = 1;

  /** It could not start: bad option, file that cannot be read, port taken. */
  public static final int CANNOT_START = 2;

  private ExitCode() {}
}
