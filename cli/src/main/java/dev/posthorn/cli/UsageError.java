package dev.posthorn.cli;

import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** Renders a command line that was not understood as one line with its cure. */
final class UsageError {
  private UsageError() {}

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
        + oneLine(e.getMessage())
        + cure
        + "; '"
        + name
        + " --help' shows what there is";
  }

  private static String suggestion(UnmatchedArgumentException unmatched) {
    List<String> suggestions = unmatched.getSuggestions();
    if (suggestions.isEmpty()) {
      return "";
    }
    return "; did you mean " + String.join(" or ", suggestions.stream().limit(2).toList()) + "?";
  }

  private static String oneLine(String message) {
    return message.strip().replaceAll("\\R\\s*", " ");
  }
}
