package dev.posthorn.cli;

import dev.posthorn.cli.terminal.ExitCode;
import dev.posthorn.cli.terminal.Pause;
import dev.posthorn.cli.terminal.Refusal;
import dev.posthorn.core.egress.AllowedCidr;
import dev.posthorn.dispatcher.Role;
import dev.posthorn.dispatcher.http.Listen;
import java.io.PrintWriter;
import java.util.Map;
import java.util.function.Function;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** The entry point: reads the command line, runs one command, ends with its exit code. */
@Command(
    name = "posthorn",
    description =
        "Webhook delivery: declared in files or in Kubernetes, signed, retried, provable.",
    synopsisSubcommandLabel = "COMMAND",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    footer = {
      "",
      "Start with:",
      "  posthorn demo                see it work, nothing to set up",
      "  posthorn run DIR             deliver for real, from a directory of YAML",
      "  posthorn COMMAND --help      options and examples of a command"
    })
public final class Posthorn implements Runnable {
  private static final int MIN_CARRIERS = 16;

  @Spec private CommandSpec spec;

  Posthorn() {}

  /**
   * A virtual thread that calls native code, or waits for a class to be initialised, keeps its
   * carrier. With one carrier per core two of them can stop a small machine, so there are more; the
   * property of the JDK counts, where somebody set it.
   */
  private static void giveVirtualThreadsCarriers() {
    String property = "jdk.virtualThreadScheduler.parallelism";
    int carriers = Math.max(MIN_CARRIERS, Runtime.getRuntime().availableProcessors());
    System.setProperty(property, System.getProperty(property, Integer.toString(carriers)));
  }

  /** Runs the command that {@code args} name and ends the process with its exit code. */
  public static void main(String[] args) {
    giveVirtualThreadsCarriers();
    System.exit(commandLine(System.getenv()).execute(args));
  }

  /**
   * The whole command line, as a value that tests can run too.
   *
   * @param environment gives defaults to the options of {@code run} and {@code dispatcher}, see
   *     {@link Environment}
   */
  static CommandLine commandLine(Map<String, String> environment) {
    var variables = new Environment(environment);
    return new CommandLine(new Posthorn())
        .addSubcommand(new DemoCommand())
        .addSubcommand(
            new CommandLine(new RunCommand(variables)).setDefaultValueProvider(variables))
        .addSubcommand(
            new CommandLine(new OperatorCommand(variables)).setDefaultValueProvider(variables))
        .addSubcommand(
            new CommandLine(new DispatcherCommand(variables)).setDefaultValueProvider(variables))
        .addSubcommand(new LintCommand())
        .addSubcommand(new PublishCommand())
        .addSubcommand(new ReplayCommand(Pause.real()))
        .addSubcommand(new RotateCommand())
        .addSubcommand(new RevokeCommand())
        .addSubcommand(new AcknowledgeCommand())
        .addSubcommand(new RevealCommand())
        .addSubcommand(new SignCommand())
        .addSubcommand(new VerifyCommand())
        .addSubcommand(new EgressCommand())
        .setExpandAtFiles(false)
        .registerConverter(Listen.class, typed(Listen::parse))
        .registerConverter(Role.class, typed(Role::parse))
        .registerConverter(AllowedCidr.class, typed(AllowedCidr::parse))
        .setUsageHelpWidth(100)
        .setUsageHelpAutoWidth(false)
        .setParameterExceptionHandler((e, args) -> usageError(e, args, environment))
        .setExecutionExceptionHandler((e, command, result) -> failure(e, command));
  }

  /** Our own message in place of picocli's, which names Java classes. */
  private static <T> ITypeConverter<T> typed(Function<String, T> parse) {
    return text -> {
      try {
        return parse.apply(text);
      } catch (IllegalArgumentException e) {
        throw new TypeConversionException(e.getMessage());
      }
    };
  }

  @Override
  public void run() {
    spec.commandLine().usage(spec.commandLine().getOut());
  }

  private static int usageError(
      ParameterException e, String[] args, Map<String, String> environment) {
    PrintWriter err = e.getCommandLine().getErr();
    err.println(UsageError.line(UsageError.mostTelling(e, commandLine(environment), args)));
    err.flush();
    return ExitCode.CANNOT_START;
  }

  private static int failure(Exception e, CommandLine command) throws Exception {
    if (e instanceof Refusal refusal) {
      command.getErr().println("posthorn " + command.getCommandName() + ": " + e.getMessage());
      command.getErr().flush();
      return refusal.exitCode();
    }
    throw e;
  }
}
