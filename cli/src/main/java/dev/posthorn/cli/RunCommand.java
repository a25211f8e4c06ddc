package dev.posthorn.cli;

import dev.posthorn.cli.data.AdminToken;
import dev.posthorn.cli.run.Standalone;
import dev.posthorn.cli.run.StandaloneOptions;
import dev.posthorn.cli.terminal.ExitCode;
import dev.posthorn.cli.terminal.Logs;
import dev.posthorn.cli.terminal.StopSignal;
import java.io.Console;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code posthorn run}: delivers what a directory of manifests declares. */
@Command(
    name = "run",
    description = "Delivers what the manifests in DIR declare, until SIGTERM or Ctrl-C.",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    versionProvider = Version.class,
    footer = {
      "",
      "A change in DIR is live within a second. A file with errors is reported with its line, and",
      "what was good before goes on. Each option has a variable too: --allow-cidr is",
      "POSTHORN_ALLOW_CIDR, values separated by commas.",
      "",
      "Examples:",
      "  posthorn run config/samples/standalone",
      "  posthorn run manifests --data /var/lib/posthorn --listen 0.0.0.0:8080 --log-format json",
      "  posthorn run manifests --allow-http --allow-cidr 127.0.0.1/32:3000"
    })
final class RunCommand implements Callable<Integer> {
  private static final Duration DRAIN = Duration.ofSeconds(30);
  private static final Duration PATIENCE = DRAIN.plusSeconds(10);

  private final Environment environment;

  @Spec private CommandSpec spec;
  @Mixin private RunOptions options;

  @Parameters(paramLabel = "DIR", description = "All *.yaml and *.yml below it are read.")
  private Path manifests;

  RunCommand(Environment environment) {
    this.environment = environment;
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    environment.check(spec);
    options.check();
    Logs.toStandardError(options.logFormat);
    StopSignal stop = StopSignal.install(PATIENCE);
    Throwable broken;
    try (var running = Standalone.start(standalone(), report(), Clock.systemUTC())) {
      greet(running);
      running.failure().thenRun(stop::ask).exceptionally(_ -> null);
      stop.await();
      broken = running.failure().getNow(null);
      say("stopping: finishing what is in flight, at most " + DRAIN.toSeconds() + " s");
    } catch (IOException | InterruptedException | RuntimeException e) {
      stop.finished(ExitCode.NO);
      throw e;
    }
    int exitCode = broken == null ? ExitCode.OK : ExitCode.NO;
    say(broken == null ? "stopped" : "stopped because the engine broke: " + broken);
    stop.finished(exitCode);
    return exitCode;
  }

  private StandaloneOptions standalone() {
    return new StandaloneOptions(
        manifests,
        options.data,
        options.store.options(),
        options.listen,
        options.management,
        options.resolve(),
        options.tokens,
        Version.number(),
        DRAIN);
  }

  private RunReport report() {
    return new RunReport(out(), spec.commandLine().getErr());
  }

  private void greet(Standalone running) {
    say("Posthorn " + Version.number() + " delivers what " + manifests + " declares");
    say("  API         http://" + running.api());
    say("  management  http://" + running.management() + " (/livez /readyz /metrics)");
    options.store.leftBehind(options.data).ifPresent(note -> say("  note        " + note));
    say("  live        " + Counts.of(running.configuration()));
    running.token().ifPresentOrElse(this::tell, () -> say("  tokens      " + options.tokens));
  }

  /** A token is shown once, to the person who just made it, and never to a log. */
  private void tell(AdminToken token) {
    boolean person = Optional.ofNullable(System.console()).filter(Console::isTerminal).isPresent();
    say("  token       in " + token.file() + (token.made() ? ", made just now" : ""));
    if (token.made() && person) {
      say("              " + token.value() + " (shown this once)");
    }
  }

  private void say(String line) {
    out().println(line);
    out().flush();
  }

  private PrintWriter out() {
    return spec.commandLine().getOut();
  }
}
