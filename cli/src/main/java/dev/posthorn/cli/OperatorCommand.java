package dev.posthorn.cli;

import dev.posthorn.cli.cluster.OperatorRun;
import dev.posthorn.cli.cluster.PodNamespace;
import dev.posthorn.cli.terminal.ExitCode;
import dev.posthorn.cli.terminal.LogFormat;
import dev.posthorn.cli.terminal.Logs;
import dev.posthorn.cli.terminal.Refusal;
import dev.posthorn.cli.terminal.StopSignal;
import dev.posthorn.core.keyring.KeyringRecovery.Bootstrap;
import dev.posthorn.dispatcher.http.Listen;
import dev.posthorn.operator.OperatorOptions;
import java.time.Clock;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code posthorn operator}: makes a cluster what its resources say. */
@Command(
    name = "operator",
    description = "Reconciles the resources of a Kubernetes cluster, until SIGTERM.",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    versionProvider = Version.class,
    footer = {
      "",
      "In a Pod it uses its ServiceAccount; by hand it takes the cluster of KUBECONFIG. Several may",
      "run: one leads. Each option has a variable too: --image is POSTHORN_IMAGE.",
      "",
      "Example:",
      "  posthorn operator --namespace posthorn-system --image registry.example/posthorn:0.1.0"
    })
final class OperatorCommand implements Callable<Integer> {
  private static final Duration PATIENCE = Duration.ofSeconds(25);

  private final Environment environment;

  @Spec private CommandSpec spec;

  @Option(
      names = "--namespace",
      paramLabel = "NAME",
      description = "The operator's own, where its lease is. Default: the Pod's.")
  private @Nullable String namespace;

  @Option(
      names = "--identity",
      paramLabel = "NAME",
      description = "Of this process in the lease. Default: one that no other has.")
  private @Nullable String identity;

  @Option(
      names = "--image",
      paramLabel = "IMAGE",
      defaultValue = "posthorn/posthorn:latest",
      description = "That Dispatchers run which name none. Default: ${DEFAULT-VALUE}.")
  private String image;

  @Option(
      names = "--keyring-bootstrap",
      paramLabel = "Generate|Require",
      defaultValue = "Generate",
      description =
          "Whether a SigningSecret without a keyring gets a first key, or waits until its keyring"
              + " is restored (Require, for disaster recovery). Default: ${DEFAULT-VALUE}.")
  private String keyringBootstrap;

  @Option(
      names = "--management",
      paramLabel = "HOST:PORT",
      defaultValue = "0.0.0.0:9090",
      description = "/livez, /readyz, /metrics. Default: ${DEFAULT-VALUE}.")
  private Listen management;

  @Option(
      names = "--log-format",
      paramLabel = "text|json",
      defaultValue = "text",
      description = "Of the log on standard error. Default: ${DEFAULT-VALUE}.")
  private LogFormat logFormat;

  OperatorCommand(Environment environment) {
    this.environment = environment;
  }

  @Override
  public Integer call() throws InterruptedException {
    environment.check(spec);
    OperatorOptions options = options();
    Logs.toStandardError(logFormat);
    StopSignal stop = StopSignal.install(PATIENCE);
    Throwable broken;
    try (var running = OperatorRun.start(options, management, Clock.systemUTC())) {
      say("Posthorn " + Version.number() + " reconciles as " + options.identity());
      say("  management  http://" + running.management() + " (/livez /readyz /metrics)");
      running.failure().thenRun(stop::ask).exceptionally(_ -> null);
      stop.await();
      broken = running.failure().getNow(null);
      say("stopping: finishing what is being reconciled");
    } catch (InterruptedException | RuntimeException e) {
      stop.finished(e instanceof Refusal refusal ? refusal.exitCode() : ExitCode.NO);
      throw e;
    }
    int exitCode = broken == null ? ExitCode.OK : ExitCode.NO;
    say(broken == null ? "stopped" : "stopped: " + broken.getMessage());
    stop.finished(exitCode);
    return exitCode;
  }

  private OperatorOptions options() {
    String home =
        namespace == null
            ? PodNamespace.in(PodNamespace.FILE)
                .orElseThrow(() ->
                    Refusal.cannotStart(
                        "this is no Pod of a cluster, so the namespace is unknown; name it with"
                            + " --namespace"))
            : namespace;
    String name = identity == null ? home + "-" + ProcessHandle.current().pid() : identity;
    return new OperatorOptions(home, name, image, bootstrap(), OperatorOptions.THREADS);
  }

  private Bootstrap bootstrap() {
    return switch (keyringBootstrap.toLowerCase(Locale.ROOT)) {
      case "generate" -> Bootstrap.GENERATE;
      case "require" -> Bootstrap.REQUIRE;
      default ->
          throw Refusal.cannotStart(
              "--keyring-bootstrap " + keyringBootstrap + " is neither Generate nor Require");
    };
  }

  private void say(String line) {
    spec.commandLine().getOut().println(line);
    spec.commandLine().getOut().flush();
  }
}
