package dev.posthorn.cli;

import dev.posthorn.cli.cluster.ClusterRun;
import dev.posthorn.cli.cluster.PodNamespace;
import dev.posthorn.cli.terminal.ExitCode;
import dev.posthorn.cli.terminal.LogFormat;
import dev.posthorn.cli.terminal.Logs;
import dev.posthorn.cli.terminal.Refusal;
import dev.posthorn.cli.terminal.StopSignal;
import dev.posthorn.dispatcher.Role;
import dev.posthorn.dispatcher.http.Listen;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code posthorn dispatcher}: delivers what the operator of a cluster says. */
@Command(
    name = "dispatcher",
    description = "Delivers in a Kubernetes cluster, as the operator says, until SIGTERM.",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    versionProvider = Version.class,
    footer = {
      "",
      "The operator starts it; by hand it takes the cluster of KUBECONFIG. It listens at once and is",
      "ready (/readyz) when the operator has written its configuration. Each option has a variable",
      "too: --data is POSTHORN_DATA.",
      "",
      "Example:",
      "  posthorn dispatcher --dispatcher default --namespace posthorn-system --data /data"
    })
final class DispatcherCommand implements Callable<Integer> {
  private static final Duration DRAIN = Duration.ofSeconds(30);
  private static final Duration PATIENCE = DRAIN.plusSeconds(10);
  private static final Pattern LABEL = Pattern.compile("[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?");

  private final Environment environment;

  @Spec private CommandSpec spec;

  @Option(
      names = "--dispatcher",
      paramLabel = "NAME",
      defaultValue = "default",
      description = "The Dispatcher resource. Default: ${DEFAULT-VALUE}.")
  private String dispatcher;

  @Option(
      names = "--namespace",
      paramLabel = "NAME",
      description = "The namespace of that resource. Default: the Pod's.")
  private @Nullable String namespace;

  @Option(
      names = "--data",
      paramLabel = "DIR",
      defaultValue = "posthorn-data",
      description = "Store and its key; for one process. Default: ./${DEFAULT-VALUE}.")
  private Path data;

  @Option(
      names = "--role",
      paramLabel = "all|gateway|worker",
      defaultValue = "all",
      description =
          "gateway takes events and answers the API, worker reads streams and sends; they share a"
              + " --store in PostgreSQL. Default: ${DEFAULT-VALUE}.")
  private Role role;

  @Mixin private StoreArguments store;

  @Option(
      names = "--listen",
      paramLabel = "HOST:PORT",
      defaultValue = "0.0.0.0:8080",
      description = "The API. Default: ${DEFAULT-VALUE}.")
  private Listen listen;

  @Option(
      names = "--management",
      paramLabel = "HOST:PORT",
      defaultValue = "0.0.0.0:9090",
      description =
          "/livez, /readyz, /metrics and the operator's calls. Default: ${DEFAULT-VALUE}.")
  private Listen management;

  @Option(
      names = "--log-format",
      paramLabel = "text|json",
      defaultValue = "text",
      description = "Of the log on standard error. Default: ${DEFAULT-VALUE}.")
  private LogFormat logFormat;

  DispatcherCommand(Environment environment) {
    this.environment = environment;
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    environment.check(spec);
    ClusterRun.Options options = options();
    Logs.toStandardError(logFormat);
    StopSignal stop = StopSignal.install(PATIENCE);
    int exitCode;
    try {
      exitCode = run(options, stop);
    } catch (IOException | InterruptedException | RuntimeException e) {
      stop.finished(e instanceof Refusal refusal ? refusal.exitCode() : ExitCode.NO);
      throw e;
    }
    stop.finished(exitCode);
    return exitCode;
  }

  private int run(ClusterRun.Options options, StopSignal stop)
      throws IOException, InterruptedException {
    Optional<ClusterRun> started = ClusterRun.start(options, stop::await, Clock.systemUTC());
    if (started.isEmpty()) {
      say("stopped");
      return ExitCode.OK;
    }
    Throwable broken;
    try (ClusterRun running = started.get()) {
      greet(running, options);
      running.failure().thenRun(stop::ask).exceptionally(_ -> null);
      stop.await();
      broken = running.failure().getNow(null);
      say("stopping: finishing what is in flight, at most " + DRAIN.toSeconds() + " s");
    }
    say(broken == null ? "stopped" : "stopped because the engine broke: " + broken);
    return broken == null ? ExitCode.OK : ExitCode.NO;
  }

  private ClusterRun.Options options() {
    String home =
        namespace == null
            ? PodNamespace.in(PodNamespace.FILE)
                .orElseThrow(() ->
                    Refusal.cannotStart(
                        "this is no Pod of a cluster, so the namespace is unknown; name it with"
                            + " --namespace"))
            : namespace;
    return new ClusterRun.Options(
        label("--dispatcher", dispatcher),
        label("--namespace", home),
        data,
        role,
        store.options(),
        listen,
        management,
        Version.number(),
        DRAIN);
  }

  private static String label(String option, String name) {
    if (!LABEL.matcher(name).matches()) {
      throw Refusal.cannotStart(
          option
              + " "
              + name
              + " is no name of a resource; write 1 to 63 lower-case letters, digits and dashes");
    }
    return name;
  }

  private void greet(ClusterRun running, ClusterRun.Options options) {
    String does =
        switch (options.role()) {
          case ALL, WORKER -> " delivers for Dispatcher ";
          case GATEWAY -> " takes events for Dispatcher ";
        };
    say("Posthorn " + Version.number() + does + options.namespace() + "/" + options.dispatcher());
    running.api().ifPresent(api -> say("  API         http://" + api));
    say("  management  http://" + running.management() + " (/livez /readyz /metrics)");
  }

  private void say(String line) {
    spec.commandLine().getOut().println(line);
    spec.commandLine().getOut().flush();
  }
}
