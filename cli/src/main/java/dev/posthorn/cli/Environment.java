package dev.posthorn.cli;

import dev.posthorn.cli.terminal.Refusal;
import dev.posthorn.cli.terminal.Spelling;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.IDefaultValueProvider;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/**
 * Defaults of {@code run}'s and {@code dispatcher}'s options from the environment: {@code
 * --allow-cidr} is {@code POSTHORN_ALLOW_CIDR}, values separated by commas. What the command line
 * says wins. A variable that begins with {@code POSTHORN_} and names no option is an error: a
 * misspelt one would be ignored for ever. Those that Kubernetes makes for a Service called {@code
 * posthorn...} are not.
 */
final class Environment implements IDefaultValueProvider {
  private static final String PREFIX = "POSTHORN_";

  /** What the kubelet tells every Pod of a Service: {@code <NAME>_SERVICE_HOST} and the like. */
  private static final Pattern SERVICE_LINK =
      Pattern.compile(".*(_SERVICE_HOST|_SERVICE_PORT(_[A-Z0-9_]+)?|_PORT(_\\d+_.+)?)");

  private final Map<String, String> variables;

  Environment(Map<String, String> variables) {
    this.variables = new TreeMap<>(variables);
  }

  @Override
  public @Nullable String defaultValue(ArgSpec argument) {
    return argument instanceof OptionSpec option ? variables.get(variable(option)) : null;
  }

  /** Refuses variables that are none of {@code command}'s. */
  void check(CommandSpec command) {
    List<String> known =
        command.options().stream()
            .filter(option -> !option.usageHelp() && !option.versionHelp())
            .map(Environment::variable)
            .sorted()
            .toList();
    for (String name : variables.keySet()) {
      if (name.startsWith(PREFIX)
          && !SERVICE_LINK.matcher(name).matches()
          && !known.contains(name)) {
        throw Refusal.cannotStart(
            "the environment variable "
                + name
                + " is unknown; "
                + Spelling.closest(name, known)
                    .map(near -> "did you mean " + near + "?")
                    .orElse("unset it")
                + " Known are "
                + String.join(", ", known));
      }
    }
  }

  private static String variable(OptionSpec option) {
    return PREFIX
        + option.longestName().replaceFirst("^--", "").replace('-', '_').toUpperCase(Locale.ROOT);
  }
}
