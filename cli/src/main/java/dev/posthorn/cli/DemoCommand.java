package dev.posthorn.cli;

import dev.posthorn.cli.demo.Demo;
import dev.posthorn.cli.terminal.ExitCode;
import dev.posthorn.cli.terminal.Logs;
import dev.posthorn.cli.terminal.Refusal;
import dev.posthorn.cli.terminal.StopSignal;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code posthorn demo}: the newcomer's first command. */
@Command(
    name = "demo",
    description = {
      "Shows everything at work on this machine, with nothing to set up: signed, retried,",
      "recovered, rotated. Ctrl-C ends it and leaves nothing behind."
    },
    mixinStandardHelpOptions = true,
    versionProvider = Version.class)
final class DemoCommand implements Callable<Integer> {
  private static final Duration PATIENCE = Duration.ofMillis(4500);

  @Spec private CommandSpec spec;

  @Option(
      names = "--duration",
      paramLabel = "SECONDS",
      description = "Ends by itself after so long. Default: when Ctrl-C is pressed.")
  private @Nullable Integer seconds;

  @Override
  public Integer call() throws IOException, InterruptedException {
    if (seconds != null && seconds < 1) {
      throw Refusal.cannotStart("--duration " + seconds + " is not a time in seconds: 1 or more");
    }
    Logs.errorsOnly();
    StopSignal stop = StopSignal.install(PATIENCE);
    int exitCode = ExitCode.NO;
    try {
      try (var demo = new Demo(Version.number(), spec.commandLine().getOut(), Clock.systemUTC())) {
        demo.play(stop, seconds == null ? null : Duration.ofSeconds(seconds));
      }
      exitCode = ExitCode.OK;
      return exitCode;
    } finally {
      stop.finished(exitCode);
    }
  }
}
