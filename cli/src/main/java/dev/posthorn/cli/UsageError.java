package dev.posthorn.cli;

import dev.posthorn.cli.terminal.Spelling;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** Renders a command line that was not understood as one line with its cure. */
final class UsageError {
  private UsageError() {}

  /**
   * Of all that is wrong with {@code args} what the person should mend first: a misspelt option is
   * named before the required one that it was meant to be.
   *
   * @param again the same command line, to read {@code args} a second time without stopping
   */
  static ParameterException mostTelling(
      ParameterException first, CommandLine again, String[] args) {
    collectErrors(again);
    for (var result = again.parseArgs(args); result != null; result = result.subcommand()) {
      for (Exception error : result.errors()) {
        if (error instanceof UnmatchedArgumentException unmatched) {
          return unmatched;
        }
      }
    }
    return first;
  }

  private static void collectErrors(CommandLine command) {
    command.getCommandSpec().parser().collectErrors(true);
    command.getSubcommands().values().forEach(UsageError::collectErrors);
  }

  static String line(ParameterException e) {
    CommandLine command = e.getCommandLine();
    String name = command.getCommandSpec().qualifiedName();
    String cure =
        switch (e) {
          case UnmatchedArgumentException unmatched -> suggestion(unmatched);
          default -> "";
        };
    return name
        + ": "
        + oneLine(String.valueOf(e.getMessage()))
        + cure
        + "; '"
        + name
        + " --help' shows what there is";
  }

  private static String suggestion(UnmatchedArgumentException unmatched) {
    CommandLine command = unmatched.getCommandLine();
    String typed = unmatched.getUnmatched().getFirst();
    List<String> known =
        typed.startsWith("-")
            ? List.copyOf(command.getCommandSpec().optionsMap().keySet())
            : List.copyOf(command.getSubcommands().keySet());
    return Spelling.closest(typed, known).map(near -> "; did you mean " + near + "?").orElse("");
  }

  private static String oneLine(String message) {
    return message.strip().replaceAll("\\R\\s*", " ");
  }
}
